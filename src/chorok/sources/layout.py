"""Where a table's header stands, and which rows are not lines: titles, totals, blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chorok.ledger.engines import quoted
from chorok.sources import headers, units
from chorok.sources.blanks import BLANKS

Row = Sequence[str | None]
LOOK = 50
"""Rows that are looked at for a header."""

_NUMBER = re.compile(r"\s*[-+(△▲₩$£€\\]*\s*\d[\d,. ]*\s*[%)원]?\s*-?\s*")
_DATE = re.compile(r"\s*(\d{4}\s*[-./년]\s*\d{1,2}\b.*|\d{1,2}[-/.]\w{1,3}[-/.]\d{2,4}.*)")
_TOTALS = "소계|합계|총계|누계|총합계|총누계|계|월계|연계|subtotal|sub-total|total|totals|grandtotal"


@dataclass(frozen=True)
class Header:
    """The names of a table's columns and where its data begin (0-based index into the rows looked at)."""

    columns: tuple[str, ...]
    data_from: int
    preamble: tuple[str, ...]
    unit_notes: tuple[tuple[str, str], ...]
    found: bool  # False: no header, columns are numbered


def find_header(rows: Sequence[Row], wanted: Sequence[str] = (), *, keep_width: bool = False) -> Header:
    """Find the header row or rows among the first ones of a table.

    `wanted` are column names a profile knows. With `keep_width` trailing empty columns stay (a CSV file is read by
    position); otherwise they are dropped.
    """
    looked = rows[:LOOK]
    width = _width(rows, keep_width=keep_width)
    at = _header_at(looked, wanted)
    if at is None:
        first = next((index for index, row in enumerate(rows) if _filled(row)), 0)
        return Header(unique([None] * width), first, (), (), found=False)
    named = [index + 1 for index, cell in enumerate(looked[at]) if cell and cell.strip()]
    width = max(width, named[-1])
    two = _second_row(looked, at)
    names = _joined(looked[at], looked[at + 1], width) if two else _padded(looked[at], width)
    preamble = tuple(" ".join(_filled(row)) for row in looked[:at] if _filled(row))
    notes = [(f"row {index + 1}", note) for index, row in enumerate(looked[:at]) for note in _notes(row)]
    return Header(unique(names), at + 1 + two, preamble, tuple(notes), found=True)


def unique(names: Sequence[str | None]) -> tuple[str, ...]:
    """Return names made unique: blank ones 'column 7', repeated ones '금액 (2)'."""
    seen: set[str] = set()
    result = []
    for position, name in enumerate(names, 1):
        plain = " ".join((name or "").split()) or f"column {position}"
        candidate, count = plain, 1
        while candidate in seen:
            count += 1
            candidate = f"{plain} ({count})"
        seen.add(candidate)
        result.append(candidate)
    return tuple(result)


def sql_cell(column: str, around: str = BLANKS) -> str:
    """Return a DuckDB expression: a cell without the blanks around it, NULL when nothing is left.

    `around` are the blanks that may stand there. Trimming a set of characters is slow, so only cells that begin or
    end with one of them are trimmed.
    """
    plain, wide = [mark for mark in around if mark.isascii()], [mark for mark in around if not mark.isascii()]
    tests = [f"{column} < '!'"] * bool(plain)
    tests += [f"suffix({column}, {quoted(mark)})" for mark in plain]
    tests += [f"contains({column}, {quoted(mark)})" for mark in wide]
    trimmed = f"trim({column}, {quoted(BLANKS)})"
    return (
        f"nullif(CASE WHEN {' OR '.join(tests)} THEN {trimmed} ELSE {column} END, '')"
        if tests
        else f"nullif({column}, '')"
    )


def sql_total_row(cells: Sequence[str]) -> str:
    """Return a DuckDB expression: TRUE for a total or subtotal row (소계, 합계, [총계], 2019년 3월 소계, Total ...).

    `cells` are trimmed (`sql_cell`). The first non-empty one decides, after blanks and brackets are taken away. It
    must be the word alone, or a period before it: a supplier named '합계산업' is no total.
    """
    first = f"coalesce({', '.join(cells)}, NULL)"
    bare = f"regexp_replace(lower({first}), {quoted(_DROPPED)}, '', 'g')"
    return f"coalesce(length({first}) < 40 AND regexp_full_match({bare}, {quoted(_TOTAL_ROW)}), false)"


def sql_blank_row(cells: Sequence[str]) -> str:
    """Return a DuckDB expression: TRUE when every cell (trimmed, `sql_cell`) is NULL."""
    return f"(coalesce({', '.join(cells)}, NULL) IS NULL)"


