"""Batches: one received file each, with its account and its state. One JSON file a batch, written whole."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from chorok.core.errors import LedgerError
from chorok.ledger.store import Ledger, write_whole

State = Literal["posting", "posted", "withdrawing", "withdrawn"]


@dataclass(frozen=True)
class Tally:
    """A number of lines and their sum in smallest currency units."""

    lines: int = 0
    amount: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.lines + other.lines, self.amount + other.amount)


@dataclass(frozen=True)
class Account:
    """What became of one table of a received file. `received` = `accepted` + all of `rejected` (design 6.2).

    `received` is counted by a pass over the file of its own; `accepted` and `rejected` from what was written.
    """

    table: str
    encoding: str
    received: Tally
    accepted: Tally
    rejected: dict[str, Tally]  # reason code -> tally
    aside: dict[str, int]  # blank rows, subtotal rows
    notes: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def refused(self) -> Tally:
        """All rejected lines together."""
        return sum(self.rejected.values(), Tally())

    @property
    def balanced(self) -> bool:
        """True when nothing was lost: lines and sums in are those accepted and rejected."""
        return self.received == self.accepted + self.refused


@dataclass(frozen=True)
class Batch:
    """One received file in the ledger."""

    id: str
    source: str
    file: str
    sha256: str
    profile: str
    currency: str
    state: State
    attempt: int = 1  # grows when a withdrawn batch is posted again
    snapshot: int | None = None
    accounts: list[Account] = field(default_factory=list)
    organisation: str | None = None
    understandings: list[dict[str, Any]] = field(default_factory=list)
    replaces: str | None = None  # predicate of what was deleted for it, in words of SQL

    def total(self) -> Account:
        """Return the accounts of all tables added up."""
        rejected: dict[str, Tally] = {}
        aside: dict[str, int] = {}
        for account in self.accounts:
            for reason, tally in account.rejected.items():
                rejected[reason] = rejected.get(reason, Tally()) + tally
            for reason, count in account.aside.items():
                aside[reason] = aside.get(reason, 0) + count
        received = sum((account.received for account in self.accounts), Tally())
        accepted = sum((account.accepted for account in self.accounts), Tally())
        return Account(self.file, "", received, accepted, rejected, aside)


def batch_id(source: str, sha256: str, profile: str) -> str:
    """Return the id of a batch: sha256 of source, file bytes and profile (design section 3, step 3)."""
    return hashlib.sha256("\x1f".join((source, sha256, profile)).encode()).hexdigest()


def save(ledger: Ledger, batch: Batch) -> None:
    """Write a batch's record, whole or not at all."""
    folder = ledger.path / "batches"
    folder.mkdir(exist_ok=True)
    write_whole(folder / f"{batch.id}.json", json.dumps(dataclasses.asdict(batch), ensure_ascii=False, indent=1))


def load(ledger: Ledger, identity: str) -> Batch | None:
    """Return the batch whose id starts with `identity`, or None. Raises LedgerError when several do.

    Anything but the beginning of a number finds none: a pattern or nothing at all must never pick a batch.
    """
    if not re.fullmatch("[0-9a-f]+", identity):
        return None
    found = sorted((ledger.path / "batches").glob(f"{identity}*.json"))
    if len(found) > 1:
        raise LedgerError("batch_ambiguous", batch=identity, count=len(found))
    return _read(found[0]) if found else None


def every(ledger: Ledger) -> list[Batch]:
    """Return all batches, by snapshot."""
    found = [_read(path) for path in sorted((ledger.path / "batches").glob("*.json"))]
    return sorted(found, key=lambda batch: (batch.snapshot is None, batch.snapshot or 0, batch.id))


def _read(path: Path) -> Batch:
    record = json.loads(path.read_text(encoding="utf-8"))
    record["accounts"] = [_account(account) for account in record["accounts"]]
    return Batch(**record)


def _account(record: dict[str, Any]) -> Account:
    rejected = {reason: Tally(**tally) for reason, tally in record["rejected"].items()}
    notes = [(code, params) for code, params in record["notes"]]
    return Account(
        **{
            **record,
            "received": Tally(**record["received"]),
            "accepted": Tally(**record["accepted"]),
            "rejected": rejected,
            "notes": notes,
        }
    )
