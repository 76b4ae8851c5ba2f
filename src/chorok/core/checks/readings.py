"""What checks read off a report: figures by item and year, names compared, numbers written."""

from __future__ import annotations

import functools
import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from fractions import Fraction

from chorok.core.checks.report import Place, Printed, Report, ShareRow
from chorok.core.checks.results import Said, Word
from chorok.core.money import round_half_away, rounding_interval

TOTAL = Word("total")
Interval = tuple[Fraction, Fraction]
FIRST_YEAR = 1900
"""No report looks back beyond it."""
HANGUL = chr(0xAC00)
"""The first of the syllables of Hangul, which stand behind all other letters that reports are written in."""


@dataclass(frozen=True)
class Figure:
    """A rate of an item (None: the total) in a year, as printed, in percent."""

    item: str | None
    year: int
    rate: Printed
    set_on: date | None = None
    revision_reason: str = ""

    @property
    def title(self) -> Said:
        """How the item is called."""
        return TOTAL if self.item is None else self.item

    @property
    def interval(self) -> Interval:
        """What rounds to the printed rate."""
        return rounding_interval(self.rate.text)


Figures = dict[tuple[str, int], Figure]
"""Figures by item, as `key` writes it ('' for the total), and year."""


def key(name: str | None) -> str:
    """Return a name as it is compared: without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", name or "").casefold()


def own_rows(report: Report) -> dict[int, ShareRow]:
    """Return the report's own rows of amounts by year: those of its organisation, or of the only one there is."""
    rows = [row for row in report.shares if row.item is None]
    mine = [row for row in rows if key(row.organisation) == key(report.organisation)]
    alone = len({key(row.organisation) for row in rows}) == 1
    sums = sum_tables(report)
    found: dict[int, ShareRow] = {}
    for row in sorted(mine or (rows if alone else []), key=lambda row: (row.year, key(row.table) in sums)):
        found.setdefault(row.year, row)
    return found


def sum_tables(report: Report) -> set[str]:
    """Return the tables, as `key` writes them, that list others too: their row of the whole may only be a sum."""
    listed = {key(row.table) for row in report.item_shares if row.item}
    of_table: dict[str, set[str]] = defaultdict(set)
    for row in report.shares:
        of_table[key(row.table)].add(key(row.organisation))
    return listed | {table for table, organisations in of_table.items() if len(organisations) > 1}


def results(report: Report) -> Figures:
    """Return what was reached: rates of tables of targets first, then the total's shares, then those of sentences."""
    found: Figures = {}
    for rate in report.rates:
        if rate.kind == "result":
            found.setdefault((key(rate.item), rate.year), Figure(rate.item, rate.year, rate.rate))
    for year, row in own_rows(report).items():
        if row.share:
            found.setdefault(("", year), Figure(None, year, row.share))
    for said in report.stated:
        found.setdefault(("", said.year), Figure(None, said.year, said.rate))
    return found


def targets(report: Report) -> Figures:
    """Return what was aimed at: rates of tables of targets first, then aims that running text names."""
    found: Figures = {}
    for rate in report.rates:
        if rate.kind == "target":
            figure = Figure(rate.item, rate.year, rate.rate, rate.set_on, rate.revision_reason)
            found.setdefault((key(rate.item), rate.year), figure)
    for goal in report.goals:
        found.setdefault((key(goal.item), goal.year), Figure(goal.item, goal.year, goal.rate))
    return found


def before(figures: Figures, item: str | None, year: int) -> Figure | None:
    """Return the latest figure of an item before a year."""
    name = key(item)
    return next((figures[name, when] for when in range(year - 1, FIRST_YEAR, -1) if (name, when) in figures), None)


def quotient(row: ShareRow) -> Interval | None:
    """Return the share in percent that amounts printing like the row's can give, or None where there are none."""
    if not (row.total and row.green):
        return None
    (green_low, green_high), (total_low, total_high) = (
        rounding_interval(row.green.text),
        rounding_interval(row.total.text),
    )
    return (green_low / total_high * 100, green_high / total_low * 100) if total_low > 0 else None


def meet(one: Interval, other: Interval) -> bool:
    """Tell whether two intervals have a value in common."""
    return one[0] <= other[1] and other[0] <= one[1]


def places(*stated: Printed | Place | None) -> tuple[Place, ...]:
    """Return the places of numbers, each once, those that are missing left out."""
    found = [one.place if isinstance(one, Printed) else one for one in stated if one]
    return tuple(dict.fromkeys(found))


def number(value: Fraction, digits: int = 2) -> str:
    """Write a number, rounded once, with thousands separators."""
    return f"{round_half_away(value, digits):,f}"


def signed(value: Fraction, digits: int = 2) -> str:
    """Write a number with its sign: '+8.3'."""
    return f"{round_half_away(value, digits):+,f}"


def points(one: Printed, other: Printed) -> str:
    """Write by how much one rate is above another, in %p, with the decimals of the finer one."""
    return signed(one.value - other.value, max(one.digits, other.digits))


def relative(one: Printed, other: Printed) -> str:
    """Write by how many percent one rate is above another, or a dash where the other is 0."""
    return signed((one.value / other.value - 1) * 100) if other.value else "–"


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, without punctuation and markup."""
    return re.findall(r"[^\W_]+", re.sub(r"<[^>]*>", " ", text).casefold())


@functools.lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """Return words by their beginning (two letters of Hangul, six of others), without those of up to three letters.

    So endings do not tell words apart, and articles do not make texts alike.
    """
    found = (word[:2] if word[0] >= HANGUL else word[:6] for word in words(text) if len(word) > 3 or word[0] >= HANGUL)
    return frozenset(found)


def about(item: str, text: str) -> bool:
    """Tell whether a text names an item: all of its words are in there, plural or not."""
    whole = key(text)
    return bool(words(item)) and all((word[:-1] if word.endswith("s") else word) in whole for word in words(item))


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are one, the shorter being the beginning of the longer: 'Haneul', 'Haneul City'."""
    short, long = sorted((key(one), key(other)), key=len)
    return bool(short) and long.startswith(short)


def month_end(year: int, month: int) -> date | None:
    """Return the last day of a month, or None for a year that the calendar does not have."""
    return date(year, month, monthrange(year, month)[1]) if MINYEAR <= year < MAXYEAR else None


def distinct(names: Iterable[str]) -> list[str]:
    """Return names each once, as first written."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(key(name), name)
    return list(found.values())
