"""What of a line was bought, and what is still to be bought: purchases come in parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from chorok.core.screening.fulfilment import Agreed, Purchase, rest
from chorok.site.fulfilment.models import HOLDING, Match
from chorok.site.screening import adoptions
from chorok.site.screening.models import Line

NOT_BOUGHT = ("pass_no_goods", "contract_clause")
"""Lines of which no purchase line follows: no goods, and what a contractor brings along."""


@dataclass(frozen=True)
class Part:
    """A line of which something was bought: how much of it in all, and what is left, where that is known."""

    line: Line
    quantity: Decimal | None
    amount: int
    left: Agreed


def agreed_of(line: Line, places: Collection[str] = ()) -> Agreed:
    """Return a line as it is matched; `places` may buy it. An emergency was bought before it was recorded."""
    request = line.request
    policy = adoptions.of_request(request).policy
    since = request.decided_on or request.screened_on
    until = since + timedelta(days=policy.approval_days)
    if request.state == "recorded":
        since = request.screened_on - timedelta(days=policy.emergency_days)
    price = line.unit_price
    if price is None and line.amount is not None and line.quantity and not line.amount % line.quantity:
        price = int(line.amount / line.quantity)
    return Agreed(
        line.pk,
        frozenset(places),
        since,
        until,
        line.product_id,
        line.item_group,
        " ".join(part for part in (line.description, line.specification) if part),
        request.department,
        line.quantity,
        price,
        line.amount,
        line.currency,
    )


def held_of(line: Line) -> list[Purchase]:
    """Return the purchases that a line has."""
    return [purchase_of(one) for one in line.matches.all() if one.state in HOLDING]


def purchase_of(one: Match) -> Purchase:
    """Return a purchase as it was when it was matched."""
    quantity = one.bought.get("quantity")
    return Purchase(
        one.purchase, one.bought.get("place") or "", one.bought_on, one.amount, one.currency,
        one.bought.get("product_id") or "", one.bought.get("item_group") or "",
        quantity=None if quantity is None else Decimal(quantity),
    )  # fmt: skip


def left_of(line: Line) -> Agreed | None:
    """Return what of a line is still to be bought; None where that is nothing, or nobody is to buy it any more."""
    if line.outcome in NOT_BOUGHT or hasattr(line, "settled"):
        return None
    return rest(agreed_of(line), held_of(line))


def parts(lines: Iterable[Line]) -> list[Part]:
    """Return those of some lines of which something was bought and something is left."""
    found = ((line, held_of(line), left_of(line)) for line in lines)
    return [
        Part(line, _sum(held) if left.quantity is not None else None, sum(one.amount for one in held), left)
        for line, held, left in found
        if held and left is not None
    ]


def _sum(held: Iterable[Purchase]) -> Decimal:
    return sum((one.quantity or Decimal() for one in held), Decimal())
