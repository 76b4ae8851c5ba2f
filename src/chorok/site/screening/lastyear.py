"""What one's own organisation bought before, to be asked for again: the ledger's lines by product, biggest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404

from chorok.core.periods import parse
from chorok.ledger import drilldown
from chorok.ledger.drilldown import Found, Wanted
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.screening.writing import ASK

PAGE = 50


def years(actor: Actor) -> list[int]:
    """Return the years that may be picked from, last year first."""
    return [actor.today.year - 1, actor.today.year, actor.today.year - 2]


def lines(actor: Actor, *, organisation: str, year: int, words: str, page: int) -> Found:
    """Return one page of what an organisation bought in a year. Raises Http404 out of reach, LedgerError."""
    if not actor.may(ASK, organisation):
        raise Http404
    wanted = Wanted(parse(str(year)), organisation, words=words, goods_only=True)
    return drilldown.lines(site.published(), wanted, PAGE, PAGE * (page - 1))


def asked(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line that was bought as one that is asked for: the same product, quantity and amount."""
    quantity, amount = row["quantity"], row["amount"]
    price = amount / quantity if quantity else None
    return {
        "description": row["description"] or "",
        "specification": row["specification"] or "",
        "product_id": row["product_id"] or "",
        "quantity": quantity,
        "unit": row["unit"] or "",
        "unit_price": int(price) if price is not None and price == int(price) else None,
        "amount": amount,
    }


def chosen(found: Found, ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return the ticked lines of a page as lines that are asked for."""
    wanted = set(ids)
    return [asked(row) for row in found.rows if str(row["line_id"]) in wanted]
