"""Where a line came from: the row of the received file as it was, found by reading the kept file again."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from chorok.core.errors import LedgerError
from chorok.ledger import batches
from chorok.ledger.engines import Connection, connect
from chorok.ledger.store import Ledger
from chorok.sources import intake, validate
from chorok.sources.tables import open_tables
from chorok.sources.understanding import RawTable, Understanding
from chorok.sources.validate import Reading


@dataclass(frozen=True)
class Origin:
    """A row of a received file: file, sheet or member, row, and its cells under their headers."""

    file: str
    sha256: str
    table: str
    row: int
    cells: list[tuple[str, str | None]]
    batch: str
    profile: str
    equal_rows: int  # rows of the file that are the same to the letter; without keys they cannot be told apart


def find(ledger: Ledger, batch: str, line_id: int) -> Origin | None:
    """Return the row that a line was made of, or None when the kept file does not hold it.

    Raises LedgerError when the batch or its file is gone.
    """
    record = batches.load(ledger, batch)
    if record is None:
        raise LedgerError("batch_unknown", batch=batch)
    with tempfile.TemporaryDirectory() as work:
        connection = connect()
        wanted = {table.table: number for number, table in enumerate(record.accounts)}
        for table in open_tables(intake.received(ledger, record), Path(work)):
            if table.name in wanted:
                understanding = Understanding(**{**record.understandings[wanted[table.name]], "notes": ()})
                reading = Reading(table, understanding, record.source, record.id)
                rows = _rows(connection, reading, line_id)
                if rows:
                    return _origin(record, table, rows)
    return None


def _rows(connection: Connection, reading: Reading, line_id: int) -> list[tuple[str | None, ...]]:
    """Rows with this id, or, for a later one of several equal rows, the rows that it is the n-th of."""
    cells = ", ".join(f"c{index}" for index in range(len(reading.table.columns)))
    found = f"SELECT row_no, line_id, {cells} FROM ({validate.typed(reading, with_rows=True)}) WHERE reason = 'ok'"
    direct = connection.execute(
        f"SELECT row_no, {cells} FROM ({found}) WHERE line_id = {line_id} ORDER BY row_no"
    ).fetchall()
    if direct or "source_key" in reading.understanding.columns:
        return direct
    again = validate.hashed("concat(line_id, chr(31), nth)")
    return connection.execute(
        f"WITH rows AS (SELECT *, row_number() OVER (PARTITION BY line_id ORDER BY row_no) AS nth FROM ({found})) "
        f"SELECT row_no, {cells} FROM rows WHERE nth > 1 AND {again} = {line_id}"
    ).fetchall()


def _origin(record: batches.Batch, table: RawTable, rows: list[tuple[str | None, ...]]) -> Origin:
    first = 0 if table.format == "parquet" else table.skip
    cells = list(zip(table.columns, rows[0][1:], strict=True))
    row = first + int(rows[0][0] or 0)
    return Origin(record.file, record.sha256, table.name, row, cells, record.id, record.profile, len(rows))
