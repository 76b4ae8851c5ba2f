"""Readers: a published snapshot as frames of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow.compute as pc
import pyarrow.parquet as pq

from chorok.core.definitions import Definition
from chorok.core.organisations import Tree
from chorok.ledger import purchases, schema, shelf, snapshots
from chorok.ledger.engines import Engine
from chorok.ledger.publishing import derived, timeline_of
from chorok.ledger.registry import Registry
from chorok.ledger.remembered import Remembered
from chorok.ledger.snapshots import Snapshot
from chorok.ledger.store import Ledger


@dataclass(frozen=True)
class Published:
    """A ledger at one snapshot. Everything it hands out is of that snapshot, whatever is written meanwhile."""

    ledger: Ledger
    snapshot: Snapshot

    @classmethod
    def at(cls, ledger: Ledger, wish: str | None = None) -> Published:
        """Open the snapshot of a number or day, the newest for None. Raises LedgerError, UsageError."""
        return cls(ledger, snapshots.at(ledger, wish))

    @property
    def registry(self) -> Registry:
        """The registry of this snapshot."""
        return Registry.open(self.ledger.path, self.snapshot.registry)

    @cached_property
    def tree(self) -> Tree:
        """The tree of organisations of this snapshot, made once: every question asks for it."""
        return Tree.of(self.registry.table("organisations").to_pylist())

    @cached_property
    def remembered(self) -> Remembered:
        """What was found out about this snapshot: it never changes, so neither does what is asked of it."""
        return Remembered()

    @cached_property
    def provisional(self) -> int:
        """How many lines belong to requests without a final change order."""
        flags = pq.read_table(self.derived("corrections"), columns=["provisional"])["provisional"]
        return int(pc.sum(flags).as_py() or 0)

    def derived(self, name: str) -> Path:
        """Return the Parquet file of a derived table: products, verdicts, spans, corrections."""
        return derived(self.ledger, self.snapshot) / f"{name}.parquet"

    def files(self) -> list[str]:
        """Return the data files of the purchases."""
        return purchases.files(self.ledger, self.snapshot.purchases)

    def definition(self, wish: str) -> Definition:
        """Return a definition by id as it was at this snapshot, or from a city's own file. Raises BadInputError."""
        return shelf.definition(self.ledger, self.snapshot, wish)

    def timeline_file(self, definition: Definition) -> Path:
        """Return the file of the timeline of a definition, made when it is not there yet."""
        return timeline_of(self.ledger, self.snapshot, definition)

    def timeline(self, engine: Engine, definition: Definition) -> nw.LazyFrame[Any]:
        """Return the timeline of a definition as a frame."""
        return engine.parquet([str(self.timeline_file(definition))])

    def lines(self, engine: Engine) -> nw.LazyFrame[Any]:
        """Return the purchase lines that count, on the date on which they count.

        Change orders are settled here: superseded rows are gone, and `bought_on` is the first order's.
        """
        return self.settled(engine, engine.parquet(self.files(), like=schema.PURCHASES))

    def settled(self, engine: Engine, lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return those of some purchase rows that count, on the date on which they count."""
        fixes = self.derived("corrections")
        if engine.rows([str(fixes)]) == 0:
            return lines
        return settled(lines, engine.parquet([str(fixes)]))


def settled(lines: nw.LazyFrame[Any], corrections: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the lines that count by corrections (`corrections.SCHEMA`), on the date on which they count."""
    joined = lines.join(corrections, on="line_id", how="left")
    kept = joined.filter(nw.col("counts").is_null() | nw.col("counts"))
    dated = nw.coalesce(nw.col("first_day"), nw.col("bought_on")).alias("bought_on")
    return kept.with_columns(dated).select(*purchases.COLUMNS)
