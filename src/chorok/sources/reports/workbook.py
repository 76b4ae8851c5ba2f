"""A report as a workbook: sheets called like the keys of a structured report, or sheets with tables as printed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, PasswordError, SheetTypeEnum, load_workbook

from chorok.core.checks.report import Place, Report
from chorok.core.errors import BadInputError
from chorok.sources.reports import naming
from chorok.sources.reports.prose import read_lines
from chorok.sources.reports.shown import Formats, formats, show
from chorok.sources.reports.structured import report_of
from chorok.sources.workbooks import cell_text

Grid = list[tuple[int, list[str]]]
_TOP = ("report", "보고서", "일반", "general")
_LISTS = [f.name for f in dataclasses.fields(Report) if f.name not in ("name", "unread", "district_names")
          and str(f.type).startswith("tuple")]  # fmt: skip


def read_workbook(path: Path) -> Report:
    """Return the report that a workbook holds.

    Raises BadInputError: protected_workbook, unreadable_workbook, report_sheets, and the errors of `report_of`.
    """
    sheets = _sheets(path)
    known = {name: key for name in sheets if (key := _key(name))}
    if not known:
        return _as_printed(path.name, sheets)
    data: dict[str, Any] = {}
    for name, key in known.items():
        data |= _top(sheets[name]) if key == "report" else {key: _records(name, sheets[name])}
    read = report_of(data, path.name)
    others = [Place(f"{name}!{rows[0][0]}", name) for name, rows in sheets.items() if name not in known and rows]
    return dataclasses.replace(read, unread=tuple(others))


def _key(sheet: str) -> str | None:
    return "report" if sheet.strip().casefold() in _TOP else naming.key_of(sheet, _LISTS)


def _sheets(path: Path) -> dict[str, Grid]:
    try:
        with path.open("rb") as file, load_workbook(file) as book:
            names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            forms = formats(path)
            cells = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
            return {name: _grid(name, rows, forms) for name, rows in cells.items()}
    except PasswordError:
        raise BadInputError("protected_workbook", file=path.name) from None
    except CalamineError as error:
        raise BadInputError("unreadable_workbook", file=path.name, reason=str(error)) from None


def _grid(sheet: str, cells: list[list[Any]], forms: Formats) -> Grid:
    rows = [
        [show((cell_text(cell) or "").strip(), forms.get((sheet, at, column))) for column, cell in enumerate(row, 1)]
        for at, row in enumerate(cells, 1)
    ]
    return [(number, row) for number, row in enumerate(rows, 1) if any(row)]


def _top(rows: Grid) -> dict[str, Any]:
    """Return the keys and values of a sheet with a key and a value a row."""
    return {row[0]: row[1] for _, row in rows if len(row) > 1 and row[0] and row[1]}


def _records(sheet: str, rows: Grid) -> list[Mapping[str, Any]]:
    """Return the rows below the header as records of what is filled in."""
    if not rows:
        return []
    head = rows[0][1]
    return [
        {"\0where": f"{sheet}!{number}"} | {name: cell for name, cell in zip(head, row, strict=False) if name and cell}
        for number, row in rows[1:]
    ]


def _as_printed(name: str, sheets: Mapping[str, Grid]) -> Report:
    """Read sheets that are called otherwise as the tables of a text."""
    read = read_lines(name, _lines(sheets))
    if not (read.shares or read.rates or read.item_shares or read.network_shares or read.events):
        raise BadInputError("report_sheets", file=name, sheets=", ".join(sheets), known=", ".join(["report", *_LISTS]))
    return read


def _lines(sheets: Mapping[str, Grid]) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for sheet, rows in sheets.items():
        last = 0
        for number, row in rows:
            if number != last + 1:
                lines.append((f"{sheet}!{number}", ""))
            filled = [cell for cell in row if cell]
            lines.append((f"{sheet}!{number}", filled[0] if len(filled) == 1 else "\t".join(row)))
            last = number
        lines.append((f"{sheet}!{last}", ""))
    return lines
