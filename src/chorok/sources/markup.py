"""HTML tables and XML: web pages named .xls, spreadsheets of 2003, and the gateway's XML answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree, html

from chorok.core.errors import BadInputError
from chorok.sources import envelopes
from chorok.sources.grids import grid_table
from chorok.sources.limits import Limits
from chorok.sources.records import records_table
from chorok.sources.text import Text
from chorok.sources.understanding import RawTable

SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_LARGEST_SPAN = 1_000


def markup_tables(name: str, text: Text, work: Path, limits: Limits, wanted: Sequence[str] = ()) -> list[RawTable]:
    """Open the tables of an HTML or XML file.

    Raises BadInputError: file_too_large, broken_xml, no_table, no_rows, gateway_error.
    """
    if text.path.stat().st_size > limits.markup:
        raise BadInputError("file_too_large", file=name, limit=limits.markup >> 20)
    with text.path.open("rb") as file:
        head = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    xml = head.startswith(b"<?xml") and b"<html" not in head
    if xml or head.startswith((b"<response", b"<openapi", b"<workbook")):
        return _xml(name, text, work, wanted)
    return _html(name, text, work, wanted)


def _xml(name: str, text: Text, work: Path, wanted: Sequence[str]) -> list[RawTable]:
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.parse(str(text.path), parser).getroot()
    except etree.XMLSyntaxError as error:
        raise BadInputError("broken_xml", file=name, line=error.lineno or 0, reason=error.msg or "") from None
    if root.tag == f"{SHEET}Workbook":
        return _sheets(name, root, work, text, wanted)
    envelopes.check(_plain(root), name)
    items = [item for item in root.iter("item", "row", "record") if len(item)]
    if not items:
        raise BadInputError("no_table", file=name)
    return [records_table(name, (_plain(item) for item in items), work, text.encoding)]


def _plain(element: Any) -> dict[str, Any]:
    """Return an element's children as a dictionary, nested ones as dictionaries."""
    tag = etree.QName(element).localname if element.getparent() is None else None
    inner = {etree.QName(child).localname: _plain(child) if len(child) else child.text for child in element}
    return {tag: inner} if tag else inner


def _sheets(name: str, root: Any, work: Path, text: Text, wanted: Sequence[str]) -> list[RawTable]:
    sheets = list(root.iter(f"{SHEET}Worksheet"))
    found = []
    for sheet in sheets:
        title = f"{name}#{sheet.get(f'{SHEET}Name')}" if len(sheets) > 1 else name
        table = grid_table(title, list(_sheet_rows(sheet)), work, wanted=wanted, encoding=text.encoding)
        found += [table] if table else []
    if not found:
        raise BadInputError("no_table", file=name)
    return found


def _sheet_rows(sheet: Any) -> Iterator[list[str | None]]:
    """Yield the rows of a sheet of SpreadsheetML 2003; `Index` skips cells and rows, `MergeAcross` spans."""
    number = 0
    for row in sheet.iter(f"{SHEET}Row"):
        wanted = int(row.get(f"{SHEET}Index") or number + 1)
        for _ in range(number + 1, wanted):
            yield []
        number = wanted
        cells: list[str | None] = []
        for cell in row.iterfind(f"{SHEET}Cell"):
            cells += [None] * (int(cell.get(f"{SHEET}Index") or len(cells) + 1) - 1 - len(cells))
            data = cell.find(f"{SHEET}Data")
            cells.append(_sheet_value(data))
            cells += [None] * int(cell.get(f"{SHEET}MergeAcross") or 0)
        yield cells


def _sheet_value(data: Any) -> str | None:
    if data is None:
        return None
    value = "".join(data.itertext()).strip()
    if data.get(f"{SHEET}Type") == "DateTime":
        return value.removesuffix(".000").removesuffix("T00:00:00")
    return value or None


def _html(name: str, text: Text, work: Path, wanted: Sequence[str]) -> list[RawTable]:
    root = html.parse(str(text.path), html.HTMLParser(encoding="utf-8", huge_tree=True)).getroot()
    tables = [] if root is None else [table for table in root.iter("table") if not list(table.iterdescendants("table"))]
    grids = [_html_rows(table) for table in tables]
    outside = [" ".join(cell for row in rows for cell in row if cell) for rows in grids if not _is_table(rows)]
    outside += [] if root is None else [line.strip() for line in root.xpath("//text()[not(ancestor::table)]")]
    outside = [line for line in outside if line and len(line) < 500]
    real = [rows for rows in grids if _is_table(rows)]
    found = []
    for position, rows in enumerate(real, 1):
        title = f"{name}#{position}" if len(real) > 1 else name
        table = grid_table(title, rows, work, wanted=wanted, text=outside, encoding=text.encoding)
        found += [table] if table else []
    if not found:
        raise BadInputError("no_table", file=name)
    return found


def _is_table(rows: list[list[str | None]]) -> bool:
    return len(rows) > 1 and max((len(row) for row in rows), default=0) > 1


def _html_rows(table: Any) -> list[list[str | None]]:
    """Return a table's cells; a cell over several columns or rows stands at its first place only."""
    rows: list[list[str | None]] = []
    taken: dict[tuple[int, int], bool] = {}
    for number, row in enumerate(table.iter("tr")):
        cells: list[str | None] = []
        for cell in row.iterchildren("td", "th"):
            while taken.pop((number, len(cells)), False):
                cells.append(None)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for below in range(1, down):
                taken.update({(number + below, len(cells) + right): True for right in range(across)})
            cells += [" ".join(cell.text_content().split()) or None, *[None] * (across - 1)]
        rows.append(cells)
    return rows


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or "1"
    return min(int(value), _LARGEST_SPAN) if value.isdigit() and int(value) else 1
