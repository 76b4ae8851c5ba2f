"""The share at the end of a running year: the months so far, carried forward as past years went on.

Ratio method: each past year says how many times its green money of the year was that of the same months, and the same
of the rest (eligible and not green). The forecast takes the mean of these factors, green and rest apart, so that a
share stays between 0 and 100; the interval is the lowest and highest share that a single past year's factors give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from chorok.core.money import Share

MONTHS = 12
ENOUGH = 3
"""Past years that an interval needs; of fewer, lowest and highest say next to nothing."""

Reason = Literal["year_incomplete", "no_base"]
"""Why a past year is left out: not covered from January to December, or no positive amount to carry forward."""
State = Literal["forecast", "no_interval", "no_past", "no_data", "over"]
Need = Literal["reached", "needed", "impossible"]
Months = Mapping[int, Share]
"""Month (1 to 12) -> what was bought in it; or the last month of a stretch -> what was bought in all of it."""
_NOTHING = Share(0, 0)


def months_over(year: int, today: date) -> int:
    """Return how many months of a year are over on a day; the running month is not."""
    return max(0, min(MONTHS, (today.year - year) * MONTHS + today.month - 1))


def covered(lines: Iterable[int]) -> bool:
    """Tell whether the months that have purchases span a whole year: January and December are among them."""
    return {1, MONTHS} <= set(lines)


@dataclass(frozen=True)
class PastYear:
    """How a past year went on after the same months: factors are the year's money by that of the months."""

    year: int
    to_date: Share
    whole: Share
    green: Fraction | None = None
    rest: Fraction | None = None
    reason: Reason | None = None

    def carried(self, green: int, rest: int) -> Fraction | None:
        """Return the share (ratio of one) if this year goes on as the past one did."""
        assert self.green is not None
        assert self.rest is not None
        return _share(green * self.green, rest * self.rest)


@dataclass(frozen=True)
class Forecast:
    """A forecast with all that it rests on. Shares are ratios of one; amounts exact, in smallest units.

    `low`, `high`: from the past years' spread; `open_low`, `open_high`: beyond that, if nothing or all of what is open
    so far turns out green (without an interval: around the forecast). `chance`: how often the result lies between
    lowest and highest of so many years, if years are alike.
    """

    state: State
    months: int
    so_far: Share
    past: tuple[PastYear, ...] = ()
    share: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    open_low: Fraction | None = None
    open_high: Fraction | None = None
    green: Fraction | None = None
    total: Fraction | None = None
    chance: Fraction | None = None

    @property
    def used(self) -> tuple[PastYear, ...]:
        """The past years that count."""
        return tuple(one for one in self.past if one.reason is None)


def so_far(months: Months, count: int) -> Share:
    """Return the sum of the first months of a year."""
    return sum((share for month, share in months.items() if month <= count), _NOTHING)


def past_year(year: int, months: Months, count: int, whole_year: bool) -> PastYear:
    """Return how a past year went on after its first `count` months. `whole_year`: its lines cover the year."""
    to_date, whole = so_far(months, count), so_far(months, MONTHS)
    if not whole_year:
        return PastYear(year, to_date, whole, reason="year_incomplete")
    green = _factor(to_date.green, whole.green)
    rest = _factor(to_date.denominator - to_date.green, whole.denominator - whole.green)
    if whole.green == 0:
        green = rest  # nothing to carry forward: any factor leaves it 0
    elif whole.denominator == whole.green:
        rest = green
    if green is None or rest is None:
        return PastYear(year, to_date, whole, reason="no_base")
    return PastYear(year, to_date, whole, green, rest)


def _factor(part: int, whole: int) -> Fraction | None:
    return Fraction(whole, part) if part > 0 and whole > 0 else None


def forecast(months: Months, count: int, past: Iterable[PastYear]) -> Forecast:
    """Return the forecast of a year from its first `count` months. `past` is of the same count of months."""
    now, years = so_far(months, count), tuple(past)
    used = [one for one in years if one.reason is None]
    if now.denominator <= 0:
        return Forecast("no_data", count, now, years)
    if count == MONTHS:
        whole = Forecast("over", count, now, share=now.value, open_low=now.low, open_high=now.high)
        return _with_amounts(whole, Fraction(1), Fraction(1))
    if not used:
        return Forecast("no_past", count, now, years)
    green, rest = (_mean([getattr(one, name) for one in used]) for name in ("green", "rest"))
    return _spread(_with_amounts(Forecast("no_interval", count, now, years), green, rest), green, rest)


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _with_amounts(made: Forecast, green: Fraction, rest: Fraction) -> Forecast:
    carried = made.so_far.green * green, _rest(made.so_far) * rest
    return replace(made, share=_share(*carried), green=carried[0], total=carried[0] + carried[1])


def _rest(share: Share) -> int:
    """Return what is eligible and not green yet, undetermined money included."""
    return share.denominator - share.green


def _share(green: Fraction, rest: Fraction) -> Fraction | None:
    return green / (green + rest) if green + rest > 0 else None


def _spread(made: Forecast, green: Fraction, rest: Fraction) -> Forecast:
    """Add the interval where there are enough past years, and what is open on top of it."""
    now = made.so_far
    least = now.green, _rest(now) + now.unknown
    most = now.green + now.undetermined + now.unknown, now.not_green
    if len(made.used) < ENOUGH:
        opened = [_share(part * green, other * rest) for part, other in (least, most)]
        return replace(made, open_low=opened[0], open_high=opened[1])
    plain, lowest, highest = (
        [one.carried(*pair) for one in made.used] for pair in ((now.green, _rest(now)), least, most)
    )
    return replace(
        made,
        state="forecast",
        low=_edge(min, plain),
        high=_edge(max, plain),
        open_low=_edge(min, lowest),
        open_high=_edge(max, highest),
        chance=chance(len(made.used)),
    )


def _edge(edge: Callable[[list[Fraction]], Fraction], shares: list[Fraction | None]) -> Fraction | None:
    defined = [share for share in shares if share is not None]
    return edge(defined) if len(defined) == len(shares) else None


def chance(years: int) -> Fraction:
    """Return how often one more year lies between the lowest and highest of so many, when none differs in kind.

    Of n + 1 values in no order the last is lowest or highest twice in n + 1 times: (n - 1) / (n + 1).
    """
    return Fraction(years - 1, years + 1)


@dataclass(frozen=True)
class Needed:
    """What the rest of the year must be to reach an aim; shares are ratios of one.

    'reached': even with nothing green in the rest; 'impossible': not even with everything green. `expected` is the
    share of the rest if the forecast holds, `total` what is expected to be bought in it.
    """

    state: Need
    share: Fraction
    expected: Fraction
    total: Fraction


def needed(made: Forecast, aim: Fraction) -> Needed | None:
    """Return what the rest of the year must be to reach an aim (ratio of one); None where there is no rest."""
    if made.green is None or made.total is None or made.total <= made.so_far.denominator:
        return None
    rest = made.total - made.so_far.denominator
    share = (aim * made.total - made.so_far.green) / rest
    state: Need = "reached" if share <= 0 else "impossible" if share > 1 else "needed"
    return Needed(state, share, (made.green - made.so_far.green) / rest, rest)
