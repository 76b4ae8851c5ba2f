"""Quantities beside amounts, by unit: units are never added to one another (rules 1.8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from chorok.core.days import on_their_day


def cells(lines: nw.LazyFrame[Any], timeline: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
    """Return one row a group and unit: `lines`, `quantity`, `green_quantity` of what is eligible on its day.

    `by` names columns of purchases or timeline. Quantities are decimals with four places; lines without one count
    in `without_quantity`.
    """
    eligible = nw.col("state").is_in(["green", "not_green", "undetermined"])
    quantity = nw.col("quantity")
    green = nw.when(nw.col("state") == "green").then(quantity).alias("green_quantity")
    missing = nw.when(quantity.is_null()).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
    joined = on_their_day(lines, timeline).filter(eligible)
    chosen = joined.select(*by, "unit", "quantity", green, missing.alias("without_quantity"))
    return chosen.group_by(*by, "unit").agg(
        nw.len().cast(nw.Int64).alias("lines"),
        nw.col("quantity").sum(),
        nw.col("green_quantity").sum(),
        nw.col("without_quantity").sum().cast(nw.Int64),
    )
