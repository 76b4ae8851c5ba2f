"""The queue of undetermined products, the most money first."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, cast

from django.http import Http404, HttpResponse
from ninja import Schema

from chorok.ledger import review
from chorok.ledger.review import ORDERS, Wanted
from chorok.site.accounts.rights import Actor, AskingRequest
from chorok.site.api.room import Code, PageNumber, PageSize, Room, Text, linked, one_of
from chorok.site.api.schemas import Page
from chorok.site.reviews import selectors
from chorok.site.reviews.rules import SEE

room = Room(tags=["reviews"])
Order = Annotated[str, one_of(*ORDERS)]


class WaitingOut(Schema):
    """An undetermined product in one currency; sums in its smallest units, of organisations in reach alone."""

    product_key: str
    currency: str
    amount: int
    gross: int
    lines: int
    first_day: date
    last_day: date
    product_id: str | None
    description: str | None
    specification: str | None
    supplier_name: str | None
    item_group: str | None
    why: str | None
    candidate: str | None
    open_review: str | None


class QueueOut(Page[WaitingOut]):
    """A page of the queue; `amounts` are the sums of all of it by currency."""

    products: int
    lines: int
    amounts: dict[str, int]


@room.answers("GET", "/reviews/queue", SEE, of=QueueOut)
def review_queue(
    request: AskingRequest,
    response: HttpResponse,
    organisation: Code | None = None,
    item_group: Code | None = None,
    why: Code | None = None,
    q: Text = "",
    order: Order = "amount",
    page: PageNumber = 1,
    size: PageSize = 50,
) -> dict[str, Any]:
    """List undetermined products; `item_group` '-' asks for those whose item group is not known."""
    wanted = Wanted(
        organisations=_below(request.actor, organisation),
        item="" if item_group == "-" else item_group,
        why=why,
        words=q,
        order=cast("review.Order", order),
        descending=order != "description",
    )
    found = selectors.queue(request.actor, wanted, size, (page - 1) * size)
    open_ones = selectors.open_of(request.actor, [row["product_key"] for row in found.rows])
    states = {key: one.state for key, one in open_ones.items()}
    return {
        **linked(request, response, found.entries, page, size),
        "items": [_shown(row, states.get(row["product_key"])) for row in found.rows],
        "products": found.products,
        "lines": found.lines,
        "amounts": found.amounts,
    }


def _below(actor: Actor, organisation: str | None) -> set[str] | None:
    if organisation is None:
        return None
    if organisation not in actor.reach(SEE):
        raise Http404
    return actor.tree.subtree(organisation, actor.today)


def _shown(row: dict[str, Any], state: str | None) -> dict[str, Any]:
    candidate = row["candidate"].get("certificate_no")
    return {**row, "product_key": f"P{row['product_key']}", "candidate": candidate, "open_review": state}
