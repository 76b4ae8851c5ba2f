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
_CAPTION = re.compile(r"<caption\b[^>]*>(.{0,400}?)</caption\s*>", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype html|html|body)\b", re.IGNORECASE)
_UNSEEN = re.compile(r"<(style|script)\b", re.IGNORECASE)
_BLOCK = re.compile(
    r"<(/?)(h[1-6]|li|ul|ol|p|div|br|dl|dt|dd|section|article|title|blockquote|header|footer|main|body|head)\b[^<>]{0,400}>",
    re.IGNORECASE,
)


def without_markup(lines: Sequence[Line]) -> list[Line]:
    """Return lines (where, text) with each table in HTML put as one line a row, cells apart by tabs.

    A merged cell stands in its first column and row; the others are empty. A row stands where its tag stands.
    """
    if any(_PAGE.search(text) for _, text in lines[:20]):
        lines = list(_page(lines))
    found: list[Line] = []
    at = 0
    while at < len(lines):
        if not _START.search(lines[at][1]):
            found.append(lines[at])
            at += 1
            continue
        end = next((k for k in range(at, len(lines)) if _END.search(lines[k][1])), len(lines) - 1)
        where, above = _caption(lines[at : end + 1])
        found += [("", ""), *([(where, above), ("", "")] if above else []), *_rows(lines[at : end + 1]), ("", "")]
        at = end + 1
    return found


def _page(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield a page in HTML as headings, list items and paragraphs of Markdown; tables stay as they are."""
    unseen, in_table, depth, mark = "", False, 0, ""
    for where, text in lines:
        if unseen or _UNSEEN.search(text):
            unseen = unseen or _UNSEEN.findall(text)[-1]
            unseen = "" if re.search(rf"</{unseen}\s*>", text, re.IGNORECASE) else unseen
            continue
        if in_table or _START.search(text):
            in_table = not _END.search(text)
            yield where, text
            continue
        first, *pieces = _BLOCK.split(text)
        said = [("", "", first), *zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)]
        for closing, tag, words in said:
            name = tag.lower()
            depth += {"ul": 1, "ol": 1}.get(name, 0) * (-1 if closing else 1)
            if name:
                yield where, ""
                mark = "" if closing else _mark(name, depth)
            if plain := html.unescape(_TAG.sub("", words)).strip():
                yield where, mark + plain
                mark = ""


def _mark(tag: str, depth: int) -> str:
    if tag == "li":
        return "  " * max(depth - 1, 0) + "- "
    return "#" * int(tag[1]) + " " if tag[1:].isdigit() else ""


def _caption(lines: Sequence[Line]) -> Line:
    found = _CAPTION.search(" ".join(text for _, text in lines))
    return lines[0][0], html.unescape(_TAG.sub("", found[1])).strip() if found else ""


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
                cells.append(
                    "" if column else re.sub(r"\s+", " ", html.unescape(_TAG.sub("", _BLOCK.sub(" ", words)))).strip()
                )
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
