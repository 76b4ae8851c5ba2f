"""The pages of proof afterwards: who sees them, what they say, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

import builders
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.fulfilment import matching
from chorok.site.fulfilment.models import Inspection, Match
from chorok.site.screening.models import Request
from jobs_done import finish_jobs

Agreed = Callable[..., Request]
SignedIn = Callable[..., Client]
CHAIR: dict[str, Any] = {
    "product_id": "80000021",
    "description": "초록의자",
    "quantity": 2,
    "unit": "개",
    "amount": 190_000,
}
FORM = {
    "proof": "certificate",
    "certificate_no": "T-21",
    "delivered_on": "2020-11-02",
    "quantity": "2",
    "amount": "190000",
}


@pytest.mark.parametrize("path", ["", "open/", "open/?which=all", "matches/", "skipped/"])
def test_pages_say_what_to_do_while_there_is_nothing(market: Any, signed_in: SignedIn, path: str) -> None:
    assert signed_in("officer", builders.CITY).get(f"/fulfilment/{path}").status_code == 200
    assert signed_in("supplier", "1234567890").get(f"/fulfilment/{path}").status_code == 403


def test_an_inspector_types_a_number_and_is_told(agreed: Agreed, signed_in: SignedIn) -> None:
    one = agreed(CHAIR)
    inspector, stranger = signed_in("inspector", builders.WEST), signed_in("inspector", builders.EAST)
    path = f"/fulfilment/requests/{one.pk}/1/inspect/"
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, FORM).status_code == 404
    assert inspector.get("/fulfilment/open/").content.decode().count(path) == 1
    assert "검수할 품목이 1개 있습니다" in inspector.get("/").content.decode()
    assert "검수할 품목이" not in stranger.get("/").content.decode()
    wrong = inspector.post(path, {**FORM, "certificate_no": ""})
    assert wrong.status_code == 400
    assert "인증번호를 적으십시오" in wrong.content.decode()
    said = inspector.post(path, FORM, follow=True).content.decode()
    assert "구매일에 유효한 인증입니다." in said
    made = Inspection.objects.get()
    assert stranger.post(f"/fulfilment/inspections/{made.pk}/undo/").status_code == 404
    assert "취소된 기록" in inspector.post(f"/fulfilment/inspections/{made.pk}/undo/", follow=True).content.decode()
    assert (
        "증빙이 확인되지 않았습니다"
        in inspector.post(path, {**FORM, "certificate_no": "X"}, follow=True).content.decode()
    )
    assert "확인되지 않은 품목이 1개 있습니다" in inspector.get("/").content.decode()
    assert "등록부에 없는 인증번호" in inspector.get("/fulfilment/open/?which=open_points").content.decode()


def test_the_contract_condition_stands_on_the_page(agreed: Agreed, signed_in: SignedIn) -> None:
    one = agreed(CHAIR)
    page = signed_in("purchaser", builders.WEST).get(f"/fulfilment/requests/{one.pk}/").content.decode()
    assert "계약 특수조건 문구" in page
    assert "초록의자" in page


def test_a_person_chooses_between_purchases(agreed: Agreed, buy: Any, leader: Actor, signed_in: SignedIn) -> None:
    one = agreed(CHAIR)
    buy({}, {})
    matching.run(leader)
    inspector = signed_in("inspector", builders.WEST)
    page = inspector.get("/fulfilment/matches/").content.decode()
    first, second = Match.objects.order_by("purchase")
    assert f"/fulfilment/matches/{first.pk}/choose/" in page
    inspector.post(f"/fulfilment/matches/{second.pk}/part/", {"next": "//elsewhere.example"})
    assert "연결하지 않기로" in inspector.get("/fulfilment/matches/").content.decode()
    inspector.post(f"/fulfilment/matches/{first.pk}/choose/")
    one.refresh_from_db()
    assert one.state == "closed"
    again = inspector.post(f"/fulfilment/matches/{second.pk}/choose/", follow=True).content.decode()
    assert "연결한 것은 없습니다" in again


def test_what_was_bought_in_part_is_listed_and_its_rest_closed_with_a_reason(
    agreed: Agreed, buy: Any, leader: Actor, signed_in: SignedIn
) -> None:
    one = agreed({**CHAIR, "quantity": 5, "amount": 475_000})
    buy({})
    matching.run(leader)
    inspector = signed_in("inspector", builders.WEST)
    assert "3 개 · 285,000 KRW" in inspector.get("/fulfilment/").content.decode()
    path = f"/fulfilment/requests/{one.pk}/1/settle/"
    assert path in inspector.get(f"/fulfilment/requests/{one.pk}/").content.decode()
    assert "3 개 · 285,000 KRW" in inspector.get(path).content.decode()
    assert signed_in("inspector", builders.EAST).get(path).status_code == 404
    assert inspector.post(path, {"reason": ""}).status_code == 400
    assert "예산 절감" in inspector.post(path, {"reason": "예산 절감"}, follow=True).content.decode()
    one.refresh_from_db()
    assert one.state == "closed"
    assert inspector.post(path, {"reason": "다시"}).status_code == 400


def test_skipped_lines_are_listed_and_leave_as_a_file_with_an_event(
    agreed: Agreed, buy: Any, signed_in: SignedIn
) -> None:
    agreed(CHAIR)
    buy({"department": "복지과", "name": "=이상한 의자"})
    officer = signed_in("officer", builders.CITY)
    assert "복지과" in officer.get("/fulfilment/skipped/").content.decode()
    sent = officer.get("/fulfilment/skipped/?as=csv")
    assert "복지과" in b"".join(sent).decode("utf-8-sig")  # type: ignore[arg-type]
    assert Event.objects.filter(action="lines.downloaded").count() == 1
    assert signed_in("purchaser", builders.WEST).get("/fulfilment/skipped/").status_code == 403
    assert "복지과" not in signed_in("district_officer", builders.EAST).get("/fulfilment/skipped/").content.decode()


def test_the_button_matches_in_a_job(agreed: Agreed, buy: Any, signed_in: SignedIn) -> None:
    one = agreed(CHAIR)
    buy({})
    officer = signed_in("officer", builders.CITY)
    assert officer.post("/fulfilment/match/").status_code == 302
    assert [job.state for job in finish_jobs()] == ["done"]
    one.refresh_from_db()
    assert one.state == "closed"
    assert signed_in("purchaser", builders.WEST).post("/fulfilment/match/").status_code == 403
