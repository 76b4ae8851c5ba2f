"""One timed run of the replay or the share in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import narwhals as nw

from chorok.core import periods
from chorok.core.measures import replay, share
from chorok.ledger.engines import Engine

BY = {
    "period": periods.number("year"),
    "organisation": nw.col("organisation"),
    "item_group": nw.col("item_group"),
    "currency": nw.col("currency"),
}


def main() -> None:
    """Print seconds, peak memory and the sum of what is not green or undetermined, as JSON."""
    who, folder, memory = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    files = sorted(str(file) for file in (folder / "lines").rglob("*.parquet"))
    engine = Engine(threads=2, memory_limit=memory)
    lines, timeline = engine.parquet(files), engine.parquet([str(folder / "timeline.parquet")])
    nw.from_native(engine.connection.sql("SELECT 1 AS one")).collect("pyarrow")  # imports are no part of a query
    started = time.perf_counter()
    if who == "share":
        cells, sums = share.cells(lines, timeline, BY), ("not_green", "undetermined")
    else:
        small = [engine.parquet([str(folder / f"{name}.parquet")]) for name in ("places", "availability")]
        dated = lines.with_columns(nw.lit(0, nw.Int64).alias("era"))
        cells = replay.cells(replay.judged(dated, timeline, small[0], small[1]), BY)
        sums = tuple(name for name in replay.SUMS if not name.endswith("_lines"))
    table = cells.collect("pyarrow")
    seconds = time.perf_counter() - started
    waiting = sum(int(table[name].sum()) for name in sums)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "open": waiting}))


if __name__ == "__main__":
    main()
