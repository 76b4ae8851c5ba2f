"""A text as a tree: headings, list items, paragraphs, captions and tables, each with its line.

Markdown and plain text alike: '#', bold lines, numbered headings, bullets by rank, notes, lines that go on below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from chorok.core.checks.report import Place
from chorok.sources.reports import grid
from chorok.sources.reports.grid import Row
from chorok.sources.reports.words import COUNTS, alike, sentences

Kind = Literal["heading", "item", "text", "caption", "note", "table"]

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*$")
_BOLD = re.compile(r"\s*(?:\*\*|__)(.{1,200}?)(?:\*\*|__)\s*(.*)$")
_ROMAN = re.compile(r"([IVX]{1,5})\s?[.)]\s+(\S.{0,78})$")
_NUMBERED = re.compile(r"(?:제\s?)?(\d{1,2}|[가-하])\s?[.장절]\s+(\S.{0,58})$")
_MARKER = re.compile(
    r"(\s*)(?:([-+•○●◦❍ᄋ□■◆▣▶◇▪▷※]|\*(?!\*)|\(?\d{1,2}\)|\(?[가-하]\))\s*(?=\S)|(\d{1,2}|[가-하])\.\s+(?=\S))"
)
_CAPTION = re.compile(r"\s*[\[<(【]?\s*(?:table|표)\s?\.?\s?(\d{1,3}(?:-\d{1,3})?)\s*[\]>).:】]?", re.IGNORECASE)
_UNIT = re.compile(r"\s*[(\[]?\s*(?:units?|단\s?위)\s*[:：]", re.IGNORECASE)
_LABEL = re.compile(r"([^:\d.|]{1,40}?)\s*:\s*(?=\S)")
_BARE_LABEL = re.compile(
    r"(Date|Venue|Participants|Participating Districts(?:\s?\(gu\))?|Open to|(?:Training )?Contents?"
    r"|일시|장소|참석자?|내용)\s+(?=\S)"
)
"""Labels of list items whose colon or bold type was lost on the way to text."""
_BRACKET = re.compile(r"[(\[]([^()\[\]]{1,60})[)\]]\s*")
_LINE_ACROSS = re.compile(r"\s*[-*_=]{3,}\s*")
_PAGE_NUMBER = re.compile(r"\s*(?:-\s*\d{1,3}\s*-|(?:page\s)?\d{1,3}(?:\s?(?:/|of)\s?\d{1,3})?)\s*", re.IGNORECASE)
_CUT = re.compile(r"\b([A-Za-z]{2,20})-$")
_COMPOUNDS = frozenset((*COUNTS, "multi", "non", "self", "long", "short", "mid", "well", "eco", "low", "high"))
"""What stands before a hyphen that stays when a line ends there."""
_RANKS = {"□": 20, "■": 20, "◆": 20, "▣": 20, "▶": 20, "◇": 20, "▷": 20, "○": 24, "●": 24, "◦": 24, "❍": 24, "ᄋ": 24,
          "•": 24, "▪": 60, "※": 90}  # fmt: skip
PLAIN, NUMBER = 30, 50
LONGEST_BLOCK, LONGEST_SENTENCE = 8_000, 2_000
"""Characters. No report has longer ones; what is longer is not read, and said to be unread."""


@dataclass
class Node:
    """A block of a report. `rank`: the smaller, the higher up. `label` stands before the words: '**Date** ...'.

    `category` is a label in brackets: '(Guidelines) Make ...'. `starts` tells where in the text each line begins.
    """

    kind: Kind
    line: str
    text: str
    rank: int = 99
    indent: int = 0
    label: str = ""
    category: str = ""
    rows: list[Row] = field(default_factory=list)
    starts: list[tuple[int, str]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None
    order: int = 0  # among all blocks, in the order of the text

    def walk(self) -> Iterator[Node]:
        """Yield the nodes below, in the order of the text."""
        for child in self.children:
            yield child
            yield from child.walk()

    def trail(self) -> Iterator[Node]:
        """Yield the nodes above, from the nearest."""
        above = self.parent
        while above is not None and above.parent is not None:
            yield above
            above = above.parent

    def go_on(self, where: str, text: str) -> None:
        """Add a further line; a word that the end of the line before it cut in two becomes one again."""
        cut = _CUT.search(self.text) if text[:1].islower() else None
        if cut and cut[1].lower() not in _COMPOUNDS:
            self.text = self.text[:-1]
        self.text += "" if cut else " "
        self.starts.append((len(self.text), where))
        self.text += text

    def place(self) -> Place:
        """Return where the node stands, with its words."""
        return Place(self.line, self.text)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a report, or a cell of words, with its place."""

    text: str
    place: Place
    node: Node


