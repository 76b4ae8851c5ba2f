"""One timed run of the share in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import narwhals as nw

from benchmarks.share import BY_HAND
from chorok.core import periods
from chorok.core.measures import share
from chorok.ledger.engines import Engine

SUMMED = [name for name in share.SUMS if name != "lines"]


def ours(files: list[str], timeline: str, memory: str) -> Any:
    """The measure as the commands call it."""
    engine = Engine(threads=2, memory_limit=memory)
    by = {
        "period": periods.number("year"),
        "organisation": nw.col("organisation"),
        "item_group": nw.col("item_group"),
        "currency": nw.col("currency"),
    }
    return share.cells(engine.parquet(files), engine.parquet([timeline]), by).collect("pyarrow").to_native()


def by_hand(files: list[str], timeline: str, memory: str) -> Any:
    """The same figures in SQL written for this one question."""
    connection = Engine(threads=2, memory_limit=memory).connection
    return connection.execute(BY_HAND.format(lines=files, timeline=[timeline])).to_arrow_table()


def main() -> None:
    """Print seconds, peak memory and a checksum of the result as JSON."""
    who, folder, memory = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    files = sorted(str(file) for file in (folder / "lines").rglob("*.parquet"))
    nw.from_native(Engine().connection.sql("SELECT 1 AS one")).collect("pyarrow")  # imports are no part of a query
    started = time.perf_counter()
    table = (ours if who == "ours" else by_hand)(files, str(folder / "timeline.parquet"), memory)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows = sorted(
        tuple(str(row[name]) for name in ("period", "organisation", "item_group", *SUMMED)) for row in table.to_pylist()
    )
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "rows": table.num_rows, "sum": hash_of(rows)}))


def hash_of(rows: list[tuple[str, ...]]) -> str:
    """Return a checksum over all rows: equal sums mean equal figures, row for row."""
    import hashlib

    return hashlib.sha256(repr(rows).encode()).hexdigest()


if __name__ == "__main__":
    main()
