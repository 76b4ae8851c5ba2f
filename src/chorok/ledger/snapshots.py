"""Snapshots: one row per published state. Readers and figures name a snapshot, never "latest"."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
from deltalake import write_deltalake

from chorok.core.errors import LedgerError, UsageError
from chorok.ledger.store import KEPT_FOREVER, Ledger, read

SCHEMA = pa.schema(
    [
        ("snapshot", pa.int64()),
        ("published_at", pa.string()),  # UTC, ISO 8601
        ("purchases", pa.int64()),  # Delta versions; -1: the table was not there yet
        ("decisions", pa.int64()),
        ("registry", pa.string()),  # JSON: table -> Delta version
        ("definitions", pa.string()),  # hash over all definitions
        ("model", pa.string()),  # name of the item group model that verdicts were made with; '' for none
        ("action", pa.string()),  # import | withdraw | certificates | decisions ...
        ("subject", pa.string()),  # batch id or source
    ]
)


@dataclass(frozen=True)
class Snapshot:
    """The versions that one published state was made of."""

    number: int
    published_at: str
    purchases: int
    decisions: int
    registry: dict[str, int]
    definitions: str
    model: str
    action: str
    subject: str


def every(ledger: Ledger) -> list[Snapshot]:
    """Return all snapshots, oldest first."""
    table = ledger.table("snapshots")
    rows = read(table).to_pylist() if table else []
    found = [
        Snapshot(
            row["snapshot"],
            row["published_at"],
            row["purchases"],
            row["decisions"],
            json.loads(row["registry"]),
            row["definitions"],
            row["model"],
            row["action"],
            row["subject"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda snapshot: snapshot.number)


def latest(ledger: Ledger) -> Snapshot | None:
    """Return the newest snapshot, or None in a ledger where nothing was published."""
    found = every(ledger)
    return found[-1] if found else None


_DAY = re.compile(r"\d{4}-\d{2}(-\d{2}(T[\d:]+Z?)?)?")
"""A month, a day, or an instant as `chorok snapshots` prints it."""


def at(ledger: Ledger, wish: str | None) -> Snapshot:
    """Return the snapshot of a number ('12'), or the last one published by the end of a day ('2020-11-02').

    None means the newest. Raises LedgerError nothing_published, UsageError snapshot_unknown.
    """
    return chosen(ledger, every(ledger), wish)


def chosen(ledger: Ledger, found: Sequence[Snapshot], wish: str | None) -> Snapshot:
    """As `at`, among snapshots that were read already."""
    if not found:
        raise LedgerError("nothing_published", path=ledger.path)
    if wish is None:
        return found[-1]
    if wish.isdigit():
        fitting = [snapshot for snapshot in found if snapshot.number == int(wish)]
    else:
        days = found if _DAY.fullmatch(wish) else []
        fitting = [snapshot for snapshot in days if snapshot.published_at[: len(wish)] <= wish]
    if not fitting:
        raise UsageError("snapshot_unknown", wish=wish, first=found[0].number, last=found[-1].number)
    return fitting[-1]


def append(ledger: Ledger, snapshot: Snapshot) -> None:
    """Publish: from here on readers see the state that the snapshot names."""
    row = {
        "snapshot": snapshot.number,
        "published_at": snapshot.published_at,
        "purchases": snapshot.purchases,
        "decisions": snapshot.decisions,
        "registry": json.dumps(snapshot.registry, sort_keys=True),
        "definitions": snapshot.definitions,
        "model": snapshot.model,
        "action": snapshot.action,
        "subject": snapshot.subject,
    }
    rows = pa.Table.from_pylist([row], schema=SCHEMA)
    write_deltalake(str(ledger.path / "snapshots"), rows, mode="append", configuration=KEPT_FOREVER)


def now() -> str:
    """Return the time of publication, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
