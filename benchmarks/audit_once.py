"""One run of `benchmarks.audit` in a process of its own: `python -m benchmarks.audit_once ours|hand FOLDER EVENTS`."""

from __future__ import annotations

import hashlib
import json
import resource
import sqlite3
import sys
import time
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
        _make(events)
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


def _make(events: int) -> None:
    setup.migrate()
    from django.db import transaction

    from chorok.site.audit.models import GENESIS, Event, Head

    previous, at = GENESIS, datetime(2020, 1, 1, tzinfo=UTC)
    with transaction.atomic():
        for first in range(1, events + 1, 5_000):
            some = []
            for seq in range(first, min(first + 5_000, events + 1)):
                at += timedelta(seconds=7, microseconds=1)
                some.append(_event(seq, at, previous))
                previous = some[-1].hash
            Event.objects.bulk_create(some)
        Head.objects.update_or_create(pk=Head.ONLY, defaults={"seq": events, "hash": previous})


def _event(seq: int, at: datetime, previous: str) -> Any:
    from chorok.site.audit import chain
    from chorok.site.audit.models import Event

    event = Event(
        seq=seq,
        at=at,
        actor_id=seq % 300 or None,
        via="page",
        action=("jobs.started", "purchases.imported.begun", "purchases.imported.done", "reviews.decided")[seq % 4],
        subject_kind="batch",
        subject_id=hashlib.md5(str(seq).encode()).hexdigest(),
        organisation=f"BENCH-{seq % 200:03}",
        facts=chain.written({"begun": seq - 1, "lines": seq, "snapshots": []} if seq % 4 == 2 else {"lines": seq}),
        previous=previous,
    )
    event.hash = chain.digest(*(getattr(event, name) for name in chain.FIELDS[:-1]))
    return event


if __name__ == "__main__":
    main()
