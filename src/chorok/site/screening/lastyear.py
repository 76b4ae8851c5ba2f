"""What one's own organisation bought before, to be asked for again: by product, what cost most first."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import Http404

from chorok.core.periods import parse
from chorok.ledger import bought
from chorok.ledger.bought import Bought
from chorok.ledger.drilldown import Wanted
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.screening.asking import MOST
from chorok.site.screening.writing import ASK

PAGE = 50


def years(actor: Actor) -> list[int]:
    """Return the years that may be picked from, last year first."""
    return [actor.today.year - 1, actor.today.year, actor.today.year - 2]


def products(actor: Actor, *, organisation: str, year: int, words: str, page: int) -> tuple[list[Bought], int]:
    """Return one page of what an organisation bought in a year, and how many products it was.

    Raises Http404 out of reach, LedgerError.
    """
    wanted = _wanted(actor, organisation, year, words)
    return bought.products(site.published(), wanted, PAGE, PAGE * (page - 1))


def picked(actor: Actor, *, organisation: str, year: int, keys: Collection[int]) -> list[Bought]:
    """Return at most MOST of the products that were ticked, wherever they stand. Raises as `products`."""
    wanted = _wanted(actor, organisation, year, "")
    return bought.products(site.published(), wanted, MOST, keys=keys)[0] if keys else []


def _wanted(actor: Actor, organisation: str, year: int, words: str) -> Wanted:
    if not actor.may(ASK, organisation):
        raise Http404
    return Wanted(parse(str(year)), organisation, words=words, goods_only=True)


def asked(one: Bought) -> dict[str, Any]:
    """Return a product as it is asked for: with quantity and amount as they were last."""
    price = one.amount / one.quantity if one.quantity else None
    return {
        "description": one.description or "",
        "specification": one.specification or "",
        "product_id": one.product_id or "",
        "quantity": one.quantity,
        "unit": one.unit or "",
        "unit_price": int(price) if price is not None and price == int(price) else None,
        "amount": one.amount,
    }
