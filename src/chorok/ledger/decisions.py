"""Decisions: what people decided about products. A Delta table; the newest decision on a product holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import write_deltalake

from chorok.ledger import schema, store
from chorok.ledger.store import KEPT_FOREVER, Ledger

NAME = "decisions"
OUTCOMES = ("green", "not_green", "out_of_scope")


@dataclass(frozen=True)
class Written:
    """How many decisions are new, changed, the same as before, and taken away."""

    added: int
    changed: int
    unchanged: int
    removed: int = 0


def read(ledger: Ledger, version: int | None = None) -> pa.Table:
    """Return the decisions that hold at a version (None: the newest; -1: none)."""
    found = None if version == -1 else ledger.table(NAME, version=version)
    return store.read(found).cast(schema.DECISIONS) if found else schema.DECISIONS.empty_table()


def write(ledger: Ledger, rows: pa.Table, put_back: Collection[int] = ()) -> Written:
    """Put decisions in place of earlier ones on the same products, in one commit; known ones are not written again.

    On the products `put_back` no decision holds any more. The caller holds the write lock. Older versions of the table
    keep what held before.
    """
    before = read(ledger)
    old = {row["product_key"]: row for row in before.to_pylist()}
    fresh = rows.to_pylist()
    unchanged = sum(old.get(row["product_key"]) == row for row in fresh)
    changed = sum(row["product_key"] in old and old[row["product_key"]] != row for row in fresh)
    removed = sum(key in old for key in put_back)
    if unchanged < len(fresh) or removed:
        replaced = pa.array([*rows["product_key"].to_pylist(), *put_back], pa.int64())
        kept = before.filter(pc.invert(pc.is_in(before["product_key"], replaced)))
        combined = pa.concat_tables([kept, rows.cast(schema.DECISIONS)]).sort_by("product_key")
        write_deltalake(
            str(ledger.path / NAME), combined, mode="overwrite", schema_mode="overwrite", configuration=KEPT_FOREVER
        )
    return Written(len(fresh) - unchanged - changed, changed, unchanged, removed)
