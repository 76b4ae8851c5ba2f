"""The review queue: undetermined products, the most money first, each once for all of its lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from chorok.core.days import on_their_day
from chorok.ledger.engines import open_engine, quoted
from chorok.ledger.published import Published
from chorok.ledger.schema import PRODUCT_COLUMNS


@dataclass(frozen=True)
class Queue:
    """Undetermined products with what is known of them, and how many there are with what sum."""

    rows: list[dict[str, Any]]
    products: int
    lines: int
    amount: int


def queue(published: Published, limit: int | None = 50, definition: str = "national") -> Queue:
    """Return the products worth a person's time: amount, lines, first and last day, candidates (JSON in `evidence`).

    `limit` None returns all of them.
    """
    engine = open_engine()
    timeline = published.timeline(engine, published.definition(definition)).filter(nw.col("state") == "undetermined")
    day = nw.col("bought_on")
    open_lines = on_their_day(published.lines(engine), timeline)
    sums = open_lines.group_by("product_key").agg(
        nw.col("amount").sum().cast(nw.Int64),
        nw.len().cast(nw.Int64).alias("lines"),
        day.min().alias("first_day"),
        day.max().alias("last_day"),
    )
    connection = engine.connection
    connection.register("open_products", nw.to_native(sums))
    columns = ", ".join(f"p.{name}" for name in PRODUCT_COLUMNS)
    wanted = "" if limit is None else f"LIMIT {int(limit)}"
    rows = connection.execute(
        f"SELECT product_key, s.amount, s.lines, first_day, last_day, {columns}, v.item_group, v.group_method, "
        "v.group_score, v.method, v.score, v.evidence FROM open_products s "
        f"JOIN read_parquet({quoted(published.derived('products'))}) p USING (product_key) "
        f"JOIN read_parquet({quoted(published.derived('verdicts'))}) v USING (product_key) "
        f"ORDER BY abs(s.amount) DESC, product_key {wanted}"
    ).to_arrow_table()
    total = connection.execute(
        "SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(amount), 0) FROM open_products"
    ).fetchone()
    products, lines, amount = total or (0, 0, 0)
    return Queue([_read(row) for row in rows.to_pylist()], int(products), int(lines), int(amount))


def _read(row: dict[str, Any]) -> dict[str, Any]:
    evidence = json.loads(row["evidence"])
    best = (evidence.get("best") or [{}])[0]
    return {**row, "evidence": evidence, "why": evidence.get("reason"), "candidate": best}
