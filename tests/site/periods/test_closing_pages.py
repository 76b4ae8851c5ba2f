"""The pages of the closing of periods: what they show, whom they answer, and what they do with bad input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from builders import CITY, OTHER_CITY, OTHER_WEST, WEST
from chorok.ledger import closings
from chorok.ledger.store import Ledger

SignIn = Callable[..., Client]
PAGE = f"/periods/{WEST}/2019/"
OFTEN = 14


def text(response: Any) -> str:
    return response.content.decode()


def submit(client: Client, page: str = PAGE) -> Any:
    return client.post(f"{page}submit/", {"definition": "national", "basis": "eligible", "remarks": ""}, follow=True)


def test_a_period_goes_its_way_by_pages(site_ledger: Ledger, signed_in: SignIn) -> None:
    district, leader = signed_in("district_officer", WEST), signed_in("leader", CITY)
    assert "아직 처리 이력이 없습니다" in text(district.get(PAGE))
    shown = text(submit(district))
    assert "실적을 제출했습니다" in shown
    assert "record.xlsx" in shown
    assert "알림 1건" in text(leader.get("/periods/?year=2019"))
    shown = text(leader.post(f"{PAGE}accept/", {"version": 1}, follow=True))
    assert "승인했습니다" in shown
    shown = text(leader.post(f"{PAGE}finalise/", {"version": 1}, follow=True))
    assert closings.standings(site_ledger)[WEST, "2019"].state == "final"
    assert "확정" in shown


def test_returning_needs_remarks(site_ledger: Ledger, signed_in: SignIn) -> None:
    leader = signed_in("leader", CITY)
    submit(signed_in("district_officer", WEST))
    answer = leader.post(f"{PAGE}return/", {"version": 1, "remarks": "  "})
    assert answer.status_code == 400
    assert "의견을 입력해 주십시오" in text(answer)
    assert closings.standings(site_ledger)[WEST, "2019"].state == "submitted"


def test_the_sender_is_told_why_no_step_is_offered(site_ledger: Ledger, signed_in: SignIn) -> None:
    officer = signed_in("officer", CITY)
    shown = text(submit(officer))
    assert "다른 담당자가 처리합니다" in shown
    assert f"{PAGE}accept/" not in shown
    shown = text(officer.post(f"{PAGE}accept/", {"version": 1}, follow=True))
    assert "다른 담당자에게 요청하십시오" in shown


def test_the_files_come_back_as_they_were_sent(site_ledger: Ledger, signed_in: SignIn) -> None:
    district = signed_in("district_officer", WEST)
    submit(district)
    folder = closings.folder_of(site_ledger, WEST, "2019", 1)
    for name in ("record.csv", "record.xlsx", "figures.json"):
        answer = district.get(f"{PAGE}1/{name}")
        assert b"".join(answer.streaming_content) == (folder / name).read_bytes()  # type: ignore[attr-defined]
    assert district.get(f"{PAGE}1/closings.toml").status_code == 404
    assert district.get(f"{PAGE}2/record.csv").status_code == 404
    (folder / "record.csv").write_text("verfälscht")
    assert "백업" in text(district.get(f"{PAGE}1/record.csv", follow=True))


@pytest.mark.parametrize("page", [f"/periods/{OTHER_WEST}/2019/", "/periods/T-99/2019/", f"/periods/{CITY}/2019/"])
def test_what_is_out_of_reach_is_not_there(read_ledger: Ledger, signed_in: SignIn, page: str) -> None:
    district = signed_in("district_officer", WEST)
    assert district.get(page).status_code == 404
    assert district.post(f"{page}submit/").status_code == 404
    assert district.get(f"{page}1/record.csv").status_code == 404


def test_roles_without_the_right_are_refused(read_ledger: Ledger, signed_in: SignIn) -> None:
    assert signed_in("purchaser", CITY).get("/periods/").status_code == 403
    assert signed_in("auditor", CITY).get(PAGE).status_code == 200
    assert signed_in("auditor", CITY).post(f"{PAGE}submit/").status_code == 403
    assert Client().get("/periods/").status_code == 302


def test_the_list_shows_own_organisations_only(read_ledger: Ledger, signed_in: SignIn) -> None:
    shown = text(signed_in("officer", CITY).get("/periods/?year=2019"))
    assert "가람시" in shown
    assert "누리시" not in shown
    assert "누리시" in text(signed_in("officer", OTHER_CITY).get("/periods/?year=2019"))


@pytest.mark.parametrize(
    "query", ["year=abc", "year=99999999999999999999", "state=nonsense", "page=9", "organisation=T-99"]
)
def test_bad_parameters_do_no_harm(read_ledger: Ledger, signed_in: SignIn, query: str) -> None:
    assert signed_in("officer", CITY).get(f"/periods/?{query}").status_code == 200


def test_a_month_is_no_period(read_ledger: Ledger, signed_in: SignIn) -> None:
    officer = signed_in("officer", CITY)
    assert officer.get(f"/periods/{CITY}/2019-03/").status_code == 404
    answer = officer.get("/periods/find/", {"organisation": CITY, "period": "2019-03"}, follow=True)
    assert "마감할 수 없는 기간입니다" in text(answer)


def test_a_year_that_is_not_over_is_not_sent(site_ledger: Ledger, signed_in: SignIn) -> None:
    answer = submit(signed_in("district_officer", WEST), f"/periods/{WEST}/2020/")
    assert "2021-01-01부터 제출할 수 있습니다" in text(answer)


def test_pages_ask_little(site_ledger: Ledger, signed_in: SignIn, django_assert_max_num_queries: Any) -> None:
    officer = signed_in("officer", CITY)
    submit(officer)
    for page in ("/periods/?year=2019", PAGE, f"{PAGE}submit/"):
        with django_assert_max_num_queries(OFTEN):
            officer.get(page)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_both_languages_are_spoken(read_ledger: Ledger, signed_in: SignIn, language: str) -> None:
    officer = signed_in("officer", CITY)
    officer.cookies["language"] = language
    for page in ("/periods/", PAGE, f"{PAGE}submit/"):
        assert officer.get(page).headers["Content-Language"] == language
