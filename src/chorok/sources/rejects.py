"""Rejected rows: a file a person can mend and send again, with the rows as they were and what is wrong with each."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chorok import wording
from chorok.ledger.batches import Batch
from chorok.ledger.engines import Connection, quoted
from chorok.ledger.store import Ledger
from chorok.sources import validate
from chorok.sources.staging import StagedTable
from chorok.sources.understanding import RawTable
from chorok.wording import Language

MARK = "chorok:"
"""Begins the names of the columns that we add; they are not part of the row."""
ADDED = ("origin", "line", "column", "value", "reason", "remedy")
CHUNK = 10_000


@dataclass(frozen=True)
class Reject:
    """One rejected row. `line` is the physical line or sheet row where it begins."""

    line: int
    reason: str
    column: str
    value: str
    cells: tuple[str | None, ...]


def origin(table: RawTable) -> str | None:
    """Return which table of which batch a rejects file came from ('id:number'), or None for any other file."""
    name = MARK + "origin"
    if name not in table.columns or not table.sample:
        return None
    return next((row[table.columns.index(name)] for row in table.sample if row[table.columns.index(name)]), None)


def path_of(ledger: Ledger, batch: str, number: int) -> Path:
    """Return where the rejects file of a batch's table lies."""
    return ledger.path / "batches" / f"{batch}.rejects-{number}.csv"


def write(
    connection: Connection, ledger: Ledger, batch: Batch, staged: Sequence[StagedTable], language: Language
) -> list[Path]:
    """Write the rejects of each table as CSV (UTF-8 with BOM, so that Excel shows Hangul); return the files."""
    (ledger.path / "batches").mkdir(exist_ok=True)
    files = []
    for number, table in enumerate(staged):
        if any(reason not in ("already_posted", "repeated_key") for reason in table.account().rejected):
            file = path_of(ledger, batch.id, number)
            _write_one(file, f"{batch.id}:{number}", table, every(connection, table), language)
            files.append(file)
    return files


def _write_one(file: Path, mark: str, staged: StagedTable, rows: Iterator[Reject], language: Language) -> None:
    names = [name for name in staged.reading.table.columns if not name.startswith(MARK)]
    kept = [index for index, name in enumerate(staged.reading.table.columns) if not name.startswith(MARK)]
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([*names, *(MARK + name for name in ADDED)])
        for row in rows:
            cells = [row.cells[index] if index < len(row.cells) else None for index in kept]
            reason, remedy = (wording.say(f"reject.{row.reason}.{part}", language) for part in ("reason", "remedy"))
            writer.writerow([*cells, mark, row.line, row.column, row.value, reason, remedy])


def every(connection: Connection, staged: StagedTable) -> Iterator[Reject]:
    """Yield the rejected rows of a table in file order, read a second time: only they need line numbers."""
    first = first_line(staged)
    yield from (Reject(b.line, "row_broken", "", b.text, _split(b.text, staged)) for b in staged.broken)
    changed = _changed(staged) if "changed" in staged.tallies else "false"
    width = len(staged.reading.table.columns)
    cells = ", ".join(f"c{index}" for index in range(width))
    inner = validate.typed(staged.reading, with_rows=True)
    aside = ", ".join(f"'{reason}'" for reason in (validate.ACCEPTED, *validate.ASIDE))
    nth = "row_number() OVER (PARTITION BY line_id, reason ORDER BY row_no) AS nth"
    cursor = connection.execute(
        f"SELECT row_no, reason, fault, {cells} FROM (SELECT *, {nth} FROM ({inner})) AS judged "
        f"WHERE reason NOT IN ({aside}) OR ({changed}) ORDER BY row_no"
    )
    while rows := cursor.fetchmany(CHUNK):
        for number, reason, fault, *values in rows:
            said = "changed" if reason == validate.ACCEPTED else reason
            yield Reject(first + number, said, _column(staged, said), fault or "", tuple(values))


def _changed(staged: StagedTable) -> str:
    """SQL that is true for good rows whose key is known with other content, as the overlap steps remembered them."""
    mine = f"changed_rows.part = {quoted(staged.folder)} AND changed_rows.line_id = judged.line_id"
    return (
        f"reason = '{validate.ACCEPTED}' AND EXISTS (FROM changed_rows WHERE {mine} "
        "AND coalesce(changed_rows.row_no = judged.row_no, nth = 1))"
    )


def first_line(staged: StagedTable) -> int:
    """Return the number that is added to a row number to get the physical line; sheets number their own rows."""
    return 0 if staged.reading.table.format == "parquet" else staged.reading.table.skip


def _column(staged: StagedTable, reason: str) -> str:
    fields = validate.REASONS.get(reason, ())
    columns = staged.reading.understanding.columns
    return ", ".join(columns[field] for field in fields if field in columns)


def _split(text: str, staged: StagedTable) -> tuple[str | None, ...]:
    table = staged.reading.table
    try:
        return tuple(next(csv.reader([text], delimiter=table.delimiter, quotechar=table.quote), ()))
    except csv.Error:
        return (text,)
