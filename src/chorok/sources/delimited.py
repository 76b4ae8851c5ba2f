"""Text with delimiters: the file itself stays where it is; delimiter, header and sample come from its beginning."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from chorok.core.errors import BadInputError
from chorok.sources import layout
from chorok.sources.blanks import around_cells
from chorok.sources.text import Text
from chorok.sources.understanding import RawTable

DELIMITERS = (",", "\t", ";", "|")
SAMPLE = 2_000
_LONGEST = (1 << 31) - 1


def delimited_table(name: str, text: Text, wanted: tuple[str, ...] = ()) -> RawTable:
    """Describe a UTF-8 file of delimited text. Raises BadInputError: empty_file, only_header."""
    lines = _first_lines(text.path, SAMPLE + layout.LOOK)
    if not any(line.strip() for line in lines):
        raise BadInputError("empty_file", file=name)
    delimiter = _delimiter(lines)
    rows = _records(lines, delimiter)
    header = layout.find_header(rows, wanted, keep_width=True)
    data = rows[header.data_from :]
    if not any(cell for row in data for cell in row):
        raise BadInputError("only_header", file=name, columns=", ".join(header.columns))
    return RawTable(
        name=name,
        path=text.path,
        format="csv",
        columns=header.columns,
        skip=header.data_from,
        delimiter=delimiter,
        encoding=text.encoding,
        blanks=around_cells(text.path),
        unit_notes=header.unit_notes,
        preamble=header.preamble,
        sample=tuple(_fitted(row, len(header.columns)) for row in data[:SAMPLE] if row),
        notes=() if header.found else (("note.headerless", {"file": name}),),
    )


def _first_lines(path: Path, count: int) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [line for _, line in zip(range(count), file, strict=False)]


def _delimiter(lines: list[str]) -> str:
    """Return the delimiter that cuts most lines into the same number of several parts."""

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in _records(lines[:200], delimiter) if row]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(usual) / max(len(widths), 1) if usual > 1 else 0.0, usual)

    return max(DELIMITERS, key=score)


def _records(lines: list[str], delimiter: str) -> list[list[str]]:
    csv.field_size_limit(_LONGEST)
    return list(csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter))


def _fitted(row: list[str], width: int) -> tuple[str | None, ...]:
    cells = tuple(cell or None for cell in row[:width])
    return cells + (None,) * (width - len(cells))
