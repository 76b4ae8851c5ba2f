"""Targets: what a scope aims at in a year, which revision is in force, and how far a result came.

All values are percent (51.7), points (%p) or relative percent as exact Fractions, never ratios of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal, get_args

from chorok.core.errors import BadInputError, UsageError
from chorok.core.measures.share import BASES
from chorok.core.money import decimals_shown, round_half_away

Mode = Literal["absolute", "points", "relative"]
MODES: tuple[Mode, ...] = get_args(Mode)
"""How `Target.value` is meant: the share itself, percentage points on the base, or percent of the base."""

UNITS: dict[Mode, str] = {"absolute": "%", "points": "%p", "relative": "%"}
"""The unit that a value may be written with, by mode."""

NO_GAP = Fraction(1, 100)
"""Base and aim that are closer than this (%p, the last digit shown) have no gap that could close."""

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
    and aim are equal as shown), beyond (the base was past the aim already).
    """

    ratio: Fraction | None
    gap_closed: Fraction | None
    met: bool | None
    ratio_reason: str | None = None
    gap_reason: str | None = None


def read_value(text: str, mode: Mode) -> Fraction:
    """Return a value as it is written: '51.7', '10 %', '+5%p'. Raises UsageError target_value_bad, target_unit.

    A unit behind it must be that of the mode: an increase by 10 % and one by 10 %p differ.
    """
    match = re.fullmatch(r"([+-]?\d{1,4}(?:\.\d{1,6})?)\s*(%p?)?", text.strip(), re.ASCII)
    if not match:
        raise UsageError("target_value_bad", value=text)
    if match[2] and match[2] != UNITS[mode]:
        raise UsageError("target_unit", value=text, mode=mode)
    return Fraction(match[1])


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
    if gap < NO_GAP:
        return None, "no_gap" if abs(gap) < NO_GAP else "beyond"
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


@dataclass(frozen=True)
class Remark:
    """Something about a target that a reader should know, as a wording code (`target_remark.<code>`)."""

    code: str
    params: dict[str, Fraction | int | date]


def lowered(history: tuple[Target, ...], base: Fraction | None) -> list[Remark]:
    """Remark on each revision that asks for less than the one before and gives no reason. `base` in percent."""
    found = []
    for before, after in pairwise(history):
        old, new = aim(before, base), aim(after, base)
        if old is not None and new is not None and not after.reason and _asks_less(new, old, after.lower_is_better):
            found.append(Remark("lowered", {"old": old, "new": new}))
    return found


def below(target: Target, asked: Fraction | None, earlier: Fraction | None, result: Fraction | None) -> list[Remark]:
    """Remark where an aim asks for less than the aim of the year before, or than a result that is there already."""
    if asked is None or target.reason:
        return []
    return [
        Remark(code, {"aim": asked, "value": value, "year": target.year - 1})
        for code, value in (("below_earlier", earlier), ("below_result", result))
        if value is not None and _asks_less(asked, value, target.lower_is_better)
    ]


def impossible(asked: Fraction | None) -> list[Remark]:
    """Remark on an aim that no share can reach, as points or a relative value on a base can ask for."""
    return [] if asked is None or 0 <= asked <= 100 else [Remark("aim_range", {"aim": asked})]


def set_late(target: Target) -> list[Remark]:
    """Remark on a target set after the day by which a plan is due: the last of February (Act art. 8, domain 1.1).

    One set when its year was over already has a remark of its own.
    """
    on = target.set_on
    if on is None or on < date(target.year, 3, 1):
        return []
    if on.year > target.year:
        return [Remark("set_after", {"on": on, "year": target.year})]
    gone, left = year_gone(on, target.year)
    return [Remark("set_late", {"on": on, "gone": gone, "left": left})]


def year_gone(on: date, year: int) -> tuple[Fraction, int]:
    """Return how much of a year is over at the end of a day, in percent, and how many days are left of it."""
    first, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    gone = min((on - first).days + 1, days)
    return Fraction(100 * gone, days), days - gone


def _asks_less(new: Fraction, old: Fraction, lower_is_better: bool) -> bool:
    return new > old if lower_is_better else new < old


def checked(target: Target, where: str) -> Target:
    """Return a target that can be worked with. `where` is named in errors ('targets.toml, targets 3').

    Raises BadInputError target_base_missing, target_base_late, target_share_range, target_year_range,
    target_basis_unknown.
    """
    if target.mode != "absolute" and target.base_year is None and target.base_value is None:
        raise BadInputError("target_base_missing", where=where, mode=target.mode)
    if target.base_year is not None and target.base_year >= target.year:
        raise BadInputError("target_base_late", where=where, base=target.base_year, year=target.year)
    shares = [target.base_value, target.value if target.mode == "absolute" else None]
    if any(not 0 <= value <= 100 for value in shares if value is not None):
        raise BadInputError("target_share_range", where=where)
    if not 1990 <= target.year <= 2100:
        raise BadInputError("target_year_range", where=where, year=target.year)
    if target.basis not in BASES:
        raise BadInputError("target_basis_unknown", where=where, basis=target.basis, known=", ".join(BASES))
    return target


@dataclass(frozen=True)
class PublishedRate:
    """A share as it was published, to stand beside ours. `rate` is the text as printed, in percent: '48', '51.7'."""

    scope: str
    year: int
    rate: str
    item: str | None = None
    source: str = ""

    @property
    def value(self) -> Fraction:
        """The rate as a number. Raises BadInputError published_rate_bad."""
        if not re.fullmatch(r"\d{1,3}(\.\d+)?", self.rate):
            raise BadInputError("published_rate_bad", scope=self.scope, year=self.year, rate=self.rate)
        return Fraction(self.rate)

    def agrees(self, share: Fraction) -> bool:
        """Tell whether a share in percent, rounded as this rate is, prints the same."""
        return Fraction(round_half_away(share, decimals_shown(self.rate))) == self.value
