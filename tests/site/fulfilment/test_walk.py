"""A request from need to delivery: a district adopts, asks, signs, inspects, buys, and the auditor reads each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.test import Client

import builders
from chorok.core.screening import policy as policies
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.announcing import announced
from chorok.site.audit.models import Event
from chorok.site.audit.services import reconcile, verify
from chorok.site.config import ledger as site_ledgers
from chorok.site.fulfilment import matching, services
from chorok.site.fulfilment.services import Seen
from chorok.site.screening import adopting, signing
from chorok.site.screening import services as asking
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted
from site_world import CHAIR_ITEM, NEAR_CHAIR

TODAY = date(2020, 11, 2)
OTHER: dict[str, Any] = {
    "description": "회의용의자", "detail_code": CHAIR_ITEM, "quantity": 2, "unit": "개", "amount": 150_000
}  # fmt: skip
PIPE: dict[str, Any] = {
    "description": "배수관", "class_code": "90000002", "quantity": 3, "unit": "개", "amount": 30_000,
    "statement": "이 규격의 인증 제품이 없음",
}  # fmt: skip


def test_one_request_from_need_to_delivery(
    market: Ledger,
    actor: Callable[..., Actor],
    signed_in: Callable[..., Client],
    buy: Callable[..., None],
    tmp_path: Path,
) -> None:
    reconcile()
    leader, purchaser = actor("leader", builders.CITY), actor("purchaser", builders.WEST)
    officer, inspector = actor("district_officer", builders.WEST), actor("inspector", builders.WEST)
    adopting.adopt(leader, organisation=builders.WEST, policy=policies.preset("strict"), since=leader.today)

    one = asking.draft(purchaser, organisation=builders.WEST, header=Header("회의실 비품", department="총무과"),
                       lines=[Wanted(OTHER), Wanted(PIPE)])  # fmt: skip
    one = asking.submit(purchaser, pk=one.pk, version=one.version)
    assert one.state == "rejected"  # a green chair is on offer
    one = asking.swap(purchaser, pk=one.pk, version=one.version, number=1, alternative=0)
    one = asking.submit(purchaser, pk=one.pk, version=one.version)
    assert one.state == "awaiting"  # no green pipe: the leader
    one = signing.close(
        leader, pk=one.pk, version=one.version, how="cosigned", numbers=[2], office="environment_team_leader"
    )
    assert one.state == "approved"

    seen = Seen(TODAY, "certificate", "T-22", quantity=None)
    assert not services.inspect(officer, pk=one.pk, number=1, seen=seen).passed
    made = services.inspect(
        inspector, pk=one.pk, number=1, seen=Seen(TODAY, "certificate", "T-21", statement_no="거-1")
    )
    assert made.passed

    bought = [
        {"product": NEAR_CHAIR, "amount": 190_000},
        {"product": None, "detail": None, "class_": "90000002", "name": "배수관", "quantity": 3, "amount": 30_000},
    ]
    with announced(officer, "purchases.import", subject=("batch", "later"), organisation=builders.WEST) as closing:
        buy(*bought)
        closing.tell(batch="later", snapshot=site_ledgers.published().snapshot.number)
    found = matching.run(officer)
    assert (found.sure, found.closed) == (2, 1)
    one.refresh_from_db()
    assert one.state == "closed"

    auditor = signed_in("auditor", builders.CITY)
    page = auditor.get(f"/fulfilment/requests/{one.pk}/").content.decode()
    assert "T-21" in page
    assert "거-1" in page
    assert "T-22" in page
    assert auditor.get(f"/screening/{one.pk}/").status_code == 200
    assert [step.verb for step in Request.objects.get(pk=one.pk).steps.all()] == [
        "draft", "submit", "edit", "submit", "cosigned", "finish",
    ]  # fmt: skip
    verbs = list(
        Event.objects.filter(subject_kind="screening", subject_id=str(one.pk))
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert verbs == [
        "screening.draft", "screening.submit", "screening.edit", "screening.submit", "screening.cosigned",
        "fulfilment.inspected", "fulfilment.inspected", "screening.finish",
    ]  # fmt: skip
    assert auditor.get("/audit/").status_code == 200
    assert verify() == []
    site_ledgers.forget()
