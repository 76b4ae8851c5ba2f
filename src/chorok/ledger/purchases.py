"""The purchases table: staged files become part of it in one commit, or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction, RemoveAction

from chorok.core.errors import LedgerError
from chorok.ledger import schema
from chorok.ledger.store import Ledger, files_of, once, scan

NAME = "purchases"
COLUMNS = tuple(field.name for field in schema.PURCHASES if field.name != "year")
"""What the data files hold; the year is in their path."""


def table(ledger: Ledger) -> DeltaTable:
    """Open the table, making it when it is not there."""
    return ledger.table_or_new(NAME, schema.PURCHASES, ["year"])


def files(ledger: Ledger, version: int | None = None) -> list[str]:
    """Return the data files of a version (None: the newest; -1: before the first)."""
    found = None if version == -1 else ledger.table(NAME, version=version)
    return files_of(found) if found else []


def select(ledger: Ledger, version: int | None = None) -> str:
    """Return SQL that yields all purchase lines of a version."""
    return scan(files(ledger, version), schema.PURCHASES)


def is_posted(ledger: Ledger, batch: str, attempt: int) -> bool:
    """Tell whether a batch's commit is in the table."""
    found = ledger.table(NAME)
    return found is not None and (found.transaction_version(_app(batch)) or 0) >= attempt


def _app(batch: str) -> str:
    return f"post:{batch}"


def post(ledger: Ledger, batch: str, attempt: int, staged: Path) -> int:
    """Make staged files (`year=Y/*.parquet` under `staged`) part of the table in ONE commit; return its version.

    Doing it again changes nothing: the table is loaded afresh and its transaction looked up, and of several
    writers that loaded the same version exactly one commits (design section 3, step 5).
    """
    target = table(ledger)
    if (target.transaction_version(_app(batch)) or 0) >= attempt:
        return target.version()
    actions: list[AddAction | RemoveAction] = [
        _take_in(ledger, file, staged, f"{batch[:16]}-{attempt}") for file in sorted(staged.rglob("*.parquet"))
    ]
    try:
        target.create_write_transaction(
            actions, "append", schema.PURCHASES, ["year"], commit_properties=once(_app(batch), attempt)
        )
    except CommitFailedError as error:
        raise LedgerError("commit_conflict", path=ledger.path, detail=str(error)) from error
    return table(ledger).version()


def _take_in(ledger: Ledger, file: Path, staged: Path, prefix: str) -> AddAction:
    """Move a staged file to its final place, where no reader sees it before the commit, and describe it."""
    year = file.parent.name.removeprefix("year=")
    name = "-".join((prefix, *file.relative_to(staged).parts[:-2], file.name))
    place = ledger.path / NAME / f"year={year}" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(file, place)  # noqa: PTH105 - the one atomic call, named as such
    stats, size, changed = _statistics(place), place.stat().st_size, int(place.stat().st_mtime * 1000)
    return AddAction(f"year={year}/{name}", size, {"year": year}, changed, True, stats)


def _statistics(file: Path) -> str:
    footer = pq.read_metadata(file)
    numbered = {footer.schema.column(index).name: index for index in range(footer.num_columns)}
    low: dict[str, str] = {}
    high: dict[str, str] = {}
    for name in ("bought_on",):
        groups = [footer.row_group(index).column(numbered[name]).statistics for index in range(footer.num_row_groups)]
        if groups and all(group is not None and group.has_min_max for group in groups):
            low[name], high[name] = (str(edge) for edge in (min(g.min for g in groups), max(g.max for g in groups)))
    return json.dumps({"numRecords": footer.num_rows, "minValues": low, "maxValues": high, "nullCount": {}})


def delete(ledger: Ledger, predicate: str, app: str, attempt: int = 1) -> int:
    """Delete lines by an SQL predicate, once for each (`app`, `attempt`); return the number of lines."""
    found = ledger.table(NAME)
    if found is None or (found.transaction_version(app) or 0) >= attempt:
        return 0
    return int(found.delete(predicate, commit_properties=once(app, attempt))["num_deleted_rows"])


def sweep(ledger: Ledger, batch: str) -> int:
    """Remove data files of a batch whose commit never came; return how many."""
    folder = ledger.path / NAME
    known = set(files(ledger))
    stray = [file for file in folder.glob(f"year=*/{batch[:16]}-*.parquet") if str(file) not in known]
    for file in stray:
        file.unlink()
    return len(stray)
