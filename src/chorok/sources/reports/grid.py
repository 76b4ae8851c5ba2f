"""Tables in running text: cells between tabs, pipes or wide gaps, and the header rows above the figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from chorok.core.checks.report import Place
from chorok.sources.reports.words import YEAR, cell_number

_GAP = re.compile(r" {2,}|\t+")
_RULE = re.compile(r"[\s|:+=-]+")
_YEAR = re.compile(
    rf"(?:FY\s?|fiscal year\s)?(?:{YEAR}(?:[-/]\d\d)?|'\d\d)\s?년?도?\s?(?:\*+|†|\(?(?:p|e|잠정|확정|추정)치?\)"
    r"|\(?(?:preliminary|provisional|final|estimated?|actual)\)?|\(?%\)?)?",
    re.IGNORECASE,
)
NOWHERE = Place("")


@dataclass(frozen=True)
class Row:
    """A row of cells and where it stands."""

    where: str
    cells: tuple[str, ...]

    def place(self) -> Place:
        """Return the row as a place, with its cells as words."""
        return Place(self.where, " | ".join(cell for cell in self.cells if cell))


def tabbed(lines: Sequence[tuple[str, str]]) -> list[Row]:
    """Split lines (where, text) at tabs."""
    return [Row(where, tuple(cell.strip() for cell in text.split("\t"))) for where, text in lines]


def piped(lines: Sequence[tuple[str, str]]) -> list[Row]:
    """Split lines at pipes; rules between header and body are left out."""
    return [
        Row(where, tuple(cell.strip() for cell in text.strip().removeprefix("|").removesuffix("|").split("|")))
        for where, text in lines
        if not _RULE.fullmatch(text)
    ]


def separated(lines: Sequence[tuple[str, str]]) -> list[Row]:
    """Split lines at semicolons; lines that differ in how many they have are no table."""
    rows = [Row(where, tuple(cell.strip(' "') for cell in text.split(";"))) for where, text in lines]
    return rows if len({len(row.cells) for row in rows}) == 1 else []


def aligned(lines: Sequence[tuple[str, str]]) -> list[Row]:
    """Split lines at wide gaps; a line with fewer cells is put under the columns it stands below."""
    split = [(where, _pieces(text)) for where, text in lines if not _RULE.fullmatch(text)]
    widest = max(split, key=lambda row: len(row[1]), default=("", []))[1]
    return [Row(where, _placed(pieces, widest)) for where, pieces in split]


def is_aligned(text: str) -> bool:
    """Tell whether a line has two wide gaps or more between words."""
    return "  " in text and len(_GAP.split(text.strip())) > 2


def _pieces(text: str) -> list[tuple[int, int, str]]:
    found, start, width = [], 0, 0
    for piece in re.split(r"( {2,}|\t+)", text.rstrip()):
        width = start + sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in piece)
        if piece.strip():
            found.append((start, width, piece.strip()))
        start = width
    return found


def _placed(pieces: list[tuple[int, int, str]], columns: list[tuple[int, int, str]]) -> tuple[str, ...]:
    cells = [""] * len(columns)
    if len(pieces) == len(columns):
        return tuple(piece[2] for piece in pieces)
    for start, end, text in pieces:
        near = min(range(len(columns)), key=lambda at: abs(columns[at][0] + columns[at][1] - start - end))
        cells[near] = f"{cells[near]} {text}".strip()
    return tuple(cells)


def is_year(text: str) -> bool:
    """Tell whether a cell is a year and nothing more: '2019', '2019년', "'19", 'FY2019/20', '2019 (preliminary)'."""
    return _YEAR.fullmatch(text.strip()) is not None


def is_figure(text: str) -> bool:
    """Tell whether a cell is a number other than a year."""
    return cell_number(text, NOWHERE) is not None and not is_year(text)


def looks_like_figures(rows: Sequence[Row]) -> bool:
    """Tell whether two rows or more hold two figures or more, beside numbers of lines."""
    return sum(sum(is_figure(cell) for cell in row.cells) > 1 for row in rows) > 1


def header_and_body(rows: Sequence[Row]) -> tuple[tuple[str, ...], list[Row]]:
    """Join the header rows of a table (a cell left empty belongs to the one before it), and return the rows below."""
    width = max((len(row.cells) for row in rows), default=0)
    full = [Row(row.where, (*row.cells, *[""] * (width - len(row.cells)))) for row in rows]
    first = next((at for at, row in enumerate(full) if any(is_figure(cell) for cell in row.cells)), len(full))
    heads = [row.cells for row in full[:first]]
    return tuple(_joined(heads, column) for column in range(width)), full[first:]


def _joined(heads: Sequence[tuple[str, ...]], column: int) -> str:
    words: list[str] = []
    for at, head in enumerate(heads):
        cell = head[column]
        if not cell and any(below[column] for below in heads[at + 1 :]):
            cell = next((head[left] for left in range(column, 0, -1) if head[left]), "")
        if cell and cell not in words:
            words.append(cell)
    return " ".join(words)
