"""The green share: lines joined once to the timeline, grouped once, conditional integer sums (rules 1.1).

Bases: `eligible` (the default), `all_goods` (every goods line is in the denominator), `eligible_less_grounds`
(eligible without what was not bought green on a recorded ground).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import add, attrgetter, sub
from typing import Any

import narwhals as nw

from chorok.core.days import on_their_day
from chorok.core.money import Share

BASES = ("eligible", "all_goods", "eligible_less_grounds")

SUMS = (
    "lines",
    "amount",
    "green",
    "not_green",
    "undetermined",
    "unknown",
    "not_eligible",
    "not_known",
    "exempt",
    "materials_unknown",
)
"""Columns of a cell: a count of lines, then sums in smallest currency units.

`unknown` is V (item group not known), `not_known` what lies before a local definition, `exempt` the part of not green
that has a recorded ground, `materials_unknown` works and services whose materials are not named (rules 1.4).
"""


_SUMS = attrgetter(*SUMS)


def cells(lines: nw.LazyFrame[Any], timeline: nw.LazyFrame[Any], by: Mapping[str, nw.Expr]) -> nw.LazyFrame[Any]:
    """Return one row a group with the columns of `SUMS`; lazy, nothing is executed here.

    `lines` has the canonical purchase columns, `timeline` those of a timeline; `by` maps the name of a key to an
    expression over columns of either.
    """
    keys = [expression.alias(name) for name, expression in by.items()]
    wanted = [*keys, *(_amount_where(name, where) for name, where in _conditions().items())]
    joined = on_their_day(lines, timeline)
    sums = [nw.len().cast(nw.Int64).alias("lines"), *(nw.col(name).sum().cast(nw.Int64) for name in SUMS[1:])]
    return joined.select(*wanted, nw.col("amount")).group_by(*by).agg(*sums)


def _conditions() -> dict[str, nw.Expr]:
    state, grouped = nw.col("state"), ~nw.col("item_group").is_null()
    coded = nw.col("product_id").is_null() & nw.col("class_code").is_null() & nw.col("detail_code").is_null()
    return {
        "green": state == "green",
        "not_green": state == "not_green",
        "undetermined": (state == "undetermined") & grouped,
        "unknown": (state == "undetermined") & ~grouped,
        "not_eligible": state == "not_eligible",
        "not_known": state == "not_known",
        "exempt": (state == "not_green") & ~nw.col("ground").is_null(),
        "materials_unknown": (state == "not_eligible") & (nw.col("kind") != "goods") & coded,
    }


def _amount_where(name: str, condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.col("amount")).otherwise(nw.lit(0, nw.Int64)).alias(name)


@dataclass(frozen=True)
class Amounts:
    """The sums of one or more cells. Integers: a count of lines, then smallest currency units."""

    lines: int = 0
    amount: int = 0
    green: int = 0
    not_green: int = 0
    undetermined: int = 0
    unknown: int = 0
    not_eligible: int = 0
    not_known: int = 0
    exempt: int = 0
    materials_unknown: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Amounts:
        """Read the sums of a row of `cells`."""
        return cls(*(int(row[name] or 0) for name in SUMS))

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(*map(add, _SUMS(self), _SUMS(other)))

    def __sub__(self, other: Amounts) -> Amounts:
        return Amounts(*map(sub, _SUMS(self), _SUMS(other)))

    def share(self, basis: str = "eligible") -> Share:
        """Return the green share on a basis."""
        if basis == "all_goods":
            return Share(self.green, self.not_green + self.not_eligible, self.undetermined + self.unknown)
        exempt = self.exempt if basis == "eligible_less_grounds" else 0
        return Share(self.green, self.not_green - exempt, self.undetermined, self.unknown)


def total(cells_read: Iterable[Mapping[str, Any]]) -> Amounts:
    """Add up rows of `cells`."""
    return sum((Amounts.of(row) for row in cells_read), Amounts())


def era(changes: Sequence[date]) -> nw.Expr:
    """Return the column `era`: how many of the days on which organisations change have come by `bought_on`."""
    counted = [(nw.col("bought_on") >= nw.lit(day)).cast(nw.Int64) for day in changes]
    return sum(counted[1:], counted[0]).alias("era")
