"""Screening in the example network: who screens since when, and a few requests on their way. All of it is invented.

That headquarters screen since 2016 and one district of sixteen does is what the network's report is about; nothing is
known of the others, so they have no policy here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from chorok.core.screening import policy as policies
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.services import record
from chorok.site.config import ledger as site
from chorok.site.screening import services
from chorok.site.screening.adoptions import in_force
from chorok.site.screening.models import Adoption, Request
from chorok.site.screening.writing import Header, Wanted

SINCE = date(2016, 1, 1)
ADOPTED = ("DEMO-26-000", "DEMO-26-380")
ASKS, AT = "purchaser@demo-26-010.example", "DEMO-26-010"
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
    "difference": "호칭지름: 필요 777 mm, 제공 제품은 300 mm까지",
}


def settle() -> None:
    """Make what is not there yet; once anybody has asked for anything, no request is made."""
    tree, today = site.tree(), site.ledger().today
    if not Adoption.objects.exists():
        for code in ADOPTED:
            if tree.get(code):
                _adopt(code)
    person = User.objects.filter(email=ASKS).first()
    if Request.objects.exists() or person is None or in_force(tree, AT, today).adoption is None:
        return
    actor = actor_of(person.pk, today, tree)
    for title, submitted, lines in _requests():
        _ask(actor, title, lines, submitted=submitted)


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


def _requests() -> list[tuple[str, bool, list[dict[str, Any]]]]:
    """Return requests of different fates: title, whether it is handed in, lines."""
    green = _certified()
    found: list[tuple[str, bool, list[dict[str, Any]]]] = [
        ("민원실 의자 교체", True, [CHAIR]),
        ("하수관 보수 자재", True, [{**PIPE, **SAID}]),
        ("사무용품 3분기 구매", False, [CHAIR, PIPE]),
    ]
    if green is not None:
        kind = {name: value for name, value in green.items() if name not in ("product_id", "unit_price")}
        found[:0] = [
            ("인증 제품 구매", True, [green]),
            ("비품 구매", True, [{**kind, "amount": kind["amount"] // 2}]),
        ]
    return found


def _certified() -> dict[str, Any] | None:
    """Return a line for a product that is certified for long and offered; None where the registry has none."""
    published, today = site.published(), site.ledger().today
    offers = {row["product_id"]: row for row in published.registry.table("offers").to_pylist() if row["price"]}
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


def _ask(actor: Actor, title: str, lines: list[dict[str, Any]], *, submitted: bool) -> None:
    wanted = [Wanted(line) for line in lines]
    one = services.draft(actor, organisation=AT, header=Header(title, department="총무과"), lines=wanted)
    if submitted:
        services.submit(actor, pk=one.pk, version=one.version)
