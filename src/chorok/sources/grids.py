"""A table held as rows of text -> Parquet: what workbooks, HTML, XML and JSON become."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from chorok.sources import layout, units
from chorok.sources.understanding import RawTable

Row = Sequence[str | None]
Note = tuple[str, dict[str, str]]
BATCH = 50_000
SAMPLE = 2_000


def grid_table(
    name: str, rows: Sequence[Row], work: Path, *, wanted: Sequence[str] = (), text: Sequence[str] = (), encoding: str
) -> RawTable | None:
    """Find the header of a grid and write its data rows; None when it has no data row.

    `rows` start at the sheet's row 1. `text` are lines outside the grid that may hold a unit note.
    """
    header = layout.find_header(rows, wanted)
    data = rows[header.data_from :]
    if not header.columns or not any(cell for row in data for cell in row):
        return None
    path = fresh_path(work, name)
    with ParquetRows(path, header.columns) as out:
        for start in range(0, len(data), BATCH):
            out.write(header.data_from + start + 1, data[start : start + BATCH])
    outside = [("text", note) for line in text for note in units.notes_in(line)]
    return RawTable(
        name=name,
        path=path,
        format="parquet",
        columns=header.columns,
        encoding=encoding,
        unit_notes=(*outside, *header.unit_notes),
        preamble=(*text, *header.preamble),
        sample=tuple(_fitted(row, len(header.columns)) for row in data[:SAMPLE]),
        notes=() if header.found else (("note.headerless", {"file": name}),),
    )


class ParquetRows:
    """A Parquet file of `row_no` and text columns, written in batches. A context manager."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.schema = pa.schema([("row_no", pa.int64()), *((column, pa.string()) for column in columns)])
        self._writer = pq.ParquetWriter(path, self.schema, compression="zstd")

    def __enter__(self) -> ParquetRows:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def write(self, first: int, rows: Sequence[Row]) -> None:
        """Append rows; `first` is the number of the first one. Short rows are filled with NULL."""
        width = len(self.schema) - 1
        columns = list(zip(*(_fitted(row, width) for row in rows), strict=True))
        self.write_columns(first, [pa.array(column, pa.string()) for column in columns])

    def write_columns(self, first: int, columns: Sequence[pa.Array]) -> None:
        """Append rows given as columns."""
        numbers = pa.array(range(first, first + len(columns[0])), pa.int64())
        self._writer.write_batch(pa.record_batch([numbers, *columns], schema=self.schema))


def file_name(name: str) -> str:
    """Return a table's name as a safe file name."""
    return re.sub(r"[^\w.-]+", "_", name)[-120:]


def fresh_path(work: Path, name: str) -> Path:
    """Return a Parquet path in `work` that is not taken: names may differ only in signs that a file name lacks."""
    path, count = work / f"{file_name(name)}.parquet", 1
    while path.exists():
        count += 1
        path = work / f"{file_name(name)}.{count}.parquet"
    return path


def batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Yield the record batches of a Parquet file."""
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(BATCH)


def _fitted(row: Row, width: int) -> tuple[str | None, ...]:
    cells = tuple(cell or None for cell in row[:width])
    return cells + (None,) * (width - len(cells))
