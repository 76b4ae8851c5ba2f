"""The one join of lines to a timeline: what each line's product is on the line's day."""

from __future__ import annotations

from typing import Any

import narwhals as nw


def on_their_day(lines: nw.LazyFrame[Any], timeline: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the lines with `item_group` and `state` of their day; lazy. A key covers all time, so no line is lost."""
    begun, not_over = nw.col("valid_from") <= nw.col("bought_on"), nw.col("bought_on") < nw.col("valid_until")
    return lines.join(timeline, on="product_key", how="inner").filter(begun & not_over)
