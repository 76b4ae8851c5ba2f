"""Workbooks (xlsx, xls, xlsb, ods): each sheet with a table becomes one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from chorok.core.errors import BadInputError
from chorok.sources.grids import Note, grid_table
from chorok.sources.understanding import RawTable

EXACT = 2**53
"""Beyond it a workbook's number, a double, no longer holds every integer."""

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def workbook_tables(path: Path, work: Path, name: str, wanted: Sequence[str] = ()) -> list[RawTable]:
    """Open every sheet that holds a table. Sheets without one are said in the first table's notes.

    Raises BadInputError: protected_workbook, unreadable_workbook, no_table.
    """
    try:
        with path.open("rb") as file, load_workbook(file) as book:  # by path the name would decide
            return _tables(book, work, name, wanted)
    except PasswordError:
        raise BadInputError("protected_workbook", file=name) from None
    except CalamineError as error:
        raise BadInputError("unreadable_workbook", file=name, reason=str(error)) from None


def _tables(book: CalamineWorkbook, work: Path, name: str, wanted: Sequence[str]) -> list[RawTable]:
    found: list[RawTable] = []
    empty: list[str] = []
    sheets = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    hidden = {sheet.name for sheet in book.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}
    for sheet in sheets:
        title = f"{name}#{sheet}" if len(sheets) > 1 else name
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        rows = [[cell_text(cell) for cell in row] for row in cells]
        table = grid_table(title, rows, work, wanted=wanted, encoding="workbook")
        if table is None:
            empty.append(sheet)
            continue
        unseen = [("note.sheet_hidden", {"file": name, "sheet": sheet})] if sheet in hidden else []
        found.append(_with_notes(table, [*table.notes, *_large_numbers(title, cells), *unseen]))
    if not found:
        raise BadInputError("no_table", file=name)
    notes = [("note.sheet_without_table", {"file": name, "sheet": sheet}) for sheet in empty]
    return [_with_notes(found[0], [*found[0].notes, *notes]), *found[1:]]


def cell_text(cell: Cell) -> str | None:
    """Return a cell as text: dates as ISO, whole numbers without '.0', others with 15 digits as a sheet shows them."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "Y" if cell else "N"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(format(cell, ".15g")), "f")
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)


def _large_numbers(title: str, cells: list[list[Cell]]) -> list[Note]:
    beyond = [
        (number, cell)
        for number, row in enumerate(cells, 1)
        for cell in row
        if type(cell) is float and abs(cell) > EXACT
    ]
    if not beyond:
        return []
    row, value = beyond[0]
    params = {"table": title, "count": str(len(beyond)), "row": str(row), "value": format(value, ".0f")}
    return [("note.number_beyond_exact", params)]


def _with_notes(table: RawTable, notes: Sequence[Note]) -> RawTable:
    return RawTable(**{**table.__dict__, "notes": tuple(notes)})
