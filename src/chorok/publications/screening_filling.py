"""What `ledger.screening` decided, as the lines of the documents of screening."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chorok.core.screening.request import State
from chorok.ledger.naming import Names
from chorok.ledger.screening import Request, Screened
from chorok.publications.screening_documents import Basis, Candidate, Reasons, Search, SheetLine, Signature
from chorok.wording import Language

NAMED = 2
"""How many alternatives the sheet names for a line."""
LISTED = 10
"""How many the statement lists."""


def basis(request: Request, language: Language, synthetic: bool) -> Basis:
    """Return what the decisions of a request rest on."""
    policy, definition = request.wish.policy, request.definition
    age = request.registry_age
    return Basis(
        getattr(policy, f"title_{language}"),
        policy.version,
        getattr(definition, f"title_{language}"),
        f"{definition.id}@{definition.hash()[:12]}",
        request.registry,
        None if age is None else request.wish.day - timedelta(days=age),
        request.wish.day,
        synthetic,
    )


def line(screened: Screened, names: Names, outcome: State | None = None) -> SheetLine:
    """Return a line of the sheet; `outcome` is where it stands now, if an act closed it."""
    asked, facts, decision = screened.asked, screened.facts, screened.decision
    product = " ".join(part for part in (asked.description, asked.specification, asked.product_id) if part)
    green = () if facts.green == "yes" else tuple(with_maker(row) for row in screened.alternatives[:NAMED])
    found = screened.search.candidates if screened.search else len(screened.alternatives)
    return SheetLine(
        number=asked.number,
        product=product or asked.item_hint or "",
        outcome=outcome or decision.outcome,
        rule=decision.rule,
        item=names.show("item", facts.item_group) or "" if facts.item_group else "",
        kind=asked.kind,
        furnished=asked.furnished,
        quantity=asked.quantity,
        unit=asked.unit or "",
        amount=asked.amount,
        currency=asked.currency,
        alternative=facts.alternative,
        reasons=decision.reasons,
        needs=decision.needs,
        certificates=screened.certificates,
        valid_until=facts.certified_until,
        green=(product,) if facts.green == "yes" else green,
        green_more=max(found - len(green), 0) if green else 0,
        ground=facts.ground,
        case=facts.sub_code or "",
    )


def reasons(screened: Screened, names: Names, cosign: Signature | None = None) -> Reasons:
    """Return the reasons of a line as typed, with its search; unsigned where no `cosign` is given."""
    asked, role = screened.asked, screened.decision.cosigner
    return Reasons(
        line(screened, names),
        asked.statement or "",
        (asked.evidence,) if asked.evidence else (),
        alternatives=tuple(candidate(row) for row in screened.alternatives[:LISTED]),
        search=_search(screened, names),
        cosign=cosign or (Signature(role) if role else None),
        difference=asked.difference or "",
    )


def needs_reasons(screened: Screened) -> bool:
    """Tell whether a line needs a statement: what goes to a co-signer with reasons, or was bought in an emergency."""
    return screened.decision.rule in ("D7", "D8", "D9", "D12") and screened.decision.cosigner is not None


def _search(screened: Screened, names: Names) -> Search | None:
    one = screened.search
    if one is None:
        return None
    place = names.show("organisation", one.organisation) if one.organisation else None
    item = names.show("item", one.item_group) if one.item_group else None
    asked_for = " · ".join(str(part) for part in (item, one.detail_code, place) if part)
    return Search(one.day, one.registry, asked_for, one.certified, one.candidates)


def with_maker(row: Mapping[str, Any]) -> str:
    """Return an alternative by its name and who makes it."""
    name, maker = row["product_name"] or row["model"] or "", row["maker"]
    return f"{name} ({maker})" if maker else name


def candidate(row: Mapping[str, Any]) -> Candidate:
    """Return an alternative as the documents list it."""
    return Candidate(
        row["product_name"] or row["model"] or "",
        row["alternative"] == "sure",
        row["maker"] or "",
        row["certificate_no"] or "",
        row["product_id"] or "",
        row["valid_until"],
        row["price"],
        row["currency"] or "KRW",
        row["unit"] or "",
    )
