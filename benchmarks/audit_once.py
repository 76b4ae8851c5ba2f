"""One run of `benchmarks.audit` in a process of its own: `python -m benchmarks.audit_once ours|hand FOLDER EVENTS`."""

from __future__ import annotations

import hashlib
import json
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chorok.site.config import setup

COLUMNS = "seq, at, actor_id, on_behalf, via, action, subject_kind, subject_id, organisation, facts, previous, hash"


def main() -> None:
    """Make the chain when it is not there, verify it, print seconds and peak memory as JSON."""
    who, folder, events = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    setup.ready(folder / "no-ledger", folder)
    if not (folder / "made").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(folder / "site.sqlite3", events)
        (folder / "made").touch()
    begun = time.perf_counter()
    problems = _ours() if who == "ours" else _hand(folder / "site.sqlite3")
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "problems": problems, "peak_mb": peak}))


def _ours() -> int:
    from chorok.site.audit.services import examined

    return len(examined(found=[]).problems)


def _hand(path: Path) -> int:
    """The same with what Python has: read in order, write JSON, hash, compare."""
    problems, previous = 0, "0" * 64
    for row in sqlite3.connect(path).execute(f"SELECT {COLUMNS} FROM audit_event ORDER BY seq"):
        named = dict(zip(COLUMNS.split(", "), row, strict=True))
        kept = named.pop("hash")
        named["at"] = datetime.fromisoformat(named["at"]).replace(tzinfo=UTC).isoformat(timespec="microseconds")
        named["facts"] = json.loads(named["facts"])
        text = json.dumps(named, sort_keys=True, separators=(",", ":"))
        problems += hashlib.sha256(text.encode()).hexdigest() != kept or named["previous"] != previous
        previous = kept
    return problems


def _make(path: Path, events: int) -> None:
    setup.migrate()
    marks = ", ".join("?" * len(COLUMNS.split(",")))
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA cache_size = -800000")
        database.executemany(f"INSERT INTO audit_event ({COLUMNS}) VALUES ({marks})", _events(events))
        last = database.execute("SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1").fetchone()
        database.execute("INSERT INTO audit_head (id, seq, hash, site) VALUES (1, ?, ?, ?)", (*last, "0" * 32))


def _events(events: int) -> Iterator[tuple[Any, ...]]:
    from chorok.site.audit import chain
    from chorok.site.audit.models import GENESIS

    previous, at = GENESIS, datetime(2020, 1, 1, tzinfo=UTC)
    for seq in range(1, events + 1):
        at += timedelta(seconds=7, microseconds=1)
        action = ("jobs.started", "purchases.imported.begun", "purchases.imported.done", "reviews.decided")[seq % 4]
        facts = chain.written({"begun": seq - 1, "lines": seq, "snapshots": []} if seq % 4 == 2 else {"lines": seq})
        subject = ("batch", hashlib.md5(str(seq).encode()).hexdigest(), f"BENCH-{seq % 200:03}", facts)
        row = (seq, at, seq % 300 or None, None, "page", action, *subject, previous)
        previous = chain.digest(*row)
        yield (seq, at.strftime("%Y-%m-%d %H:%M:%S.%f"), *row[2:], previous)


if __name__ == "__main__":
    main()
