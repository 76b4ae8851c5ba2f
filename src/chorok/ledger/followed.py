"""Purchases that followed screening: lines of organisations since a day, on their day, as what matches them reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import pyarrow as pa

from chorok.core.days import on_their_day
from chorok.core.screening.fulfilment import Purchase
from chorok.ledger.engines import Engine, open_engine
from chorok.ledger.figures import resolve
from chorok.ledger.published import Published

ELIGIBLE = ("green", "not_green", "undetermined")
"""States of lines that a screening should have seen, where their item group is known."""
SHOWN = (
    "line_id", "bought_on", "organisation", "department", "supplier_name", "product_id", "description",
    "specification", "quantity", "unit", "amount", "currency", "item_group", "state", "source_key", "source_line",
)  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """Some organisations (codes, without those below) from a day until another (exclusive; None: open)."""

    places: frozenset[str]
    since: date
    until: date | None = None


def purchases(published: Published, stretches: Sequence[Stretch], definition: str) -> list[dict[str, Any]]:
    """Return the lines of some stretches with `place`, the code of who bought, and the state of their day, in order."""
    engine = open_engine()
    rows = _lines(published, engine, stretches, definition).select(*SHOWN, "place").sort("line_id").collect("pyarrow")
    engine.close()
    return list(rows.rows(named=True))


def read(row: Mapping[str, Any]) -> Purchase:
    """Return a line as it is matched."""
    text = " ".join(row[name] for name in ("description", "specification") if row[name])
    return Purchase(
        row["line_id"],
        row["place"],
        row["bought_on"],
        row["amount"],
        row["currency"],
        row["product_id"] or "",
        row["item_group"] or "",
        text,
        row["department"] or "",
        row["quantity"],
    )


def there(published: Published, numbers: Collection[int]) -> set[int]:
    """Return those of some lines that the newest state still has: an import may have been undone."""
    engine = open_engine()
    found = published.lines(engine).filter(nw.col("line_id").is_in(list(numbers))).select("line_id").collect("pyarrow")
    engine.close()
    return set(found["line_id"].to_list())


@dataclass(frozen=True)
class Skipped:
    """Lines that should have been screened and were not: the biggest, their number, and sums by place."""

    rows: list[dict[str, Any]]
    sums: list[dict[str, Any]]


def eligible(
    published: Published, stretches: Sequence[Stretch], definition: str, matched: Iterable[int], limit: int | None
) -> Skipped:
    """Return the eligible lines that are not among the matched; `sums` by place, department and currency hold all
    eligible ones (`lines`, `amount`) and those left over (`skipped_lines`, `skipped`); `limit` None: all rows."""
    engine = open_engine()
    lines = _lines(published, engine, stretches, definition)
    lines = lines.filter(nw.col("state").is_in(ELIGIBLE), ~nw.col("item_group").is_null(), nw.col("amount") > 0)
    left = lines.filter(~nw.col("line_id").is_in(list(matched)))
    keys = ("place", "department", "currency")
    whole = {tuple(row[name] for name in keys): row for row in _sums(lines, keys)}
    rest = {tuple(row[name] for name in keys): row for row in _sums(left, keys)}
    sums = [
        {
            **row,
            "skipped_lines": rest[key]["lines"] if key in rest else 0,
            "skipped": rest[key]["amount"] if key in rest else 0,
        }
        for key, row in sorted(whole.items(), key=lambda pair: tuple(str(part) for part in pair[0]))
    ]
    ordered = left.select(*SHOWN, "place").sort("amount", "line_id", descending=[True, False])
    rows = (ordered if limit is None else ordered.head(limit)).collect("pyarrow")
    engine.close()
    return Skipped(list(rows.rows(named=True)), sums)


def _sums(lines: nw.LazyFrame[Any], keys: Sequence[str]) -> list[dict[str, Any]]:
    summed = lines.group_by(*keys).agg(nw.len().cast(nw.Int64).alias("lines"), nw.col("amount").sum().cast(nw.Int64))
    return list(summed.collect("pyarrow").rows(named=True))


def _lines(published: Published, engine: Engine, stretches: Sequence[Stretch], definition: str) -> nw.LazyFrame[Any]:
    """Return the lines of stretches on their day. A file may call one organisation by several names."""
    bought = published.lines(engine)
    if stretches:
        bought = bought.filter(nw.col("bought_on") >= min(one.since for one in stretches))
    written = bought.select("organisation").unique().collect("pyarrow")["organisation"].to_list()
    spelled = [(name, resolve(published.tree, name)) for name in written if name is not None]
    rows = [
        {"organisation": name, "place": code, "begins": one.since, "ends": one.until or date.max}
        for name, code in spelled
        for one in stretches
        if code in one.places
    ]
    placed = bought.join(engine.frame(pa.Table.from_pylist(rows, PLACED)), on="organisation", how="inner")
    within = placed.filter(nw.col("begins") <= nw.col("bought_on"), nw.col("bought_on") < nw.col("ends"))
    return on_their_day(within, published.timeline(engine, published.definition(definition)))


PLACED = pa.schema(
    [("organisation", pa.string()), ("place", pa.string()), ("begins", pa.date32()), ("ends", pa.date32())]
)
