"""Schemes of scorecards: which indicators count, how much, and by what scale; data, one TOML file each.

A preset follows a model in use; an office gives the path of a file of its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib import resources
from itertools import pairwise
from typing import Any, Literal

from chorok.core import records
from chorok.core.errors import BadInputError
from chorok.core.records import Change

Unit = Literal["percent", "points", "amount", "count"]
MEASURES: dict[str, Unit] = {
    "share": "percent",
    "attainment": "percent",
    "growth": "points",
    "potential": "percent",
    "grounds_recorded": "percent",
    "green": "amount",
    "green_times_share": "amount",
}
"""What a ledger can say of a unit, and in what it is measured: percent, %p, or smallest currency units."""

WHOLE = 100
"""What the weights add up to, and the points of a band that is fulfilled."""


@dataclass(frozen=True)
class Indicator:
    """One thing that is scored: a measure of the ledger, or an effort that the office records by hand.

    `band` turns the value into points of 100: pairs (value, points), straight lines between them, level outside;
    with `beyond` the last line goes on. With `scale` 'best' the best unit has 100 and the others their part of that.
    Without data: 'drop' leaves the indicator out and the other weights fill its place, 'zero' gives no points.
    """

    title_ko: str
    title_en: str
    weight: Fraction
    measure: str | None = None
    effort: str | None = None
    unit: Literal["percent", "count"] = "percent"
    scale: Literal["band", "best"] = "band"
    band: tuple[tuple[Fraction, ...], ...] = ()
    beyond: bool = False
    missing: Literal["drop", "zero"] = "drop"

    @property
    def key(self) -> str:
        """Name of the measure or effort."""
        return self.measure or self.effort or ""

    @property
    def measured_in(self) -> Unit:
        """What its values are."""
        return MEASURES[self.measure] if self.measure else self.unit


@dataclass(frozen=True)
class Floor:
    """What a unit must reach to be ranked ('unranked'), or to get any points at all ('zero').

    `at_least` is in the unit of the measure; an amount is in smallest units of `currency`.
    """

    measure: str
    at_least: Fraction
    effect: Literal["unranked", "zero"] = "unranked"
    currency: str | None = None


@dataclass(frozen=True)
class Scheme:
    """A dated rule of scoring. `checker` is empty while no second person has checked it.

    `least_known`: a unit with data for less than this much of the weights is not ranked. Scores are rounded once, to
    `digits` decimals, and equal rounded scores share a rank.
    """

    id: str
    title_ko: str
    title_en: str
    source_ko: str
    source_en: str
    note_ko: str
    note_en: str
    author: str
    checker: str
    in_force_from: date
    next_review: date
    indicators: tuple[Indicator, ...]
    change_log: tuple[Change, ...]
    in_force_until: date | None = None  # exclusive
    floors: tuple[Floor, ...] = ()
    least_known: Fraction = Fraction(WHOLE, 2)
    digits: int = 2

    def covers(self, year: int) -> bool:
        """Tell whether the scheme was in force when a year ended."""
        last = date(year, 12, 31)
        return self.in_force_from <= last and (self.in_force_until is None or last < self.in_force_until)


def names() -> tuple[str, ...]:
    """Return the ids of the schemes that come with the program."""
    files = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def preset(name: str) -> Scheme:
    """Return a scheme that comes with the program, by its id."""
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return made(tomllib.loads(text, parse_float=str), f"{name}.toml")


def made(data: Mapping[str, Any], where: str) -> Scheme:
    """Return a scheme from its file's content. Raises BadInputError for unknown keys and rules that do not hold."""
    scheme = records.make(Scheme, data, where)
    weights = sum((one.weight for one in scheme.indicators), Fraction())
    if weights != WHOLE:
        raise BadInputError("scheme_weights", where=where, sum=weights)
    keys = [one.key for one in scheme.indicators]
    for place, one in enumerate(scheme.indicators, 1):
        at = f"{where}, indicators {place}"
        _check_key(one, at)
        if keys.count(one.key) > 1:
            raise BadInputError("scheme_twice", where=at, key=one.key)
        if one.weight <= 0:
            raise BadInputError("scheme_weight", where=at, weight=one.weight)
        _check_band(one, at)
    for place, floor in enumerate(scheme.floors, 1):
        _check_floor(floor, f"{where}, floors {place}")
    return scheme


def _check_key(one: Indicator, where: str) -> None:
    if (one.measure is None) == (one.effort is None):
        raise BadInputError("scheme_key", where=where)
    _check_measure(one.measure, where)


def _check_measure(measure: str | None, where: str) -> None:
    if measure is not None and measure not in MEASURES:
        raise BadInputError("scheme_measure", where=where, measure=measure, known=", ".join(MEASURES))


def _check_band(one: Indicator, where: str) -> None:
    if one.scale == "best":
        if one.band or one.effort or one.beyond:
            raise BadInputError("scheme_best", where=where)
        return
    if len(one.band) < 2 or any(len(pair) != 2 for pair in one.band):
        raise BadInputError("scheme_band", where=where)
    rising = all(left[0] < right[0] for left, right in pairwise(one.band))
    within = all(0 <= points <= WHOLE for _, points in one.band)
    better = one.effort is not None or all(left[1] <= right[1] for left, right in pairwise(one.band))
    if not (rising and within and better) or (one.beyond and one.band[-2][1] > one.band[-1][1]):
        raise BadInputError("scheme_band", where=where)


def _check_floor(floor: Floor, where: str) -> None:
    _check_measure(floor.measure, where)
    if (MEASURES[floor.measure] == "amount") != (floor.currency is not None):
        raise BadInputError("scheme_floor", where=where, measure=floor.measure)
