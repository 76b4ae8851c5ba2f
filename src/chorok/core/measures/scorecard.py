"""Scorecards: values of a unit by a scheme's indicators, points for them, a score with bounds, ranks.

Values are percent, %p, counts or smallest currency units, and like points exact Fractions; a score is rounded once.
What one more point would take is in `chorok.core.measures.one_more`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from chorok.core.measures.share import Amounts
from chorok.core.measures.targets import attainment
from chorok.core.money import Share, ratio, round_half_away
from chorok.core.schemes import WHOLE, Floor, Indicator, Scheme

State = Literal["ranked", "below_floor", "too_little", "no_data"]
Reason = Literal["not_defined", "not_known", "no_target", "no_year_before", "no_reference", "no_effort"]
"""Why a value is missing."""


@dataclass(frozen=True)
class Effort:
    """What an office records by hand of an organisation's year: a percentage or a count, with its source.

    `scope` is an organisation's code, or for a department 'CODE/department'. `indicator` is the name that a scheme
    uses: training, reports_on_time, screening_compliance, grounds_quality, or one of the office's own.
    """

    scope: str
    year: int
    indicator: str
    value: Fraction
    source: str
    on: date | None = None


def latest(efforts: Iterable[Effort], year: int) -> dict[tuple[str, str], Effort]:
    """Return the efforts of a year by scope and indicator; of several the one of the latest day, then written last."""
    ordered = sorted((one for one in efforts if one.year == year), key=lambda one: one.on or date.min)
    return {(one.scope, one.indicator): one for one in ordered}


@dataclass(frozen=True)
class Aim:
    """The share aimed at, in percent, and whose target it is: the unit's own, or that of one above it."""

    percent: Fraction
    scope: str
    set_on: date | None = None
    lower_is_better: bool = False


@dataclass(frozen=True)
class Facts:
    """All that is known of a unit. `expected` is its green amount at the reference shares of what it bought."""

    amounts: Amounts
    before: Amounts | None = None
    basis: str = "eligible"
    aim: Aim | None = None
    expected: int | None = None
    efforts: Mapping[str, Effort] = field(default_factory=dict)

    @property
    def share(self) -> Share:
        """The share of the year on the basis."""
        return self.amounts.share(self.basis)


@dataclass(frozen=True)
class Value:
    """A value with its bounds if nothing, or all, of what is open turns out green; or the reason why there is none."""

    value: Fraction | None
    low: Fraction | None = None
    high: Fraction | None = None
    reason: Reason | None = None

    @classmethod
    def of(cls, value: Fraction | None, low: Fraction | None, high: Fraction | None) -> Value:
        """Return a value, or 'not_defined' when a part of it is missing."""
        if value is None or low is None or high is None:
            return cls(None, reason="not_defined")
        return cls(value, min(value, low, high), max(value, low, high))


Edge = Literal["value", "low", "high"]
"""A value itself, or what it is if nothing, or all, of what is open turns out green."""

_OPPOSITE: dict[Edge, Edge] = {"value": "value", "low": "high", "high": "low"}


def _share(facts: Facts, edge: Edge) -> Fraction | None:
    return _percent(facts.share, edge)


def _percent(share: Share, edge: Edge) -> Fraction | None:
    found: Fraction | None = getattr(share, edge)
    return None if found is None else found * 100


def _growth(facts: Facts, edge: Edge) -> Fraction | None:
    if facts.before is None:
        return None
    now, before = _share(facts, edge), _percent(facts.before.share(facts.basis), _OPPOSITE[edge])
    return None if now is None or before is None else now - before


def _attainment(facts: Facts, edge: Edge) -> Fraction | None:
    aim = facts.aim
    if aim is None:
        return None
    found = attainment(aim.percent, None, _share(facts, edge), aim.lower_is_better).ratio
    return None if found is None else found * 100


def _potential(facts: Facts, edge: Edge) -> Fraction | None:
    if facts.expected is None or facts.expected <= 0:
        return None
    waiting = facts.amounts.undetermined if edge == "high" else 0
    return Fraction((facts.amounts.green + waiting) * 100, facts.expected)


