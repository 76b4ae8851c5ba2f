"""Numbers of a workbook as its cells show them: the decimals and the percent sign of their formats.

What a report prints is what a reader sees: 58 under the format '0.0' is 58.0, and 0.646 under '0.0%' is 64.6.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from lxml import etree

from chorok.core.money import round_half_away

_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 39: "#,##0.00"}
_NUMERIC = re.compile(r"[^\[\]\"]*?[#0][#,0]*(?:\.(0+))?")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": False}

Formats = Mapping[tuple[str, int, int], str]
"""(sheet, row, column), both from 1 -> number format."""


def formats(path: Path) -> Formats:
    """Return the number formats of an xlsx workbook's numeric cells; none for other kinds of workbooks."""
    try:
        with zipfile.ZipFile(path) as book:
            return _formats(book)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return {}


def show(text: str, form: str | None) -> str:
    """Return a number as its cell shows it; as it is where the format says nothing of decimals."""
    found = _NUMERIC.match(form.split(";")[0]) if form else None
    if not form or not found or not re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return text
    percent = "%" in form
    value = Fraction(text) * (100 if percent else 1)
    return f"{round_half_away(value, len(found[1] or ''))}{'%' if percent else ''}"


def _formats(book: zipfile.ZipFile) -> dict[tuple[str, int, int], str]:
    styles = _styles(book)
    found: dict[tuple[str, int, int], str] = {}
    for sheet, part in _sheets(book).items():
        for _, cell in etree.iterparse(book.open(part), tag="{*}c", **_PARSER):
            style = styles.get(int(cell.get("s", "0")))
            where = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", ""))
            if style and where and cell.get("t", "n") == "n":
                found[sheet, int(where[2]), _column(where[1])] = style
            cell.clear()
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _tree(book: zipfile.ZipFile, part: str) -> etree._Element:
    return etree.fromstring(book.read(part), etree.XMLParser(**_PARSER))


def _sheets(book: zipfile.ZipFile) -> dict[str, str]:
    parts = {one.get("Id"): one.get("Target") for one in _tree(book, "xl/_rels/workbook.xml.rels")}
    sheets = _tree(book, "xl/workbook.xml").iter("{*}sheet")
    return {one.get("name"): f"xl/{parts[one.get(_RELATION)].removeprefix('/xl/')}" for one in sheets}


def _styles(book: zipfile.ZipFile) -> dict[int, str]:
    """Return style number -> number format, where it says how decimals are shown."""
    tree = _tree(book, "xl/styles.xml")
    own = {int(one.get("numFmtId")): one.get("formatCode") for one in tree.iter("{*}numFmt")}
    used = [int(one.get("numFmtId", "0")) for one in tree.iterfind("{*}cellXfs/{*}xf")]
    named = {at: own.get(number) or _BUILT_IN.get(number) for at, number in enumerate(used)}
    return {at: form for at, form in named.items() if form and form != "General"}
