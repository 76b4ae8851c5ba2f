"""Targets: what a scope aims at in a year, which revision is in force, and how far a result came.

All values are percent (51.7), points (%p) or relative percent as exact Fractions, never ratios of one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

Mode = Literal["absolute", "points", "relative"]
MODES: tuple[str, ...] = get_args(Mode)
"""How `Target.value` is meant: the share itself, percentage points on the base, or percent of the base."""

State = Literal["met", "missed", "open", "no_data"]
Key = tuple[str, str | None, int, str, str]
"""Scope, item, year, basis, definition: targets that share it are revisions of one another."""


@dataclass(frozen=True)
class Target:
    """What an organisation aims at in a year. A later `set_on` for the same key replaces it; both are kept."""

    scope: str
    year: int
    value: Fraction
    mode: Mode = "absolute"
    item: str | None = None
    base_year: int | None = None
    base_value: Fraction | None = None
    set_on: date | None = None
    set_by: str = ""
    reason: str = ""
    lower_is_better: bool = False
    basis: str = "eligible"
    definition: str = "national"

    @property
    def key(self) -> Key:
        """What makes two targets revisions of one another."""
        return self.scope, self.item, self.year, self.basis, self.definition


@dataclass(frozen=True)
class Attainment:
    """A result against an aim in both named forms (domain 5.6), and whether it was met. None: not defined.

    `ratio` is result / aim (aim / result where lower is better), `gap_closed` is (result - base) / (aim - base): 1 is
    exactly on the aim, below 0 is away from it. The reasons are codes: no_aim, no_base, no_result, zero, no_gap (base
    and aim are equal), beyond (the base was past the aim already).
    """

    ratio: Fraction | None
    gap_closed: Fraction | None
    met: bool | None
    ratio_reason: str | None = None
    gap_reason: str | None = None


def aim(target: Target, base: Fraction | None) -> Fraction | None:
    """Return the share aimed at in percent; None where the mode needs a base (percent) and there is none.

    A `base_value` in the target goes before the base that is passed in.
    """
    if target.mode == "absolute":
        return target.value
    start = target.base_value if target.base_value is not None else base
    if start is None:
        return None
    return start + target.value if target.mode == "points" else start * (1 + target.value / 100)


def attainment(
    aim: Fraction | None, base: Fraction | None, result: Fraction | None, lower_is_better: bool = False
) -> Attainment:
    """Compare a result with an aim and a base, all in percent."""
    ratio, ratio_reason = _ratio(aim, result, lower_is_better)
    gap, gap_reason = _gap_closed(aim, base, result, lower_is_better)
    met = None if aim is None or result is None else (result <= aim if lower_is_better else result >= aim)
    return Attainment(ratio, gap, met, ratio_reason, gap_reason)


def _ratio(aim: Fraction | None, result: Fraction | None, lower: bool) -> tuple[Fraction | None, str | None]:
    if aim is None or result is None:
        return None, "no_aim" if aim is None else "no_result"
    part, whole = (aim, result) if lower else (result, aim)
    return (part / whole, None) if whole > 0 else (None, "zero")


def _gap_closed(
    aim: Fraction | None, base: Fraction | None, result: Fraction | None, lower: bool
) -> tuple[Fraction | None, str | None]:
    if aim is None or base is None or result is None:
        return None, "no_aim" if aim is None else "no_base" if base is None else "no_result"
    gap = base - aim if lower else aim - base
    if gap <= 0:
        return None, "beyond" if gap else "no_gap"
    return (result - base) / (aim - base), None


def state(aim: Fraction | None, low: Fraction | None, high: Fraction | None, lower_is_better: bool = False) -> State:
    """Tell whether an aim is met whatever the undetermined money turns out to be; 'open' when that decides it."""
    if aim is None or low is None or high is None:
        return "no_data"
    worst, best = (-high, -low) if lower_is_better else (low, high)
    mark = -aim if lower_is_better else aim
    return "met" if worst >= mark else "missed" if best < mark else "open"


def histories(targets: Iterable[Target], on: date | None = None) -> dict[Key, tuple[Target, ...]]:
    """Return the revisions of each target in the order in which they were set, the one in force last.

    One without a date comes before all that have one; of one day the one written later counts. `on` leaves out what
    was set after that day.
    """
    found: dict[Key, list[Target]] = {}
    for target in targets:
        if on is None or target.set_on is None or target.set_on <= on:
            found.setdefault(target.key, []).append(target)
    return {key: tuple(sorted(all_of, key=lambda one: one.set_on or date.min)) for key, all_of in found.items()}


def in_force(targets: Iterable[Target], on: date | None = None) -> tuple[Target, ...]:
    """Return the targets that count on a day (None: those set last)."""
    return tuple(history[-1] for history in histories(targets, on).values())