def spoken(root: Node) -> list[Sentence]:
    """Return all sentences in order: of items, paragraphs and notes, and of the cells of tables that hold words."""
    found: list[Sentence] = []
    for node in root.walk():
        if node.kind == "table":
            found += _cells(node)
        elif node.kind not in ("heading", "caption"):
            for start, text in sentences(node.text):
                where = next(line for begin, line in reversed(node.starts) if begin <= start)
                found.append(Sentence(text, Place(where, text), node))
    return found


def _cells(node: Node) -> list[Sentence]:
    return [
        Sentence(text, Place(row.where, text), node)
        for row in node.rows
        for cell in row.cells
        if len(cell) > 12 and any(sign.isalpha() for sign in cell)
        for _, text in sentences(cell)
    ]


def outline(lines: Sequence[tuple[str, str]]) -> Node:
    """Return the tree of a text given as lines (where, text)."""
    root = Node("heading", "", "", rank=-1)
    opened = [root]
    plain = [(where, alike(text)) for where, text in lines]
    marked = any(_HEADING.match(text) for _, text in plain)
    for order, node in enumerate(_blocks(plain, marked=marked), 1):
        node.order = order
        if node.kind in ("heading", "item", "note"):
            while not _stands_above(opened[-1], node):
                opened.pop()
        node.parent = opened[-1]
        opened[-1].children.append(node)
        if node.kind in ("heading", "item", "note"):
            opened.append(node)
    return root


def _stands_above(above: Node, node: Node) -> bool:
    """Tell whether a block belongs under an open one: by their ranks; dashes and numbers by how far they are in."""
    ranks = range(PLAIN, NUMBER + 10)
    if above.rank in ranks and node.rank in ranks and above.indent != node.indent:
        return above.indent < node.indent
    return above.rank < node.rank


def _blocks(lines: Sequence[tuple[str, str]], *, marked: bool) -> Iterator[Node]:
    """Yield the blocks; `marked`: headings have marks, so that a number before a line is one of a list."""
    at, last = 0, None
    while at < len(lines):
        where, text = lines[at]
        end, rows = _table(lines, at)
        if rows:
            yield Node("table", where, "", rows=rows)
            at, last = end, None
            continue
        at += 1
        if not text.strip() or _LINE_ACROSS.fullmatch(text) or _PAGE_NUMBER.fullmatch(text):
            last = None
        elif last is not None and len(last.text) < LONGEST_BLOCK and _goes_on(text):
            last.go_on(where, text.strip())
        else:
            if (node := _node(where, text, marked=marked)) is None:
                continue
            last = node if node.kind != "heading" else None
            yield node


def _table(lines: Sequence[tuple[str, str]], at: int) -> tuple[int, list[Row]]:
    """Return the rows of the table that begins at a line and the line behind it; no rows where none begins."""
    for fits, split, least in (
        (_has_tab, grid.tabbed, 1), (_has_pipes, grid.piped, 2), (_has_semicolons, grid.separated, 2),
        (_has_gaps, grid.aligned, 2),
    ):  # fmt: skip
        if fits(lines[at][1]):
            end = at
            while end < len(lines) and fits(lines[end][1]):
                end += 1
            if end - at >= least:
                return end, split(lines[at:end])
    return at, []


