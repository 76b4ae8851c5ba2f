"""What was bought of each product in a period: how often, when last, and for how much."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import narwhals as nw

from chorok.ledger import drilldown
from chorok.ledger.drilldown import Wanted
from chorok.ledger.engines import open_engine
from chorok.ledger.published import Published

_LAST = ("description", "specification", "product_id", "quantity", "unit", "amount")
"""What is said of a product as it was bought last."""


@dataclass(frozen=True)
class Bought:
    """A product as it was bought last, and all purchases of it: `times`, and `sum` in smallest units of `currency`."""

    key: int
    currency: str
    times: int
    sum: int
    last: date
    description: str | None
    specification: str | None
    product_id: str | None
    quantity: Decimal | None
    unit: str | None
    amount: int

    @property
    def name(self) -> str:
        """What it is called on a page."""
        return self.description or self.product_id or "–"


def products(
    published: Published, wanted: Wanted, limit: int, skip: int = 0, keys: Collection[int] | None = None
) -> tuple[list[Bought], int]:
    """Return products by what was spent on them, the most first, and how many there are; `keys`: only these."""
    lines = nw.to_native(drilldown.frame(published, open_engine(), wanted))
    if keys is not None:
        lines = lines.filter(f"product_key IN ({', '.join(map(str, keys)) or 'NULL'})")
    last = ", ".join(f"'{name}': {name}" for name in _LAST)
    columns = (
        f"max({{'day': bought_on, 'line': line_id, {last}}}) AS one, count(*) AS times, sum(amount)::BIGINT AS total"
    )
    groups = lines.aggregate(f"product_key, currency, {columns}")
    rows = groups.order("total DESC, product_key, currency").limit(limit, skip).fetchall()
    found = [
        Bought(key, currency, times, total, one["day"], **{name: one[name] for name in _LAST})
        for key, currency, one, times, total in rows
    ]
    return found, int(groups.aggregate("count(*)").fetchone()[0])
