"""Screening in the example network: who screens since when, and a few requests on their way. All of it is invented.

That headquarters screen since 2016 and one district of sixteen does is what the network's report is about; nothing is
known of the others, so they have no policy here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from chorok.core.screening import policy as policies
from chorok.core.screening.request import Closing
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.services import record
from chorok.site.config import ledger as site
from chorok.site.screening import services, signing
from chorok.site.screening.adoptions import in_force
from chorok.site.screening.models import Adoption, Request
from chorok.site.screening.writing import Header, Wanted

SINCE = date(2016, 1, 1)
ADOPTED = ("DEMO-26-000", "DEMO-26-380")
ASKS, AT = "purchaser@demo-26-010.example", "DEMO-26-010"
SIGNS = "leader@demo-26.example"
CHAIR: dict[str, Any] = {"description": "회의용의자", "quantity": 10, "unit": "개", "amount": 1_500_000}
PIPE: dict[str, Any] = {
    "description": "경질염화비닐관 특수규격 DN777",
    "item_hint": "배수관",
    "quantity": 40,
    "unit": "개",
    "amount": 3_200_000,
}
SAID = {
    "statement": "지름 777 mm 규격의 인증 제품을 찾지 못하였음",
    "difference": "호칭지름 | 777 mm | 300 mm까지",
}

URGENT: dict[str, Any] = {
    "emergency": True,
    "ground": "5",
    "evidence": "재난상황실 일지 2020-10-28",
    "amount": 800_000,
    "quantity": 10,
}
REASONS = {
    "cosigned": "규격이 맞는 인증 제품이 없음을 확인함",
    "refused": "시험 시공은 기존 규격으로도 할 수 있음",
    "justified": "재난 복구에 쓴 것을 확인함",
}


def settle() -> None:
    """Make what is not there yet; once anybody has asked for anything, no request is made."""
    tree, today = site.tree(), site.ledger().today
    if not Adoption.objects.exists():
        for code in ADOPTED:
            if tree.get(code):
                _adopt(code)
    people = {one.email: actor_of(one.pk, today, tree) for one in User.objects.filter(email__in=(ASKS, SIGNS))}
    if Request.objects.exists() or len(people) < 2 or in_force(tree, AT, today).adoption is None:
        return
    for title, lines, fate in _requests():
        _ask(people[ASKS], people[SIGNS], title, lines, fate)


def _adopt(code: str) -> None:
    """The history begins before the site did, so no person adopts it."""
    strict = policies.preset("strict")
    made = Adoption.objects.create(
        organisation=code, policy=strict.id, version=strict.version, content=policies.written(strict), since=SINCE
    )
    record(
        None, "screening.adopted", subject=("adoption", made.pk), organisation=code, policy=strict.version,
        since=SINCE.isoformat(), definition=made.definition, due_days=made.due_days,
    )  # fmt: skip


def _requests() -> list[tuple[str, list[dict[str, Any]], str]]:
    """Return requests of different fates: title, lines, and what becomes of it."""
    green = _certified()
    found: list[tuple[str, list[dict[str, Any]], str]] = [
        ("민원실 의자 교체", [CHAIR], "submitted"),
        ("배수관 긴급 복구", [{**PIPE, **SAID, **URGENT}], "justified"),
        ("하수관 시험 시공 자재", [{**PIPE, **SAID, "quantity": 4, "amount": 320_000}], "refused"),
        ("하수관 정비 자재", [{**PIPE, **SAID, "quantity": 20, "amount": 1_600_000}], "cosigned"),
        ("우수관 교체 자재", [{**PIPE, **SAID, "quantity": 12, "amount": 960_000}], "sent_back"),
        ("하수관 보수 자재", [{**PIPE, **SAID}], "submitted"),
        ("회의실 의자 추가", [CHAIR], "withdrawn"),
        ("사무용품 3분기 구매", [CHAIR, PIPE], "drafted"),
    ]
    if green is not None:
        kind = {name: value for name, value in green.items() if name not in ("product_id", "unit_price")}
        plain = {**kind, "description": kind["description"].split(",")[0]}
        found[:0] = [
            ("지난달 인증 제품 구매", [green], "closed"),
            ("인증 제품 구매", [green], "submitted"),
            ("일반 제품 구매", [plain, green], "submitted"),
        ]
    return found


def _certified() -> dict[str, Any] | None:
    """Return a line for a product that is certified for long and offered; None where the registry has none."""
    published, today = site.published(), site.ledger().today
    offers = {row["product_id"]: row for row in published.registry.table("offers").to_pylist() if _usual(row)}
    for row in published.registry.table("certificates").to_pylist():
        held = row["basis"] == "eco_label" and row["status"] == "certified" and row["product_id"] in offers
        if held and row["valid_from"] and row["valid_from"] <= today and (row["valid_until"] or today) > today:
            offer = offers[row["product_id"]]
            return {
                "product_id": row["product_id"],
                "description": offer["product_name"] or row["product_name"] or "",
                "detail_code": offer["detail_code"] or "",
                "quantity": 2,
                "unit": offer["unit"] or "개",
                "unit_price": offer["price"],
                "amount": 2 * offer["price"],
            }
    return None


def _usual(offer: Mapping[str, Any]) -> bool:
    """Tell whether an offer is of something that offices buy by the piece."""
    return bool(offer["price"]) and offer["unit"] in (None, "개")


def _ask(asks: Actor, signs: Actor, title: str, lines: list[dict[str, Any]], fate: str) -> None:
    wanted = [Wanted(line) for line in lines]
    one = services.draft(asks, organisation=AT, header=Header(title, department="총무과"), lines=wanted)
    if fate == "withdrawn":
        services.withdraw(asks, pk=one.pk, version=one.version, reason="다른 부서의 재고를 쓰기로 함")
    if fate in ("drafted", "withdrawn"):
        return
    one = services.submit(asks, pk=one.pk, version=one.version)
    seen: dict[str, Any] = {"pk": one.pk, "version": one.version, "office": "environment_team_leader"}
    if fate == "closed" and one.state == "passed":
        signing.finish(asks, one)
    elif fate == "sent_back" and one.state == "awaiting":
        signing.send_back(signs, **seen, reason="인증 제품을 찾아본 화면을 붙여 주십시오.")
    elif fate in REASONS and one.state == "awaiting":
        signing.close(signs, **seen, how=cast("Closing", fate), numbers=[1], reason=REASONS[fate])