def _grounds_recorded(facts: Facts, _edge: Edge) -> Fraction | None:
    part = ratio(facts.amounts.exempt, facts.amounts.not_green)
    return None if part is None else part * 100


def _green(facts: Facts, edge: Edge) -> Fraction:
    amounts = facts.amounts
    return Fraction(amounts.green + (amounts.undetermined + amounts.unknown if edge == "high" else 0))


def _green_times_share(facts: Facts, edge: Edge) -> Fraction | None:
    share: Fraction | None = getattr(facts.share, edge)
    return None if share is None else _green(facts, edge) * share


_OF: dict[str, Callable[[Facts, Edge], Fraction | None]] = {
    "share": _share,
    "growth": _growth,
    "attainment": _attainment,
    "potential": _potential,
    "grounds_recorded": _grounds_recorded,
    "green": _green,
    "green_times_share": _green_times_share,
}


def measured(measure: str, facts: Facts) -> Value:
    """Return the value of a measure; 'not_known' when purchases lie before the definition that is asked for."""
    if facts.amounts.not_known:
        return Value(None, reason="not_known")
    value = _OF[measure](facts, "value")
    if value is None:
        return Value(None, reason=_lacking(measure, facts))
    return Value.of(value, _OF[measure](facts, "low"), _OF[measure](facts, "high"))


def _lacking(measure: str, facts: Facts) -> Reason:
    if measure == "growth" and (facts.before is None or facts.share.value is not None):
        return "no_year_before"
    if measure == "attainment" and facts.aim is None:
        return "no_target"
    return "no_reference" if measure == "potential" else "not_defined"


def value_alone(indicator: Indicator, facts: Facts) -> Fraction | None:
    """Return the value of an indicator without its bounds, None where there is none."""
    if indicator.measure:
        return None if facts.amounts.not_known else _OF[indicator.measure](facts, "value")
    effort = facts.efforts.get(indicator.key)
    return effort.value if effort else None


def value_of(indicator: Indicator, facts: Facts) -> Value:
    """Return the value of an indicator: measured, or as recorded."""
    if indicator.measure:
        return measured(indicator.measure, facts)
    effort = facts.efforts.get(indicator.key)
    return Value.of(*[effort.value] * 3) if effort else Value(None, reason="no_effort")


def on_band(band: Sequence[Sequence[Fraction]], value: Fraction, beyond: bool = False) -> Fraction:
    """Return the points of 100 that a value has: straight lines between the pairs, level outside.

    With `beyond` the last line goes on above the last pair.
    """
    if value <= band[0][0]:
        return band[0][1]
    for (left, low), (right, high) in pairwise(band):
        if value <= right or (beyond and right == band[-1][0]):
            return low + (high - low) * (value - left) / (right - left)
    return band[-1][1]


@dataclass(frozen=True)
class Part:
    """What an indicator gives: its value, the weight that it has here, and its points, at most the weight.

    `weight` differs from the scheme's when other indicators were dropped; it is None when this one was.
    """

    indicator: Indicator
    value: Value
    weight: Fraction | None
    points: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Below:
    """A floor that a unit does not reach, and its value."""

    floor: Floor
    value: Value


@dataclass(frozen=True)
class Scored:
    """A unit's score of 100 with bounds, exact, and what it is made of. `known`: the weight that has data."""

    state: State
    score: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    known: Fraction = Fraction()
    parts: tuple[Part, ...] = ()
    below: tuple[Below, ...] = ()
    rank: int | None = None


Best = Mapping[str, Fraction]
"""Measure -> value of the best unit, for indicators with the scale 'best'."""


def best_of(scheme: Scheme, units: Iterable[Facts]) -> dict[str, Fraction]:
    """Return the best value of each measure that is scaled by it; one that no unit has above 0 is missing."""
    wanted = [one.key for one in scheme.indicators if one.scale == "best"]
    found: dict[str, Fraction] = {}
    for facts in units if wanted else ():
        for name in wanted:
            value = measured(name, facts).value
            if value is not None and value > found.get(name, 0):
                found[name] = value
    return found


