"""The calendar's page: what falls due in reach, noting it, and the file for calendars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from builders import CITY, OTHER_WEST, WEST
from chorok.core.calendar.duties import Done, Question
from chorok.ledger import kept
from chorok.ledger.store import Ledger
from chorok.site.audit.models import Event

SignIn = Callable[..., Client]
PLAN = f"/periods/calendar/done/{WEST}/plan/2020/"


def text(response: Any) -> str:
    return response.content.decode()


def test_due_dates_of_own_organisations_only(read_ledger: Ledger, signed_in: SignIn) -> None:
    district = signed_in("district_officer", WEST)
    shown = text(district.get("/periods/calendar/?year=2020"))
    assert "2020-02-29" in shown
    assert "서구" in shown
    assert "동구" not in shown
    assert "누리시" not in text(signed_in("officer", CITY).get("/periods/calendar/"))
    assert "2020-02-29" not in text(district.get("/periods/calendar/?year=2020&state=done"))


def test_a_duty_is_noted_with_its_day(site_ledger: Ledger, signed_in: SignIn) -> None:
    district = signed_in("district_officer", WEST)
    wrong = district.post(PLAN, {"on": "2020-11-03", "note": ""})
    assert wrong.status_code == 400
    assert "아직 오지 않은 날" in text(wrong)
    assert "기록했습니다" in text(district.post(PLAN, {"on": "2020-02-20", "note": "환경과-12"}, follow=True))
    (done,) = kept.every(site_ledger, "done", Done)
    assert (done.rule, done.organisation, done.period, done.note) == ("plan", WEST, "2020", "환경과-12")
    assert Event.objects.filter(action="periods.duty_done.done", organisation=WEST).count() == 1


@pytest.mark.parametrize(
    "page",
    [
        f"/periods/calendar/done/{OTHER_WEST}/plan/2020/",
        f"/periods/calendar/done/{WEST}/dance/2020/",
        f"/periods/calendar/done/{WEST}/results/2019/",
        f"/periods/calendar/question/{OTHER_WEST}/",
    ],
)
def test_what_is_not_owed_is_not_there(read_ledger: Ledger, signed_in: SignIn, page: str) -> None:
    assert signed_in("district_officer", WEST).get(page).status_code == 404


def test_who_only_sees_does_not_note(site_ledger: Ledger, signed_in: SignIn) -> None:
    assert signed_in("head", WEST).post(PLAN, {"on": "2020-02-20"}).status_code == 403
    assert kept.every(site_ledger, "done", Done) == ()


def test_a_question_sets_its_day(site_ledger: Ledger, signed_in: SignIn) -> None:
    district = signed_in("district_officer", WEST)
    answer = district.post(
        f"/periods/calendar/question/{WEST}/", {"period": "2019", "on": "2020-04-20", "note": ""}, follow=True
    )
    assert "2020-05-05" in text(answer)
    (asked,) = kept.every(site_ledger, "questions", Question)
    assert (asked.organisation, asked.period) == (WEST, "2019")


def test_the_file_holds_what_the_list_shows(read_ledger: Ledger, signed_in: SignIn) -> None:
    answer = signed_in("district_officer", WEST).get("/periods/calendar/due.ics?year=2020&state=late")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert text(answer).count("BEGIN:VEVENT") == 2
    assert f"-{OTHER_WEST}@" not in text(answer)


def test_pages_ask_little(read_ledger: Ledger, signed_in: SignIn, django_assert_max_num_queries: Any) -> None:
    officer = signed_in("officer", CITY)
    with django_assert_max_num_queries(12):
        officer.get("/periods/calendar/?year=2020")
