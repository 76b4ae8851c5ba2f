"""Why a share changed: how much by green spending and how much by the denominator, and by item by rate and by mix.

The midpoint split of rules 1.7, in exact fractions. Between two periods of several years the yearly steps are summed;
between two scopes it is one step. All effects are differences of ratios: 0.01 is one %p.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Literal

from chorok.core.money import Share, ratio, round_half_away

Key = str | None
"""The code of an item group; None: money that counts without one."""

Why = Literal["no_data", "denominator_not_positive", "definition_not_known"]
WHY: tuple[Why, ...] = ("no_data", "denominator_not_positive", "definition_not_known")


@dataclass(frozen=True)
class Point:
    """The shares of all items at one period of one scope. `known`: False where the definition is not known."""

    name: str
    items: Mapping[Key, Share]
    known: bool = True

    @cached_property
    def total(self) -> Share:
        """The share of all items together."""
        return sum(self.items.values(), Share(0, 0))

    @property
    def why_not(self) -> Why | None:
        """Why nothing can be split here, or None when it can."""
        if not self.items:
            return "no_data"
        if not self.known:
            return "definition_not_known"
        return "denominator_not_positive" if self.total.denominator <= 0 else None


@dataclass(frozen=True)
class Undefined:
    """A change that cannot be told: the code of the reason, and at which point."""

    why: Why
    at: str


@dataclass(frozen=True)
class ItemEffect:
    """What one item did to the share: by its own rate, and by its part in spending."""

    rate: Fraction = Fraction(0)
    mix: Fraction = Fraction(0)

    @property
    def change(self) -> Fraction:
        """Both together."""
        return self.rate + self.mix

    def __add__(self, other: ItemEffect) -> ItemEffect:
        return ItemEffect(self.rate + other.rate, self.mix + other.mix)


@dataclass(frozen=True)
class Step:
    """The split between two points. `green + denominator` is the change, and so is the sum of `items`."""

    before: Point
    after: Point
    green: Fraction
    denominator: Fraction
    items: Mapping[Key, ItemEffect]

    @property
    def change(self) -> Fraction:
        """How much the share changed."""
        return self.green + self.denominator


@dataclass(frozen=True)
class Change:
    """The steps from the first point to the last, and their sums."""

    steps: tuple[Step, ...]

    @property
    def whole(self) -> Step:
        """All steps as one: effects are the sums of the steps' effects."""
        items: dict[Key, ItemEffect] = {}
        for step in self.steps:
            for key, effect in step.items.items():
                items[key] = items.get(key, ItemEffect()) + effect
        green = sum((step.green for step in self.steps), Fraction(0))
        denominator = sum((step.denominator for step in self.steps), Fraction(0))
        return Step(self.steps[0].before, self.steps[-1].after, green, denominator, items)


def change(points: Sequence[Point]) -> Change | Undefined:
    """Split the change from the first of at least two points to the last, step by step.

    A point that has no share makes the whole change undefined: no step is left out in silence.
    """
    for point in points:
        if point.why_not:
            return Undefined(point.why_not, point.name)
    return Change(tuple(_step(before, after) for before, after in pairwise(points)))


def _step(before: Point, after: Point) -> Step:
    """Green effect = Δg · (1/t0 + 1/t1) / 2; the denominator's is the rest (domain: midpoint method)."""
    first, last = before.total, after.total
    halves = Fraction(1, first.denominator) + Fraction(1, last.denominator)
    green = (last.green - first.green) * halves / 2
    moved = _value(last) - _value(first)
    return Step(before, after, green, moved - green, _items(before, after))


def _value(share: Share) -> Fraction:
    return Fraction(share.green, share.denominator)


def _items(before: Point, after: Point) -> dict[Key, ItemEffect]:
    """Rate = Δr · mean weight; mix = the rest of what the item adds, against the mean of the two shares.

    Weights sum to 1 at both points, so measuring mix against any fixed rate leaves its sum unchanged: an item
    that grows helps only when it is greener than the whole.
    """
    none, effects = Share(0, 0), {}
    for key in sorted({*before.items, *after.items}, key=lambda key: (key is None, key or "")):
        effects[key] = _item(before.items.get(key, none), after.items.get(key, none), before.total, after.total)
    return effects


def _item(one: Share, other: Share, first: Share, last: Share) -> ItemEffect:
    """Each fraction is made once from integers over one denominator: a page asks for hundreds of them."""
    (e0, e1), (t0, t1) = (one.denominator, other.denominator), (first.denominator, last.denominator)
    doubled_mean = first.green * t1 + last.green * t0  # over t0 * t1
    moved = 2 * t0 * t1 * (other.green * t0 - one.green * t1) - (e1 * t0 - e0 * t1) * doubled_mean
    change, rate = Fraction(moved, 2 * t0 * t0 * t1 * t1), Fraction(0)
    if e0 > 0 and e1 > 0:
        rate = Fraction((other.green * e0 - one.green * e1) * (e0 * t1 + e1 * t0), 2 * e0 * e1 * t0 * t1)
    return ItemEffect(rate, change - rate)