def score(scheme: Scheme, facts: Facts | None, best: Best) -> Scored:
    """Score one unit; None stands for one without purchases in the year: it has no data, and never 0 points."""
    if facts is None:
        return Scored("no_data")
    values = [value_of(one, facts) for one in scheme.indicators]
    parts = _parts(scheme, values, best)
    known = sum((part.indicator.weight for part in parts if part.value.value is not None), Fraction())
    if known == 0:
        return Scored("no_data", parts=parts)
    sums = [sum((getattr(part, name) for part in parts), Fraction()) for name in ("points", "low", "high")]
    below = tuple(_below(scheme, facts))
    if any(one.floor.effect == "zero" for one in below):
        sums = [Fraction()] * 3
    state: State = "too_little" if known < scheme.least_known else "below_floor" if below else "ranked"
    return Scored(state, sums[0], sums[1], sums[2], known, parts, below)


def total(scheme: Scheme, facts: Facts, best: Best) -> Fraction:
    """Return the score alone, without bounds: what trying out changes asks for again and again. 0 without data."""
    pairs = [(one, value_alone(one, facts)) for one in scheme.indicators]
    counted = [(one, value) for one, value in pairs if value is not None or one.missing == "zero"]
    weights = sum(one.weight for one, _ in counted)
    if not weights or any(one.floor.effect == "zero" for one in _below(scheme, facts)):
        return Fraction()
    points = (one.weight * points_of(one, value, best.get(one.key)) for one, value in counted if value is not None)
    return sum(points, Fraction()) / weights


def _parts(scheme: Scheme, values: Sequence[Value], best: Best) -> tuple[Part, ...]:
    """Points of each indicator, the weights of dropped ones spread over the others in proportion."""
    pairs = list(zip(scheme.indicators, values, strict=True))
    used = sum((one.weight for one, value in pairs if value.value is not None or one.missing == "zero"), Fraction())
    return tuple(_part(one, value, used, best.get(one.key)) for one, value in pairs)


def _part(indicator: Indicator, value: Value, used: Fraction, best: Fraction | None) -> Part:
    none = Fraction()
    if value.value is None:
        weight = indicator.weight * WHOLE / used if indicator.missing == "zero" else None
        return Part(indicator, value, weight, none, none, none)
    weight = indicator.weight * WHOLE / used
    low, high = reach(indicator, value, best)
    points = points_of(indicator, value.value, best)
    return Part(indicator, value, weight, *(one * weight / WHOLE for one in (points, low, high)))


def points_of(indicator: Indicator, value: Fraction, best: Fraction | None) -> Fraction:
    """Return the points of 100 of a value."""
    if indicator.scale == "band":
        return on_band(indicator.band, value, indicator.beyond)
    return Fraction() if not best else min(max(value / best, Fraction()), Fraction(1)) * WHOLE


def reach(indicator: Indicator, value: Value, best: Fraction | None) -> tuple[Fraction, Fraction]:
    """Return the fewest and most points of 100 between a value's bounds; a band may turn in between."""
    low, high = value.low, value.high
    assert low is not None
    assert high is not None
    turns = [place for place, _ in indicator.band if low < place < high]
    found = [points_of(indicator, one, best) for one in (low, *turns, high)]
    return min(found), max(found)


def _below(scheme: Scheme, facts: Facts) -> Iterable[Below]:
    for floor in scheme.floors:
        value = measured(floor.measure, facts)
        if value.value is None or value.value < floor.at_least:
            yield Below(floor, value)


def ranked(scored: Sequence[Scored], digits: int) -> tuple[Scored, ...]:
    """Give ranks by the rounded score, the best first; equal ones share a rank and the next is skipped (1, 2, 2, 4)."""
    shown = [rounded(one, digits) if one.state == "ranked" else None for one in scored]
    return tuple(
        one if own is None else replace(one, rank=1 + sum(other is not None and other > own for other in shown))
        for one, own in zip(scored, shown, strict=True)
    )


def rounded(scored: Scored, digits: int) -> Decimal | None:
    """Return a score as it is shown."""
    return None if scored.score is None else round_half_away(scored.score, digits)