def is_number(text: str | None) -> bool:
    """Tell whether a cell is a number or a date, so that it cannot be a header."""
    return bool(text) and bool(_NUMBER.fullmatch(text or "") or _DATE.fullmatch(text or ""))


_DROPPED = r"[\s\x{00A0}\x{3000}()\[\]<>〈〉【】「」（）:：*=·-]"
_PERIOD = r"(?:(?:\d{2,4}년도?)?(?:\d{1,2}월)?(?:[1-4]/?4?분기)?(?:상반기|하반기)?|\d{4}[./]?(?:\d{1,2})?)"
_TOTAL_ROW = rf"{_PERIOD}(?:{_TOTALS.replace('-', '')})(?:\d+건?)?"


def _filled(row: Row) -> list[str]:
    return [cell.strip() for cell in row if cell and cell.strip()]


def _width(rows: Sequence[Row], *, keep_width: bool) -> int:
    if keep_width:
        lengths = [len(row) for row in rows if len(row) > 1 or _filled(row)]
        return max(set(lengths), key=lengths.count) if lengths else 0
    return max((index + 1 for row in rows for index, cell in enumerate(row) if cell and cell.strip()), default=0)


def _header_at(rows: Sequence[Row], wanted: Sequence[str]) -> int | None:
    filled = [_filled(row) for row in rows]
    if wanted:
        known = {headers.normalise(name) for name in wanted}
        hits = [len(known & {headers.normalise(cell) for cell in cells}) for cells in filled]
        if max(hits, default=0) * 2 > len(known):
            return hits.index(max(hits))
    typical = sorted(len(cells) for cells in filled if cells)[-max(1, len(filled) // 2) :]
    least = max(1, typical[0] // 2) if typical else 1
    plain = [
        index for index, cells in enumerate(filled) if len(cells) >= least and not any(is_number(c) for c in cells)
    ]
    known_words = [(_known(filled[index]), -index) for index in range(len(filled)) if _may_name(filled[index])]
    if known_words and max(known_words)[0] >= 2:
        return _upper(rows, -max(known_words)[1])
    plain = [index for index in plain if len(filled[index]) >= min(2, typical[-1])]
    return plain[0] if plain and plain[0] < max(len(rows) - 1, 1) else None


def _upper(rows: Sequence[Row], at: int) -> int:
    """Return the row above when it is the upper one of a header: it names a filled column that `at` does not."""
    above, below = (rows[at - 1] if at else ()), rows[at]
    places = [place for place, cell in enumerate(above) if cell and not _filled(below[place : place + 1])]
    named = any(_filled(row[place : place + 1]) for row in rows[at + 1 :] for place in places)
    return at - 1 if named and _may_name(_filled(above)) and _second_row(rows, at - 1) else at


def _known(cells: list[str]) -> int:
    return sum(map(headers.is_known, cells))


def _may_name(cells: list[str]) -> bool:
    """Tell whether a row may be a header: no numbers, or a few ('2018') among names mostly known."""
    numbers = sum(map(is_number, cells))
    return numbers == 0 or (numbers * 3 <= len(cells) and _known(cells) * 2 >= len(cells))


def _second_row(rows: Sequence[Row], at: int) -> bool:
    """Tell whether the row below belongs to the header: text that fills gaps of the row above."""
    if at + 1 >= len(rows):
        return False
    above, below = rows[at], rows[at + 1]
    if not _filled(below) or any(is_number(cell) for cell in below):
        return False
    width = max(len(above), len(below))
    pairs = list(zip(_padded(above, width), _padded(below, width), strict=True))
    gaps = [index for index, (up, down) in enumerate(pairs) if down and not up]
    spanned = any(index and (pairs[index - 1][0] or index - 1 in gaps) for index in gaps)
    merged_down = any(up and not down for up, down in pairs)
    later = [row for row in rows[at + 2 :] if _filled(row)]
    numeric_below = any(is_number(row[index]) for row in later for index in gaps if index < len(row))
    return bool(gaps) and spanned and (merged_down or numeric_below)


def _joined(above: Row, below: Row, width: int) -> list[str | None]:
    """Join two header rows with a blank; a group heading above reaches right over its parts."""
    group: str | None = None
    names: list[str | None] = []
    for up, down in zip(_padded(above, width), _padded(below, width), strict=True):
        group = up or (group if down else None)
        same = up and down and up == down
        names.append(" ".join(part for part in ((group,) if same else (group, down)) if part) or None)
    return names


def _padded(row: Row, width: int) -> list[str | None]:
    cells = [cell.strip() or None if cell else None for cell in row[:width]]
    return cells + [None] * (width - len(cells))


def _notes(row: Row) -> list[str]:
    return [note for cell in _filled(row) if units.is_note(cell) for note in units.notes_in(cell)]
