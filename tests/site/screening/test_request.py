"""The page of a request: what each sees of it, and what each may press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import builders
from chorok.core.errors import UsageError
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import Actor
from chorok.site.screening import frameworks, overdue, services, signing
from chorok.site.screening.durations import days_and_hours, worked
from chorok.site.screening.models import Line, Request
from chorok.site.screening.writing import Wanted

from .test_services import GREEN_CHAIR, LEADER, OTHER_CHAIR, SAID, Adopt, Ask


def of(user_id: int | None) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    return client


def submitted(purchaser: Actor, request: Request) -> Request:
    return services.submit(purchaser, pk=request.pk, version=request.version)


def text(client: Client, pk: int) -> str:
    return client.get(reverse("screening:request", args=[pk])).content.decode()


@pytest.fixture
def waits(adopted: Adopt, asked: Ask, purchaser: Actor) -> tuple[Actor, Request]:
    """A request of a line that nothing green replaces, and the leader for whom it waits."""
    leader = adopted()
    return leader, submitted(purchaser, asked(SAID))


def press(client: Client, request: Request, verb: str, **more: Any) -> Any:
    sent = {"version": request.version, "office": LEADER, "stage": "cosign", "numbers": [1], "verb": verb, **more}
    return client.post(reverse("screening:act", args=[request.pk]), sent)


def test_who_signs_sees_the_evidence_and_signs_with_one_press(waits: tuple[Actor, Request]) -> None:
    leader, one = waits
    client = of(leader.user_id)
    shown = text(client, one.pk)
    for part in ("배수관", "이 규격의 인증 제품이 없음", "D9", "검색 기록", 'value="cosigned"', 'value="send_back"'):
        assert part in shown
    answer = press(client, one, "cosigned", reason="확인함")
    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.state, one.lines.get().closed_reason) == ("approved", "확인함")
    after = text(client, one.pk)
    assert 'value="cosigned"' not in after
    assert "확인함" in after


def test_an_auditor_reads_all_and_presses_nothing(
    waits: tuple[Actor, Request], signed_in: Callable[..., Client]
) -> None:
    _, one = waits
    auditor = signed_in("auditor", builders.CITY)
    shown = text(auditor, one.pk)
    assert "이 규격의 인증 제품이 없음" in shown
    assert 'name="verb"' not in shown
    assert press(auditor, one, "cosigned").status_code == 403


def test_who_asked_presses_nothing_either_and_may_remind_once_a_day(
    waits: tuple[Actor, Request], purchaser: Actor
) -> None:
    _, one = waits
    client = of(purchaser.user_id)
    shown = text(client, one.pk)
    assert 'name="verb"' not in shown
    address = reverse("screening:remind", args=[one.pk])
    assert address in shown
    assert client.post(address, {"version": 1}).status_code == 302
    assert address not in text(client, one.pk)
    assert client.post(address, {"version": 1}).status_code == 409


def test_a_leader_cannot_remind_themself_and_so_be_kept_from_signing(waits: tuple[Actor, Request]) -> None:
    leader, one = waits
    assert of(leader.user_id).post(reverse("screening:remind", args=[one.pk]), {"version": 1}).status_code == 404


def test_a_request_of_another_city_is_not_there(waits: tuple[Actor, Request], signed_in: Callable[..., Client]) -> None:
    _, one = waits
    stranger = signed_in("leader", builders.OTHER_CITY)
    for name, args in (("request", []), ("sheet", ["pdf"]), ("statement", ["hwpx"])):
        assert stranger.get(reverse(f"screening:{name}", args=[one.pk, *args])).status_code == 404
    assert press(stranger, one, "cosigned").status_code == 404


@pytest.mark.parametrize(
    "forged",
    [
        {"verb": "approved"},
        {"office": "requester"},
        {"version": "1 OR 1"},
        {"version": "-1"},
        {"numbers": ["1", "x"]},
        {"stage": "passed"},
        {"version": "9" * 30},
        {"numbers": []},
        {"numbers": [7]},
    ],
)
def test_what_no_page_of_ours_sends_does_nothing(waits: tuple[Actor, Request], forged: dict[str, Any]) -> None:
    leader, one = waits
    sent = {"verb": "cosigned", "reason": "받아 주십시오", **forged}
    answer = press(of(leader.user_id), one, **sent)
    assert answer.status_code == 409
    assert "받아 주십시오" in answer.content.decode()
    one.refresh_from_db()
    assert one.state == "awaiting"


def test_a_refusal_without_a_reason_and_an_older_version_are_told_with_what_was_typed(
    waits: tuple[Actor, Request], purchaser: Actor
) -> None:
    leader, one = waits
    client = of(leader.user_id)
    assert press(client, one, "refused").status_code == 409
    line = one.lines.get()
    services.edit(
        purchaser, pk=one.pk, version=1, header=services.header_of(one), lines=[Wanted({"quantity": 300}, line.pk)]
    )
    answer = press(client, one, "cosigned", reason="내가 쓴 의견")
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "요청이 바뀌었습니다" in said
    assert one.__class__.objects.get(pk=one.pk).state == "draft"
    again = services.submit(purchaser, pk=one.pk, version=2)
    shown = press(client, one, "cosigned", reason="내가 쓴 의견").content.decode()
    assert "내가 쓴 의견" in shown
    assert "화면을 연 뒤 바뀐 내용(1판 → 2판)" in shown
    assert shown.count("<del>3</del>") == 2  # beside the error, and in the history
    assert "<ins>300</ins>" in shown
    assert again.version == 2
    services.edit(
        purchaser,
        pk=one.pk,
        version=2,
        header=replace(services.header_of(one), place="본관"),
        lines=[Wanted({}, line.pk)],
    )
    heading = press(client, Request(pk=one.pk, version=2), "cosigned").content.decode()
    assert "요청 정보만 바뀌었습니다" in heading


def test_a_line_that_only_moved_up_is_not_told_as_changed(adopted: Adopt, asked: Ask, purchaser: Actor) -> None:
    leader = adopted()
    one = submitted(purchaser, asked(GREEN_CHAIR, SAID))
    pipe = one.lines.get(number=2)
    services.edit(purchaser, pk=one.pk, version=1, header=services.header_of(one), lines=[Wanted({}, pipe.pk)])
    shown = of(leader.user_id).get(reverse("screening:request", args=[one.pk]), {"seen": "1"}).content.decode()
    assert shown.count("초록의자</strong>") == 2  # taken away: told above, and in the history
    assert "<del>" not in shown


def test_an_emergency_is_judged_and_only_when_asked_twice(adopted: Adopt, asked: Ask, purchaser: Actor) -> None:
    leader = adopted("legal")
    bought = {**SAID, "emergency": True, "ground": "⑤", "evidence": "재난상황보고 12호"}
    one = submitted(purchaser, asked(bought))
    client = of(leader.user_id)
    shown = text(client, one.pk)
    assert 'value="justified"' in shown
    assert 'value="cosigned"' not in shown
    assert press(client, one, "justified").status_code == 409
    assert press(client, one, "cosigned").status_code == 409
    assert press(client, one, "justified", sure="on").status_code == 302
    one.refresh_from_db()
    assert one.state == "recorded"


def test_an_override_says_what_it_overrides_and_only_where_the_policy_has_it(
    adopted: Adopt, asked: Ask, purchaser: Actor, actor: Callable[..., Actor]
) -> None:
    adopted()
    deputy = of(actor("deputy_head", builders.CITY).user_id)
    without = submitted(purchaser, asked(OTHER_CHAIR))
    assert 'value="overridden"' not in text(deputy, without.pk)
    adopted(override=True)
    one = submitted(purchaser, asked(OTHER_CHAIR, GREEN_CHAIR))
    assert 'value="overridden"' in text(deputy, one.pk)
    sent = {"office": "deputy_head", "reason": "재난 복구용으로 급함"}
    assert press(deputy, one, "overridden", **sent).status_code == 409
    assert press(deputy, one, "overridden", sure="on", **sent).status_code == 302
    one.refresh_from_db()
    assert one.state == "overridden"


def test_seouls_stages_come_in_their_order(
    adopted: Adopt, asked: Ask, purchaser: Actor, actor: Callable[..., Actor]
) -> None:
    leader = adopted("seoul")
    accountant, officer = actor("accounting", builders.CITY), actor("officer", builders.CITY)
    one = submitted(purchaser, asked(SAID))
    for person, stage, office in (
        (accountant, "accounting_check", "accounting_officer"),
        (officer, "officer_review", "green_purchase_officer"),
    ):
        assert press(of(leader.user_id), one, "cosigned").status_code == 409
        assert press(of(person.user_id), one, "check", stage=stage, office=office).status_code == 302
    assert press(of(leader.user_id), one, "cosigned").status_code == 302
    one.refresh_from_db()
    assert one.state == "approved"
    checked = [(step.verb, step.stage) for step in one.steps.all() if step.verb == "check"]
    assert checked == [("check", "accounting_check"), ("check", "officer_review")]


def test_lines_are_signed_one_by_one_too(adopted: Adopt, asked: Ask, purchaser: Actor) -> None:
    leader = adopted()
    one = submitted(purchaser, asked(SAID, {**SAID, "description": "집수정"}))
    client = of(leader.user_id)
    assert press(client, one, "cosigned", numbers=[2]).status_code == 302
    one.refresh_from_db()
    assert one.state == "awaiting"
    assert press(client, one, "cosigned", numbers=[2]).status_code == 409
    assert press(client, one, "refused", numbers=[1], reason="녹색 제품이 있음").status_code == 302
    one.refresh_from_db()
    assert one.state == "refused"


def test_an_agreed_line_becomes_a_framework_contract_and_its_rest_is_shown(
    adopted: Adopt, asked: Ask, purchaser: Actor
) -> None:
    adopted()
    one = submitted(purchaser, asked(GREEN_CHAIR))
    client = of(purchaser.user_id)
    address = reverse("screening:grant", args=[one.pk])
    assert address in text(client, one.pk)
    wish = {"number": 1, "reference": "단가-2020-1", "amount": 1_000_000, "until": "2020-12-31"}
    assert client.post(address, {**wish, "amount": -5}).status_code == 422
    assert client.post(address, {**wish, "until": "2019-01-01"}).status_code == 409
    assert client.post(address, wish).status_code == 302
    listed = client.get(reverse("screening:frameworks")).content.decode()
    assert "단가-2020-1" in listed
    assert "1,000,000" in listed


def test_what_is_not_agreed_is_no_framework_contract(waits: tuple[Actor, Request], purchaser: Actor) -> None:
    _, one = waits
    assert reverse("screening:grant", args=[one.pk]) not in text(of(purchaser.user_id), one.pk)
    until = purchaser.today + timedelta(days=10)
    with pytest.raises(UsageError, match="screening_state"):
        frameworks.grant(purchaser, pk=one.pk, number=1, reference="x", amount=1, until=until)


def test_the_page_asks_the_database_no_more_for_many_lines(
    adopted: Adopt, asked: Ask, purchaser: Actor, django_assert_max_num_queries: Any
) -> None:
    leader = adopted()
    one = submitted(purchaser, asked(*[{**SAID, "description": f"배수관 {number}"} for number in range(60)]))
    client = of(leader.user_id)
    with django_assert_max_num_queries(45):
        shown = text(client, one.pk)
    assert "배수관 49" in shown
    assert "배수관 50<" not in shown
    assert "배수관 50<" in client.get(f"{reverse('screening:request', args=[one.pk])}?page=2").content.decode()
    done = signing.close(leader, pk=one.pk, version=1, how="cosigned", numbers=range(1, 61), office=LEADER)
    assert done.state == "approved"
    assert not Line.objects.filter(request=one, closed_how="").exists()


def test_how_long_a_step_took_leaves_weekends_out() -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    seoul = ZoneInfo("Asia/Seoul")
    friday, monday = datetime(2020, 10, 30, 18, tzinfo=seoul), datetime(2020, 11, 2, 9, 30, tzinfo=seoul)
    assert days_and_hours(worked(friday, monday)) == (0, 15)
    assert worked(monday, friday) == timedelta()
    assert days_and_hours(worked(friday, monday + timedelta(days=7))) == (5, 15)


def test_reminding_needs_somebody_it_waits_for(adopted: Adopt, asked: Ask, purchaser: Actor) -> None:
    adopted()
    one = asked(GREEN_CHAIR)
    with pytest.raises(UsageError, match="screening_state"):
        overdue.remind(purchaser, pk=one.pk, version=1)
