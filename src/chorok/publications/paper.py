"""A document of text, facts and tables, before it is a file: worded, in order, without any format's markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chorok.wording import Language

Align = Literal["left", "center", "right"]
Pair = tuple[str, str]
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What no document can show as it is, or what turns the direction of the text after it."""


@dataclass(frozen=True)
class Section:
    """The heading of a part."""

    text: str
    kind: Literal["section"] = "section"


@dataclass(frozen=True)
class Text:
    """A paragraph; line ends are kept."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Items:
    """Numbered sentences."""

    texts: tuple[str, ...]
    kind: Literal["items"] = "items"


@dataclass(frozen=True)
class Facts:
    """Labels with their values, one or two of them a row; a single one is as wide as the page."""

    rows: tuple[tuple[Pair, ...], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Table:
    """A table whose head stands again on each page. `widths` are parts of the page's width."""

    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Align, ...]
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Boxes:
    """Boxes to sign in: above each whose it is; in it the name, or nothing; below it the day. `label` stands beside."""

    label: str
    boxes: tuple[tuple[str, str, str], ...]
    kind: Literal["boxes"] = "boxes"


Block = Section | Text | Items | Facts | Table | Boxes


@dataclass(frozen=True)
class Paper:
    """A document of a day. `mark` stands at the head of every page, `foot` at its foot beside the page's number."""

    title: str
    language: Language
    day: date
    author: str
    foot: str
    mark: str
    blocks: tuple[Block, ...]


def shown(text: str) -> str:
    """Return a text with what cannot be shown written as its code, such as [U+0007]; nothing is left out."""
    return UNSEEN.sub(code, text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def short(text: str, most: int) -> str:
    """Return a text in one line, cut with '…' where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def code(found: re.Match[str]) -> str:
    """Return characters as their codes."""
    return "".join(f"[U+{ord(one):04X}]" for one in found[0])
