"""Counts over a published ledger: what was decided on what evidence."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from chorok.ledger.engines import open_engine
from chorok.ledger.published import Published


def methods(published: Published) -> list[dict[str, Any]]:
    """Return one row a state and method of verdicts: products, lines, amount (smallest units)."""
    engine = open_engine()
    verdicts = engine.parquet([str(published.derived("verdicts"))]).select("product_key", "state", "method")
    lines = published.lines(engine)
    bought = lines.join(verdicts, on="product_key", how="inner").group_by("state", "method").agg(
        nw.len().cast(nw.Int64).alias("lines"), nw.col("amount").sum().cast(nw.Int64)
    )  # fmt: skip
    products = verdicts.group_by("state", "method").agg(nw.len().cast(nw.Int64).alias("products"))
    joined = products.join(bought, on=["state", "method"], how="left").sort("state", "method")
    rows = joined.select("state", "method", "products", "lines", "amount").collect("pyarrow").rows(named=True)
    return [{**row, "lines": row["lines"] or 0, "amount": row["amount"] or 0} for row in rows]


def product_keys(published: Published) -> list[int]:
    """Return the keys of all distinct products."""
    frame = open_engine().parquet([str(published.derived("products"))])
    return [int(key) for key in frame.select("product_key").collect("pyarrow")["product_key"].to_list()]
