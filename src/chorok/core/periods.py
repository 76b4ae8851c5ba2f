"""Years, halves, quarters and months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

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
        return Period(begin.since if begin else _BEGINNING, end.until if end else FOREVER)
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


def month_number() -> nw.Expr:
    """Return the column `month_number` = year * 12 + month - 1 of `bought_on`: the grain of every summary."""
    bought_on = nw.col("bought_on")
    return (bought_on.dt.year().cast(nw.Int64) * 12 + bought_on.dt.month().cast(nw.Int64) - 1).alias("month_number")


def label(month: int, grain: str) -> str:
    """Return the name of the period that a month number falls in: '2019', '2019H1', '2019Q3', '2019-07'."""
    year, index = divmod(month, 12)
    if grain == "year":
        return str(year)
    if grain == "half":
        return f"{year}H{index // 6 + 1}"
    if grain == "quarter":
        return f"{year}Q{index // 3 + 1}"
    return f"{year}-{index + 1:02d}"
