"""Years, halves, quarters and months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from chorok.core.errors import UsageError

GRAINS = ("year", "half", "quarter", "month")
_FORM = re.compile(r"(\d{4})(?:-?(?:(H)([12])|(Q)([1-4])|(0[1-9]|1[0-2])))?")
_BEGINNING = date(1, 1, 1)
FOREVER = date(9999, 12, 31)


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of days, `until` exclusive."""

    since: date
    until: date


def parse(text: str) -> Period:
    """Read '2019', '2019H1', '2019-Q3', '2019-07' or 'A..B' (both included). Raises UsageError."""
    first, dots, last = text.partition("..")
    if dots:
        begin, end = parse(first) if first else None, parse(last) if last else None
        found = Period(begin.since if begin else _BEGINNING, end.until if end else FOREVER)
        if found.since >= found.until:
            raise UsageError("period_backwards", period=text)
        return found
    match = _FORM.fullmatch(text.strip().upper())
    if not match:
        raise UsageError("period_unknown", period=text)
    year = int(match[1])
    if match[2]:
        return _months(year, 6 * int(match[3]) - 5, 6)
    if match[4]:
        return _months(year, 3 * int(match[5]) - 2, 3)
    return _months(year, int(match[6]), 1) if match[6] else _months(year, 1, 12)


def _months(year: int, first: int, count: int) -> Period:
    after = first + count
    return Period(date(year, first, 1), date(year + 1, 1, 1) if after > 12 else date(year, after, 1))


def during(lines: nw.LazyFrame[Any], period: Period | None) -> nw.LazyFrame[Any]:
    """Return the lines bought in a period; all of them for None. Lazy."""
    if period is None:
        return lines
    return lines.filter((nw.col("bought_on") >= nw.lit(period.since)) & (nw.col("bought_on") < nw.lit(period.until)))


PER_YEAR = {"year": 1, "half": 2, "quarter": 4, "month": 12}
"""Periods a year, by grain."""


def number(grain: str) -> nw.Expr:
    """Return the column `period`: year * periods a year + index, of `bought_on`, as Int64."""
    bought_on, count = nw.col("bought_on"), PER_YEAR[grain]
    year = bought_on.dt.year().cast(nw.Int64)
    if count == 1:
        return year.alias("period")
    return (year * count + (bought_on.dt.month().cast(nw.Int64) - 1) // (12 // count)).alias("period")


def label(value: int, grain: str) -> str:
    """Return the name of a period by its number: '2019', '2019H1', '2019Q3', '2019-07'."""
    year, index = divmod(value, PER_YEAR[grain])
    if grain == "year":
        return str(year)
    return f"{year}-{index + 1:02d}" if grain == "month" else f"{year}{grain[0].upper()}{index + 1}"


def numbered(period: Period) -> tuple[str, int] | None:
    """Return the grain and number of a period that is one year, half, quarter or month; None for any other."""
    months = (period.until.year - period.since.year) * 12 + period.until.month - period.since.month
    grain = next((name for name, count in PER_YEAR.items() if 12 // count == months), None)
    if grain is None or (period.since.month - 1) % months or period.since.day != 1 or period.until.day != 1:
        return None
    return grain, period.since.year * PER_YEAR[grain] + (period.since.month - 1) // months


def steps(grain: str, first: int, last: int) -> list[str]:
    """Return the names of the periods from one number to a later one, year by year where both lie alike in the year.

    2015..2019 gives five years, 2018H1..2020H1 three first halves, 2018H1..2019H2 just these two.
    """
    count = PER_YEAR[grain]
    stride = count if (last - first) % count == 0 else last - first
    return [label(value, grain) for value in range(first, last + 1, stride)]