Presence = Literal["both", "new", "gone", "no_rate"]
PRESENCES: tuple[Presence, ...] = ("both", "new", "gone", "no_rate")


def presence(before: Point, after: Point, key: Key) -> Presence:
    """Tell whether an item has a rate at both points; where it has not, all that it did counts as mix."""
    rates = [point.items.get(key, Share(0, 0)).value is not None for point in (before, after)]
    if all(rates):
        return "both"
    there = [point.items.get(key, Share(0, 0)) != Share(0, 0) for point in (before, after)]
    return "no_rate" if all(there) or not any(there) else "new" if there[1] else "gone"


def counterfactual(whole: Step) -> Fraction | None:
    """The last point's green spending over the first point's denominator: the share had spending stayed the same."""
    return ratio(whole.after.total.green, whole.before.total.denominator)


def bounds(whole: Step) -> tuple[Fraction, Fraction] | None:
    """Return the least and the greatest change that open money allows; None when none is open or a bound is not."""
    first, last = whole.before.total, whole.after.total
    if not any(share.undetermined or share.unknown for share in (first, last)):
        return None
    if first.low is None or first.high is None or last.low is None or last.high is None:
        return None
    return last.low - first.high, last.high - first.low


Cause = Literal[
    "nothing", "balanced", "green_only", "denominator_only", "green_more", "denominator_more", "even",
    "green_against", "denominator_against",
]  # fmt: skip
CAUSES: tuple[Cause, ...] = (
    "nothing", "balanced", "green_only", "denominator_only", "green_more", "denominator_more", "even",
    "green_against", "denominator_against",
)  # fmt: skip
"""What drove a change; `..._against`: that part has the direction of the change, the other one goes against it."""


def cause(green: Decimal, denominator: Decimal) -> Cause:
    """Tell from the two effects, as they are shown, what drove the change."""
    moved = green + denominator
    if not green and not denominator:
        return "nothing"
    if not moved:
        return "balanced"
    if not green or not denominator:
        return "green_only" if green else "denominator_only"
    if (green > 0) != (denominator > 0):
        return "green_against" if (green > 0) == (moved > 0) else "denominator_against"
    if green == denominator:
        return "even"
    return "green_more" if abs(green) > abs(denominator) else "denominator_more"


def in_points(parts: Sequence[Fraction], digits: int, total: Decimal | None = None) -> list[Decimal]:
    """Return ratios as %p with `digits` decimals that sum to the rounded sum, by largest remainder.

    `total`: what they must sum to instead; it lies less than one last digit from the exact sum.
    """
    units = 100 * 10**digits
    floors = [part.numerator * units // part.denominator for part in parts]
    aim = round_half_away(_sum(parts) * 100, digits) if total is None else total
    left = int(aim.scaleb(digits)) - sum(floors)
    rests = ranks([Fraction(part.numerator * units % part.denominator, part.denominator) for part in parts])
    raised = set(sorted(range(len(parts)), key=lambda i: (-rests[i], i))[:left])
    return [Decimal(floor + (i in raised)).scaleb(-digits) for i, floor in enumerate(floors)]


def ranks(parts: Sequence[Fraction]) -> list[int]:
    """Return integers in the order of fractions, equal where these are equal: comparing them costs next to nothing.

    Two fractions differ by the inverse of the product of their denominators or not at all.
    """
    bits = 2 * max((part.denominator.bit_length() for part in parts), default=0) + 1
    return [(part.numerator << bits) // part.denominator for part in parts]


def _sum(parts: Sequence[Fraction]) -> Fraction:
    """Add up by halves: denominators grow with every step, and few steps are to meet big ones."""
    if len(parts) < 3:
        return sum(parts, Fraction(0))
    middle = len(parts) // 2
    return _sum(parts[:middle]) + _sum(parts[middle:])


@dataclass(frozen=True)
class Shown:
    """A change and its two parts as shown, in %p; `change` is exactly `first + second`."""

    change: Decimal
    first: Decimal
    second: Decimal


def table(rows: Sequence[tuple[Fraction, Fraction]], digits: int) -> tuple[list[Shown], Shown]:
    """Return rows of two parts, and their total, as shown: every row and every column adds up exactly.

    The total is rounded first, then split; then each column of changes and first parts; second parts are the rest,
    so one of them may stand up to two last digits from its exact value.
    """
    firsts, seconds = [row[0] for row in rows], [row[1] for row in rows]
    first, second = in_points([_sum(firsts), _sum(seconds)], digits)
    changes = in_points([one + other for one, other in rows], digits, first + second)
    shown = zip(changes, in_points(firsts, digits, first), strict=True)
    return [Shown(whole, one, whole - one) for whole, one in shown], Shown(first + second, first, second)