def _has_tab(text: str) -> bool:
    return "\t" in text.rstrip(" ") and bool(text.strip()) and "\t" in text.rstrip("\r\n")


def _has_pipes(text: str) -> bool:
    return text.count("|") > 1


def _has_semicolons(text: str) -> bool:
    return text.count(";") > 1 and ". " not in text and not _MARKER.match(text)


def _has_gaps(text: str) -> bool:
    return grid.is_aligned(text) and not _MARKER.match(text)


def _goes_on(text: str) -> bool:
    """Tell whether a line continues the block above it rather than beginning one of its own."""
    starts = (_HEADING, _BOLD, _ROMAN, _NUMBERED, _MARKER, _CAPTION, _UNIT)
    return not any(pattern.match(text) for pattern in starts) and not _label(text.strip())[0]


def _node(where: str, text: str, *, marked: bool) -> Node | None:
    node = _heading(where, text, marked=marked) or _plain(where, text)
    if node:
        node.starts = [(0, where)]
        node.text = node.text.replace("**", "").replace("__", "").strip()
    return node if node and node.text else None


def _heading(where: str, text: str, *, marked: bool) -> Node | None:
    if found := _HEADING.match(text):
        return Node("heading", where, found[2], rank=len(found[1]))
    if found := _ROMAN.match(text.strip()):
        return Node("heading", where, found[2], rank=2)
    if (found := _BOLD.fullmatch(text)) and not found[2]:
        return Node("heading", where, found[1], rank=8)
    found = _NUMBERED.match(text) if not marked and not text[:1].isspace() else None
    if found and ":" not in text and not re.search(r"[.!?]\s*$|다$", found[2]):
        return Node("heading", where, found[2], rank=4 if found[1].isdigit() else 6)
    return None


def _plain(where: str, text: str) -> Node:
    if _CAPTION.match(text) and not text.rstrip().endswith("."):
        return Node("caption", where, text)
    if _UNIT.match(text):
        return Node("caption", where, text)
    marker = _MARKER.match(text)
    body = (text[marker.end() :] if marker else text).strip().removeprefix("※").lstrip()
    label, category = _label(body)
    bare = _BARE_LABEL.match(body) if marker and not label and not category else None
    label = bare[1] if bare else label
    indent = _indent(marker)
    return Node(_kind(marker), where, body, _rank(marker, indent), indent, label, category)


def _kind(marker: re.Match[str] | None) -> Kind:
    if marker is None:
        return "text"
    return "note" if marker[2] == "※" else "item"


def _indent(marker: re.Match[str] | None) -> int:
    return min(len(marker[1].expandtabs(4)), 9) if marker else 0


def _rank(marker: re.Match[str] | None, indent: int) -> int:
    if marker is None:
        return 99
    sign = (marker[2] or "").strip()
    return _RANKS.get(sign, (PLAIN if sign in ("-", "*", "+") else NUMBER) + indent)


def _label(body: str) -> tuple[str, str]:
    """Return (label, category) of words like '**Date** ...', 'Date: ...' and '(Guidelines) ...'."""
    if found := _BOLD.fullmatch(body):
        bold = found[1].strip(" :")
        bracketed = _BRACKET.fullmatch(bold)
        return ("", bracketed[1]) if bracketed else (bold, "")
    if found := _LABEL.match(body):
        return found[1].strip(), ""
    found = _BRACKET.match(body)
    return ("", found[1]) if found else ("", "")


def value_of(node: Node) -> str:
    """Return the words of a labelled node behind its label."""
    for label in filter(None, (node.label, f"({node.category})" if node.category else "")):
        if node.text.startswith(label):
            return node.text[len(label) :].lstrip(" :")
    return node.text
