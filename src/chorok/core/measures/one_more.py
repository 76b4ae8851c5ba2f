"""What one more point of a score would take: more green buying, more recorded grounds, or more of an effort.

Each lever is moved alone, all else equal, and every indicator that it touches is scored anew: green buying moves
share, growth, attainment and potential at once. An answer was recomputed and gives at least one point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from chorok.core.measures.scorecard import Best, Effort, Facts, Scored, points_of, total
from chorok.core.schemes import WHOLE, Indicator, Scheme

GREEN, GROUNDS = "green", "grounds"
MOVED_BY_GREEN = ("share", "growth", "attainment", "potential", "green", "green_times_share")


@dataclass(frozen=True)
class Step:
    """The least change of a lever that brings one more point, or None with the most that the lever could bring.

    `change` is money in smallest units for 'green' (bought green in place of not green) and 'grounds' (recorded),
    else %, or a whole number for a count; it may be negative where less is better. `share`: the change of the share
    in %p.
    """

    lever: str
    change: Fraction | None
    gain: Fraction
    share: Fraction | None = None


def steps(scheme: Scheme, facts: Facts, best: Best, scored: Scored) -> Iterator[Step]:
    """Yield a step for each lever that moves a counted indicator of the scheme."""
    if scored.score is None:
        return
    counted = {part.indicator.measure for part in scored.parts if part.weight is not None}
    if counted & set(MOVED_BY_GREEN):
        yield green(scheme, facts, best, scored)
    if "grounds_recorded" in counted:
        yield _money(
            GROUNDS, facts.amounts.not_green - facts.amounts.exempt, _score(scheme, facts, best, _with_grounds)
        )
    for part in scored.parts:
        if part.indicator.effort and part.weight is not None:
            yield _effort(part.indicator, part.weight, scheme, facts, best)


def green(scheme: Scheme, facts: Facts, best: Best, scored: Scored) -> Step:
    """Return the least amount bought green in place of not green, at the same total; what has a ground stays."""
    amounts = facts.amounts
    last_without = any(
        part.indicator.measure == "grounds_recorded" and part.weight is not None for part in scored.parts
    )
    most = amounts.not_green - amounts.exempt - (1 if last_without and not amounts.exempt else 0)
    step = _money(GREEN, most, _score(scheme, facts, best, _with_green))
    spend = facts.share.denominator
    return step if step.change is None or spend <= 0 else replace(step, share=step.change / spend * 100)


def _with_green(facts: Facts, amount: int) -> Facts:
    amounts = facts.amounts
    return replace(facts, amounts=replace(amounts, green=amounts.green + amount, not_green=amounts.not_green - amount))


def _with_grounds(facts: Facts, amount: int) -> Facts:
    return replace(facts, amounts=replace(facts.amounts, exempt=facts.amounts.exempt + amount))


def _score(scheme: Scheme, facts: Facts, best: Best, moved: Callable[[Facts, int], Facts]) -> Callable[[int], Fraction]:
    """Return amount -> points gained."""
    now = total(scheme, facts, best)
    return lambda amount: total(scheme, moved(facts, amount), best) - now


def _money(lever: str, most: int, gain: Callable[[int], Fraction]) -> Step:
    """Close in on the least amount that is enough; the bands rise, so more money never gives fewer points.

    Along the straight line between too little and enough, which is the answer within one stretch of a band; where that
    brought the two less than half nearer, by halving, which always ends.
    """
    short, enough = (0, Fraction()), (most, gain(most) if most > 0 else Fraction())
    if enough[1] < 1:
        return Step(lever, None, max(enough[1], Fraction()))
    slow = False
    while (width := enough[0] - short[0]) > 1:
        part = Fraction(1, 2) if slow else (1 - short[1]) / (enough[1] - short[1])
        place = short[0] + min(max(ceil(part * width), 1), width - 1)
        found = place, gain(place)
        short, enough = (short, found) if found[1] >= 1 else (found, enough)
        slow = not slow and 2 * (enough[0] - short[0]) > width
    return Step(lever, Fraction(enough[0]), enough[1])


def _effort(indicator: Indicator, weight: Fraction, scheme: Scheme, facts: Facts, best: Best) -> Step:
    """Look along the band, upward and downward, for the nearest value that is worth one point more."""
    known = facts.efforts.get(indicator.key)
    value = known.value if known else indicator.band[0][0]
    points = points_of(indicator, value, None) if known else Fraction()
    wanted = points + WHOLE / weight

    def gain(moved: Fraction) -> Fraction:
        effort = replace(known, value=moved) if known else Effort("", 0, indicator.key, moved, "")
        efforts: Mapping[str, Effort] = {**facts.efforts, indicator.key: effort}
        return total(scheme, replace(facts, efforts=efforts), best) - total(scheme, facts, best)

    places = {*_reaching(indicator, wanted), *(place for place, _ in indicator.band)}
    if indicator.unit == "count":  # whole numbers, on the side away from now
        places = {Fraction(ceil(place) if place > value else floor(place)) for place in places}
    for place in sorted(places, key=lambda one: (abs(one - value), one)):
        if gain(place) >= 1:
            return Step(indicator.key, place - value if known else place, gain(place))
    return Step(indicator.key, None, max([Fraction(), *map(gain, places)]))


def _reaching(indicator: Indicator, wanted: Fraction) -> Iterator[Fraction]:
    """Yield places on the band that have the wanted points of 100."""
    band = list(indicator.band)
    (left, low), (right, high) = band[-2:]
    if indicator.beyond and high > low:
        far = max(right, left + (wanted - low) * (right - left) / (high - low))
        band.append((far, points_of(indicator, far, None)))
    for (left, low), (right, high) in pairwise(band):
        if low != high and min(low, high) <= wanted <= max(low, high):
            yield left + (wanted - low) * (right - left) / (high - low)
