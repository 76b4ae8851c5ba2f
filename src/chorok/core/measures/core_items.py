"""Core items: the item groups on which an office should work first, why, and what that would do to its share.

Two rules: `rule`, that of the cities' reports (high spend and low share), and `potential`, spend x (reference - share).
Shares are exact ratios of one here; amounts are in smallest currency units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from chorok.core.money import Share

By = Literal["rule", "potential"]
BY: tuple[By, ...] = ("rule", "potential")
PERCENTILE = 75
TOP = 3
"""How many core items `potential` picks; both cities' reports name three."""

Why = Literal["chosen", "spend_low", "share_high", "below_top", "no_spend"]


@dataclass(frozen=True)
class Choice:
    """How core items are chosen.

    `top` None: all that meet the rule, TOP of those with potential. The potential orders both.
    """

    by: By = "rule"
    percentile: int = PERCENTILE
    top: int | None = None


@dataclass(frozen=True)
class CoreItem:
    """An item group as a candidate. `why` says whether it was chosen, or what it fails.

    `weight` is its part of the whole denominator, `effect` what the whole share gains when the item reaches the
    reference, `most` what it gains at 100 %: all ratios of one, the denominator unchanged. `open`: undetermined money
    could lift its share to the reference.
    """

    code: str
    share: Share
    reference: Fraction | None
    why: Why
    weight: Fraction
    effect: Fraction
    most: Fraction
    open: bool

    @property
    def potential(self) -> Fraction:
        """Spend x (reference - share), 0 where the share is not below the reference. In smallest currency units."""
        return potential(self.share, self.reference)


@dataclass(frozen=True)
class Chosen:
    """All item groups, the greatest potential first, and the spend from which on it counts as high."""

    items: tuple[CoreItem, ...]
    high_spend: int
    total: Share

    @property
    def core(self) -> tuple[CoreItem, ...]:
        """Those that were chosen."""
        return tuple(item for item in self.items if item.why == "chosen")

    def after(self, gain: Fraction) -> Fraction | None:
        """Return the whole share when it gains so much; None where it is not defined."""
        return None if self.total.value is None else self.total.value + gain


def choose(
    items: Mapping[str, Share],
    references: Mapping[str, Fraction | None],
    choice: Choice,
    ungrouped: Share = Share(0, 0),
) -> Chosen:
    """Choose core items from the shares of item groups; `references` are ratios of one by the same codes.

    `ungrouped` is what was bought of no known item group: in the whole, and nothing to choose.
    """
    total = sum(items.values(), ungrouped)
    spends = [share.denominator for share in items.values() if share.denominator > 0]
    high = nearest_rank(spends, choice.percentile)
    ordered = sorted(items, key=lambda code: (-potential(items[code], references.get(code)), code))
    found: list[CoreItem] = []
    for code in ordered:
        taken = sum(one.why == "chosen" for one in found)
        why = _why(items[code], references.get(code), choice, high, taken)
        found.append(_core_item(code, items[code], references.get(code), total.denominator, why))
    return Chosen(tuple(found), high, total)


def _why(share: Share, reference: Fraction | None, choice: Choice, high: int, taken: int) -> Why:
    if share.value is None:
        return "no_spend"
    if choice.by == "rule" and share.denominator < high:
        return "spend_low"
    if reference is None or share.value >= reference:
        return "share_high"
    top = TOP if choice.top is None and choice.by == "potential" else choice.top
    return "chosen" if top is None or taken < top else "below_top"


def _core_item(code: str, share: Share, reference: Fraction | None, whole: int, why: Why) -> CoreItem:
    at = share.value
    if at is None or whole <= 0:
        return CoreItem(code, share, reference, why, Fraction(0), Fraction(0), Fraction(0), False)
    weight = Fraction(share.denominator, whole)
    is_open = reference is not None and at < reference <= (share.high or at)
    return CoreItem(
        code, share, reference, why, weight, potential(share, reference) / whole, weight * (1 - at), is_open
    )


def potential(share: Share, reference: Fraction | None) -> Fraction:
    """Return spend x (reference - share), 0 where the share is not below the reference or not defined."""
    if reference is None or share.value is None:
        return Fraction(0)
    return max(Fraction(0), share.denominator * reference - share.green)


def gain(share: Share, aim: Fraction, whole: int) -> Fraction:
    """Return what a whole denominator's share gains (or loses) when an item's share becomes `aim`, its spend as is."""
    return (share.denominator * aim - share.green) / whole if whole > 0 else Fraction(0)


def nearest_rank(values: list[int], percentile: int) -> int:
    """Return a percentile by nearest rank: the value at place ceil(p / 100 x n) from below, always one of them.

    0 for no values. The reports' choice of 2018 comes out with it (rules 7.7).
    """
    if not values:
        return 0
    place = -(-percentile * len(values) // 100)
    return sorted(values)[max(1, place) - 1]


def greatest_weight(total: Fraction, item: Fraction) -> Fraction:
    """Return how much of the spend an item can be at most, from two shares alone (ratios of one; domain 5.5 C11).

    All else lies between 0 and 100 %, so total = w x item + (1 - w) x rest bounds w. Published tables give shares
    without the spend; this is what they say about it.
    """
    if item == total:
        return Fraction(1)
    return (1 - total) / (1 - item) if item < total else total / item
