"""Suspected doubles: the same purchase in two sources. Listed with their sum, never removed in silence (rules 1.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from chorok.core.organisations import Tree
from chorok.ledger import purchases
from chorok.ledger.batches import Batch
from chorok.ledger.engines import quoted
from chorok.ledger.figures import resolve
from chorok.ledger.registry import Registry
from chorok.ledger.store import Ledger

DAYS = 7
"""How far apart two records of one purchase may be dated; proposed, a city may set it (rules 1.9)."""


@dataclass(frozen=True)
class Doubles:
    """Pairs of lines that look like one purchase; `amount` is what would be counted twice."""

    pairs: int
    amount: int
    rows: list[dict[str, Any]]


def suspected(ledger: Ledger, batch: Batch | None = None, *, days: int = DAYS) -> Doubles:
    """Return lines of equal organisation, supplier and amount, at most `days` apart, in two sources.

    With a batch, only pairs that one of its lines is part of. Suppliers are compared by business number where
    both have one, else by name. Each pair comes once.
    """
    files = purchases.files(ledger)
    if not files:
        return Doubles(0, 0, [])
    connection = ledger.connection()
    try:
        lines = purchases.select(ledger)
        connection.register("places", _places(ledger, connection.execute(
            f"SELECT DISTINCT organisation FROM ({lines})").fetchall()))  # fmt: skip
        connection.execute(_PAIRS.format(lines=lines, days=days, mine=_mine(batch)))
        pairs, amount = connection.execute(
            "SELECT count(*), coalesce(sum(amount), 0)::HUGEINT FROM pairs"
        ).fetchone() or (0, 0)
        rows = connection.execute("FROM pairs ORDER BY amount DESC, line_id").to_arrow_table().to_pylist()
    finally:
        connection.close()
    return Doubles(int(pairs), int(amount), rows)


def _mine(batch: Batch | None) -> str:
    return "true" if batch is None else f"(a.batch = {quoted(batch.id)} OR b.batch = {quoted(batch.id)})"


def _places(ledger: Ledger, written: list[tuple[str | None]]) -> pa.Table:
    """Files name organisations in their own ways: compare what they stand for."""
    tree = Tree.of(Registry.open(ledger.path).table("organisations").to_pylist())
    names = [name for (name,) in written if name is not None]
    return pa.table({"written": pa.array(names, pa.string()), "place": [resolve(tree, name) or name for name in names]})


_PAIRS = """
CREATE TEMP TABLE pairs AS
WITH l AS (
  SELECT line_id, batch, source, bought_on, place AS organisation, supplier_no, supplier_name, description, amount
  FROM ({lines}) JOIN places ON organisation = written
  WHERE amount <> 0 AND (supplier_no IS NOT NULL OR supplier_name IS NOT NULL)
)
SELECT a.line_id, b.line_id AS other_line_id, a.source, b.source AS other_source, a.bought_on,
  b.bought_on AS other_bought_on, a.organisation, coalesce(a.supplier_name, b.supplier_name) AS supplier_name,
  a.description, b.description AS other_description, a.amount
FROM l a JOIN l b ON a.organisation = b.organisation AND a.amount = b.amount AND a.source < b.source
  AND abs(date_diff('day', a.bought_on, b.bought_on)) <= {days}
WHERE {mine} AND CASE WHEN a.supplier_no IS NOT NULL AND b.supplier_no IS NOT NULL THEN a.supplier_no = b.supplier_no
  ELSE a.supplier_name = b.supplier_name END
"""
