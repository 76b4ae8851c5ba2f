"""Tables as files that offices open: CSV in UTF-8 with BOM, so that Excel shows Hangul, and XLSX."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from chorok.core.errors import UsageError

FORMULA = ("=", "+", "-", "@", "\t", "\r")
LARGEST_EXACT = 2**53
"""Beyond this a spreadsheet rounds numbers; such an amount is written as text."""
MOST_ROWS = 1_048_575


def write(file: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows to a CSV or XLSX file, by its ending; return how many. Raises UsageError for another ending.

    The file is there whole or not at all.
    """
    writers = {".csv": _csv, ".xlsx": write_xlsx}
    if file.suffix.lower() not in writers:
        raise UsageError("ending_unknown", file=file, known=", ".join(writers))
    draft = file.with_name(file.name + ".draft")
    try:
        count = writers[file.suffix.lower()](draft, header, rows)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return count


def safe(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula."""
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA) else value


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[Any]], size: int = 1_000) -> Iterator[bytes]:
    """Yield a CSV file in parts of some rows, for whoever sends it while it is made."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(header)
    yield codecs.BOM_UTF8
    for number, row in enumerate(rows, 1):
        writer.writerow([safe(value) for value in row])
        if number % size == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        for row in rows:
            writer.writerow([safe(value) for value in row])
            count += 1
    return count


def write_xlsx(file: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows to an XLSX file, one row at a time; return how many. Raises UsageError too_many_rows."""
    count = 0
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, header, bold)
        sheet.freeze_panes(1, 0)
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS:
                raise UsageError("too_many_rows", file=file, most=f"{MOST_ROWS:,}")
            sheet.write_row(count, 0, [_cell(value) for value in row])
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, bool | str) or value is None:
        return value
    return value if isinstance(value, int) and abs(value) < LARGEST_EXACT else str(value)
