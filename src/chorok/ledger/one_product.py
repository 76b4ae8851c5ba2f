"""What was bought of one product: its lines on their day, and added up by day and organisation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import narwhals as nw

from chorok.core.days import on_their_day
from chorok.ledger.engines import Engine, open_engine
from chorok.ledger.published import Published


def days(published: Published, key: int, definition: str = "national") -> list[dict[str, Any]]:
    """Return the sums of a product by organisation as written, day, currency and state of that day.

    `amount` is the sum, `gross` the sum without signs, in smallest units; `lines` how many there are.
    """
    engine = open_engine()
    sums = (
        _lines(published, engine, key, definition)
        .with_columns(nw.col("amount").abs().alias("gross"))
        .group_by("organisation", "bought_on", "currency", "state")
        .agg(
            nw.col("amount").sum().cast(nw.Int64),
            nw.col("gross").sum().cast(nw.Int64),
            nw.len().cast(nw.Int64).alias("lines"),
        )
    )
    found = sums.sort("bought_on", "organisation", "currency", "state").collect("pyarrow")
    engine.close()
    return list(found.rows(named=True))


def lines(
    published: Published, key: int, written: Collection[str], limit: int, definition: str = "national"
) -> list[dict[str, Any]]:
    """Return a product's lines of the organisations that are written so, the biggest first."""
    engine = open_engine()
    shown = ("line_id", "bought_on", "organisation", "department", "quantity", "unit", "amount", "currency", "state")
    kept = _lines(published, engine, key, definition).filter(nw.col("organisation").is_in(list(written)))
    sized = kept.with_columns(nw.col("amount").abs().alias("gross"))
    ordered = sized.sort("gross", "line_id", descending=[True, False])
    found = ordered.select(*shown).head(limit).collect("pyarrow")
    engine.close()
    return list(found.rows(named=True))


def _lines(published: Published, engine: Engine, key: int, definition: str) -> nw.LazyFrame[Any]:
    mine = nw.col("product_key") == key
    timeline = published.timeline(engine, published.definition(definition)).filter(mine)
    return on_their_day(published.lines(engine).filter(mine), timeline)
