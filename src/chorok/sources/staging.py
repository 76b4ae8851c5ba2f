"""Staging: a received file becomes typed Parquet beside the ledger, with an account that adds up.

One COPY a table writes the typed columns, partitioned by (reason, year): the accepted partition is what is posted.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from chorok.core.errors import BadInputError
from chorok.ledger.batches import Account, Tally
from chorok.ledger.engines import Connection, EngineError, quoted
from chorok.sources import validate
from chorok.sources.counts import count
from chorok.sources.validate import ACCEPTED, ASIDE, Reading

DROPPED = ("repeated_key", "already_posted", "changed")
"""Reasons found only by looking at other lines: a key twice in the file, in the ledger, or there with other content."""

PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 5000"
"""How lines are written: more packing and larger dictionaries take time and save nothing on keys and sums."""


@dataclass(frozen=True)
class Broken:
    """A record that is not a row: too few or too many fields, an open quote."""

    line: int
    text: str


@dataclass
class StagedTable:
    """One table, staged: where its accepted lines are, and what became of the rest."""

    reading: Reading
    folder: Path
    received: Tally = field(default_factory=Tally)
    tallies: dict[str, Tally] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)

    @property
    def accepted(self) -> Path:
        """The folder whose files are posted: `year=Y/*.parquet`."""
        return self.folder / f"reason={ACCEPTED}"

    def files(self) -> list[str]:
        """Return the staged files of accepted lines."""
        return sorted(str(file) for file in self.accepted.rglob("*.parquet"))

    def select(self) -> str:
        """Return SQL over the accepted lines and their `year`; only to be asked when there are any."""
        listed = ", ".join(quoted(file) for file in self.files())
        return f"SELECT *, year(bought_on)::INTEGER AS year FROM read_parquet([{listed}], hive_partitioning=false)"

    def account(self) -> Account:
        """Return the account of this table."""
        rejected = {reason: tally for reason, tally in self.tallies.items() if reason != ACCEPTED}
        table, understanding = self.reading.table, self.reading.understanding
        return Account(
            table.name,
            table.encoding,
            self.received,
            self.tallies.get(ACCEPTED, Tally()),
            rejected,
            self.aside,
            [(code, dict(params)) for code, params in understanding.notes],
        )


def stage(connection: Connection, reading: Reading, folder: Path) -> StagedTable:
    """Write one table's lines under `folder`, typed, and count what came in on a pass of its own.

    Raises BadInputError when the engine cannot read the file at all.
    """
    staged, understanding = StagedTable(reading, folder), reading.understanding
    folder.mkdir(parents=True)
    _forget_rejects(connection)
    amount = understanding.columns[validate.amount_field(understanding)]
    try:
        with ThreadPoolExecutor(1) as beside:
            counted = beside.submit(count, reading.table, amount, understanding.multiplier)
            connection.execute(
                f"COPY ({validate.typed(reading)}) TO {quoted(folder)} "
                f"({PARQUET}, PARTITION_BY (reason, year), OVERWRITE_OR_IGNORE)"
            )
        staged.broken, aside = broken(connection, reading)
        _forget_rejects(connection)
        _count(connection, staged, aside)
        staged.received = _received(connection, staged, counted.result())
    except EngineError as error:
        raise _said(error, reading) from error
    return staged


def _received(connection: Connection, staged: StagedTable, counted: Tally | None) -> Tally:
    """Return what came in: what another reader `counted` where that is what was written, else the data rows."""
    if counted == sum(staged.tallies.values(), Tally()):
        return counted
    return Tally(len(staged.broken)) + Tally(*_one(connection, validate.plain_count(staged.reading)))


def _one(connection: Connection, sql: str) -> tuple[int, int]:
    row = connection.execute(sql).fetchone()
    return (int(row[0]), int(row[1] or 0)) if row else (0, 0)


def _said(error: EngineError, reading: Reading) -> Exception:
    text = str(error)
    if "No space left" in text:
        return OSError(28, text)
    return BadInputError("file_unreadable", file=reading.table.name, detail=text.splitlines()[0][:300])


def _forget_rejects(connection: Connection) -> None:
    for name in ("reject_errors", "reject_scans"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def broken(connection: Connection, reading: Reading) -> tuple[list[Broken], int]:
    """Return the records that the reader set aside, and how many of them were merely blank."""
    if reading.table.format != "csv":
        return [], 0
    known = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'reject_errors'").fetchone()
    rows = (
        connection.execute("SELECT line, any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line").fetchall()
        if known
        else []
    )
    blank = {reading.table.delimiter, reading.table.quote, " ", "\r", "\n", "\t"}
    found = [Broken(line, text or "") for line, text in rows if set(text or "") - blank]
    return found, len(rows) - len(found)


def _count(connection: Connection, staged: StagedTable, blank: int) -> None:
    """Fill the tallies from what was written."""
    for part in sorted(staged.folder.glob("reason=*")):
        reason = part.name.removeprefix("reason=")
        lines, amount = _one(
            connection,
            f"SELECT count(*), sum(amount)::HUGEINT FROM read_parquet({quoted(part / '**/*.parquet')}, "
            "hive_partitioning=false)",
        )
        if reason in ASIDE:
            staged.aside[reason] = lines
        else:
            staged.tallies[reason] = Tally(lines, amount)
        if reason != ACCEPTED:
            shutil.rmtree(part)
    if blank:
        staged.aside["blank_row"] = staged.aside.get("blank_row", 0) + blank
    if staged.broken:
        staged.tallies["row_broken"] = Tally(len(staged.broken), 0)


def rewrite(connection: Connection, staged: StagedTable, select: str) -> None:
    """Replace the accepted files by what `select` yields (purchase columns and year)."""
    draft = staged.folder / "draft"
    connection.execute(f"COPY ({select}) TO {quoted(draft)} ({PARQUET}, PARTITION_BY (year), OVERWRITE_OR_IGNORE)")
    shutil.rmtree(staged.accepted)
    draft.mkdir(exist_ok=True)
    draft.rename(staged.accepted)


def drop(connection: Connection, staged: StagedTable, doomed: str, reasons: Sequence[str] = DROPPED) -> None:
    """Take lines out of what was accepted. `doomed` is a temp table (line_id, reason, amount, lines)."""
    for reason in reasons:
        lines, amount = _one(
            connection, f"SELECT coalesce(sum(lines), 0), sum(amount)::HUGEINT FROM {doomed} WHERE reason = '{reason}'"
        )
        if lines:
            staged.tallies[reason] = staged.tallies.get(reason, Tally()) + Tally(lines, amount)
            kept = staged.tallies[ACCEPTED]
            staged.tallies[ACCEPTED] = Tally(kept.lines - lines, kept.amount - amount)
