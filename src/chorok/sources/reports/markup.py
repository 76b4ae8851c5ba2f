"""Tables in HTML, as they stand in Markdown made from other documents, written as lines with tabs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

Line = tuple[str, str]

_START, _END = re.compile(r"<table\b", re.IGNORECASE), re.compile(r"</table\s*>", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^>]*>", re.IGNORECASE)
_CELL = re.compile(r"<t[hd]\b([^>]*)>", re.IGNORECASE)
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?(\d{1,2})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")


def without_markup(lines: Sequence[Line]) -> list[Line]:
    """Return lines (where, text) with each table in HTML put as one line a row, cells apart by tabs.

    A merged cell stands in its first column and row; the others are empty. A row stands where its tag stands.
    """
    found: list[Line] = []
    at = 0
    while at < len(lines):
        if not _START.search(lines[at][1]):
            found.append(lines[at])
            at += 1
            continue
        end = next((k for k in range(at, len(lines)) if _END.search(lines[k][1])), len(lines) - 1)
        found += [("", ""), *_rows(lines[at : end + 1]), ("", "")]
        at = end + 1
    return found


def _rows(lines: Sequence[Line]) -> Iterator[Line]:
    taken: dict[int, int] = {}  # column -> how many rows a merged cell above still covers
    for where, text in _row_texts(lines):
        pieces = _CELL.split(text)[1:]
        cells: list[str] = []
        for attributes, words in zip(pieces[::2], pieces[1::2], strict=True):
            _fill(cells, taken)
            spans = {kind.lower(): int(number) for kind, number in _SPAN.findall(attributes)}
            for column in range(spans.get("col", 1)):
                if spans.get("row", 1) > 1:
                    taken[len(cells)] = spans["row"] - 1
                cells.append("" if column else re.sub(r"\s+", " ", html.unescape(_TAG.sub("", words))).strip())
        _fill(cells, taken)
        yield where, "\t".join(cells) + "\t"


def _fill(cells: list[str], taken: dict[int, int]) -> None:
    while taken.get(len(cells), 0) > 0:
        taken[len(cells)] -= 1
        cells.append("")


def _row_texts(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield where each row begins and its text, however rows and lines fall."""
    where, text = "", ""
    for line, words in lines:
        first, *rows = _ROW.split(words)
        text += " " + first
        for row in rows:
            if where:
                yield where, text
            where, text = line, row
    if where:
        yield where, text
