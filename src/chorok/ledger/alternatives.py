"""Alternatives to a line that is to be bought (rules D7): certified products of its item, and where they are had.

What stands certified and supplied when is the tables of `ledger.availability`; here they are asked for single items.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from chorok.core.matching.areas import Place, reaches
from chorok.ledger.engines import Connection

Kind = Literal["sure", "possible", "none"]


class Sought(NamedTuple):
    """What alternatives are sought to: an item group, a 10-digit detailed item (None: not known), and the days."""

    item_group: str | None
    detail_code: str | None
    day: date
    needed_by: date


@dataclass(frozen=True)
class Alternatives:
    """Products that stand against a line: the sure ones first, then the cheapest. `certified`: all of the item."""

    kind: Kind
    products: list[dict[str, Any]]
    known: int  # how many there are in all
    certified: int  # certified products of the item group that day, in reach or not


_KEYS = pa.schema(
    [
        ("number", pa.int64()),
        ("item_group", pa.string()),
        ("detail_code", pa.string()),
        ("day", pa.date32()),
        ("needed_by", pa.date32()),
    ]
)

_FOUND = """
WITH met AS (
  SELECT k.number, c.row FROM sought k JOIN certified c ON c.item_group = k.item_group AND c.f <= k.day AND k.day < c.u
  UNION
  SELECT k.number, c.row FROM sought k JOIN certified c ON c.detail_code = k.detail_code
    AND c.f <= k.day AND k.day < c.u
)
SELECT DISTINCT k.number, c.product_id, coalesce(c.product_name, s.product_name) AS product_name, c.model,
  coalesce(s.maker, c.supplier_name) AS maker, c.certificate_no, c.basis, (c.u - 1)::DATE AS valid_until,
  s.price, s.currency, s.unit, s.supply_area, s.minimum, s.product_id IS NOT NULL AS offered,
  coalesce(c.detail_code = k.detail_code, false) AS same_item,
  c.u > k.needed_by AND coalesce(s.u > k.needed_by, true) AS lasts
FROM met m JOIN sought k USING (number) JOIN certified c USING (row)
LEFT JOIN supplied s ON s.product_id = c.product_id AND s.f <= k.day AND k.day < s.u
"""

_RANK = {"sure": 0, "possible": 1, None: 2}


class Market:
    """The certified products that can be had by some items, read once for many lines."""

    def __init__(self, connection: Connection, sought: Iterable[Sought]) -> None:
        """Read from a connection on which `availability.lay_out` made its tables."""
        self._numbers = {one: number for number, one in enumerate(dict.fromkeys(sought))}
        rows = [{"number": number, **one._asdict()} for one, number in self._numbers.items()]
        connection.register("sought", pa.Table.from_pylist(rows, schema=_KEYS))
        self._rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in connection.execute(_FOUND).to_arrow_table().to_pylist():
            self._rows[row["number"]].append(row)
        self._placed: dict[tuple[int, Place], list[tuple[str | None, dict[str, Any]]]] = {}

    def against(self, sought: Sought, place: Place, quantity: Decimal | None, limit: int) -> Alternatives:
        """Return what stands against one line; a product with several offers counts once, by its best."""
        number = self._numbers[sought]
        if (number, place) not in self._placed:
            self._placed[number, place] = self._reached(number, place)
        best: dict[Any, tuple[str | None, dict[str, Any]]] = {}
        for kind, row in self._placed[number, place]:
            told = "possible" if kind == "sure" and not _enough(row, quantity) else kind
            key = row["product_id"] or (row["product_name"], row["model"], row["maker"])
            if key not in best or _RANK[told] < _RANK[best[key][0]]:
                best[key] = (told, row)
        met = [{**row, "alternative": told} for told, row in best.values() if told]
        # Stable: the cheapest stay first among equals.
        met.sort(key=lambda row: (_RANK[row["alternative"]], not row["same_item"], row["in_reach"] is None))
        kinds = {row["alternative"] for row in met}
        whole: Kind = "sure" if "sure" in kinds else "possible" if kinds else "none"
        return Alternatives(whole, met[:limit], len(met), len(best))

    def _reached(self, number: int, place: Place) -> list[tuple[str | None, dict[str, Any]]]:
        """Each product with what it is at a place, the quantity apart; the cheapest first."""
        areas: dict[str, bool | None] = {}
        told = []
        for row in self._rows[number]:
            area = row["supply_area"] or ""
            if area not in areas:
                areas[area] = reaches(area, place)
            told.append((_kind(row, areas[area]), {**row, "in_reach": areas[area] if row["offered"] else None}))
        told.sort(key=lambda pair: (pair[1]["price"] is None, pair[1]["price"] or 0, _text(pair[1])))
        return told


def _text(row: Mapping[str, Any]) -> str:
    return f"{row['product_name']}{row['certificate_no']}{row['product_id']}"


def _kind(row: Mapping[str, Any], reached: bool | None) -> str | None:
    """Sure: same detailed item, reaches, and lasts to the needed-by day. None where it is known not to be supplied."""
    if row["offered"] and reached is False:
        return None
    return "sure" if row["offered"] and reached and row["same_item"] and row["lasts"] else "possible"


def _enough(row: Mapping[str, Any], quantity: Decimal | None) -> bool:
    return not row["minimum"] or (quantity is not None and quantity >= row["minimum"])
