"""How figures are written on pages and in files: one way for all tables and tiles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from chorok.core.money import Share, percent, round_half_away, written
from chorok.site.config.language import say

MINUS = "\N{MINUS SIGN}"


def money(amount: int, currency: str) -> str:
    """Return an amount with its unit."""
    return say("site.performance.money.KRW" if currency == "KRW" else "site.performance.money.other",
               amount=written(amount, currency), currency=currency)  # fmt: skip


def short_money(amount: int, currency: str) -> str:
    """Return a big amount of won in millions, rounded once; others whole."""
    if currency != "KRW" or abs(amount) < 100_000_000:
        return money(amount, currency)
    return say("site.performance.money.millions", amount=f"{round_half_away(Fraction(amount, 1_000_000), 0):,}")


def rate(value: Fraction | None, none: str = "not_defined") -> str:
    """Return a share in percent, or why there is none (`word.<none>`)."""
    return say(f"word.{none}") if value is None else say("grounds.percent", value=percent(value))


def bounds(share: Share | None) -> str:
    """Return the bounds of a share; nothing where they are the share itself."""
    if share is None or share.low is None or share.high is None or not (share.undetermined or share.unknown):
        return ""
    return say("site.performance.bounds", low=percent(share.low), high=percent(share.high))


def points(value: Fraction | Decimal) -> str:
    """Return a difference in %p with its sign; a fraction is a ratio of one."""
    shown = round_half_away(value * 100, 2) if isinstance(value, Fraction) else value
    return say("site.performance.points", value=f"{shown:+}".replace("-", MINUS))


@dataclass(frozen=True)
class Cell:
    """What stands in a table: the value that a file gets, and how a page writes it, perhaps with a link."""

    value: Any
    shown: str
    url: str = ""


def cell(value: Any, url: str = "") -> Cell:
    """Return a cell of a text, a number or a day."""
    if value is None:
        return Cell(None, "–", url)
    if isinstance(value, int) and not isinstance(value, bool):
        return Cell(value, f"{value:,}", url)
    return Cell(value.isoformat() if isinstance(value, date) else value, str(value), url)


def money_cell(amount: int | None, currency: str, url: str = "") -> Cell:
    """Return a cell of an amount; the unit stands in the caption."""
    return cell(None) if amount is None else Cell(amount, written(amount, currency), url)


def rate_cell(value: Fraction | None, none: str = "not_defined", url: str = "") -> Cell:
    """Return a cell of a share in percent."""
    shown = percent(value)
    return Cell(shown, say(f"word.{none}") if shown is None else str(shown), url)


def points_cell(value: Fraction | Decimal | None) -> Cell:
    """Return a cell of a difference in %p."""
    if value is None:
        return cell(None)
    shown = round_half_away(value * 100, 2) if isinstance(value, Fraction) else value
    return Cell(shown, f"{shown:+}".replace("-", MINUS))


@dataclass(frozen=True)
class Head:
    """A column: its key (headed `site.performance.column.<key>`), and whether it holds numbers."""

    key: str
    number: bool = False
    called: str = ""  # a head of its own, where the key says too little

    @property
    def text(self) -> str:
        """What stands above it."""
        return self.called or say(f"site.performance.column.{self.key}")


def _written(opened: str, one: Cell, closed: str) -> str:
    text = escape(one.shown)
    return f'{opened}<a href="{escape(one.url)}">{text}</a>{closed}' if one.url else f"{opened}{text}{closed}"


@dataclass(frozen=True)
class Table:
    """A table of a page and of its files. `name` is how its file is asked for."""

    name: str
    caption: str
    columns: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()

    @classmethod
    def of(cls, name: str, caption: str, columns: Sequence[Head], rows: Iterable[Sequence[Cell]]) -> Table:
        """Make a table from rows of cells in the order of the columns."""
        return cls(name, caption, tuple(columns), tuple(tuple(row) for row in rows))

    @property
    def every(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows, and the total where there is one."""
        return (*self.rows, self.total) if self.total else self.rows

    @property
    def body(self) -> SafeString:
        """The rows of `<tbody>`, not written by a template, which takes ten times as long over a thousand cells."""
        kinds = [' class="number"' if column.number else "" for column in self.columns]
        opened = [f"<td{kind}>" for kind in kinds]
        closed = ["</td>"] * len(kinds)
        if kinds and not kinds[0]:
            opened[0], closed[0] = '<th scope="row">', "</th>"
        rows = ("".join(map(_written, opened, row, closed)) for row in self.every)
        return SafeString("".join(f"<tr>{row}</tr>" for row in rows))

    @property
    def lines(self) -> list[list[Any]]:
        """The rows as a file has them."""
        return [[one.value for one in row] for row in self.every]

    def sorted(self, wish: str) -> Table:
        """Return the table sorted by a column, `-key` downwards; what has no value stands last."""
        key, down = wish.removeprefix("-"), wish.startswith("-")
        place = next((number for number, column in enumerate(self.columns) if column.key == key), None)
        if place is None:
            return self
        there = [row for row in self.rows if row[place].value is not None]
        ordered = sorted(there, key=lambda row: row[place].value, reverse=down)
        return replace(self, rows=(*ordered, *(row for row in self.rows if row[place].value is None)))

    def fitting(self, words: str) -> Table:
        """Return the rows that have some words in one of their texts."""
        wanted = words.strip().casefold()
        found = (row for row in self.rows if any(wanted in one.shown.casefold() for one in row))
        return replace(self, rows=tuple(found)) if wanted else self
