"""A year carried forward as past years went on: by hand, against a plain oracle, and what always holds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chorok.core.measures import forecast
from chorok.core.measures.forecast import Forecast, PastYear
from chorok.core.money import Share

F = Fraction
Year = dict[int, Share]


def months(*pairs: tuple[int, int]) -> Year:
    """(green, not green) of the months from January."""
    return {place: Share(*pair) for place, pair in enumerate(pairs, 1)}


def made(year: Year, count: int, *past: Year, covered: bool = True) -> Forecast:
    years = [forecast.past_year(2010 + place, one, count, covered) for place, one in enumerate(past)]
    return forecast.forecast(year, count, years)


@pytest.mark.parametrize(
    ("today", "over"),
    [
        (date(2019, 12, 31), 0),
        (date(2020, 1, 31), 0),
        (date(2020, 2, 1), 1),
        (date(2020, 11, 2), 10),
        (date(2020, 12, 31), 11),
        (date(2021, 1, 1), 12),
        (date(2023, 5, 1), 12),
    ],
)
def test_a_month_counts_when_it_is_over(today: date, over: int) -> None:
    assert forecast.months_over(2020, today) == over


def test_by_hand() -> None:
    """After one of two months: green went on 2, 3 and 4 times, the rest 2, 2 and 5 times."""
    past = [months((10, 20), (10, 20)), months((10, 20), (20, 20)), months((10, 20), (30, 80))]
    found = made(months((30, 30)), 1, *past)
    assert [(one.green, one.rest) for one in found.past] == [(2, 2), (3, 2), (4, 5)]
    assert (found.green, found.total) == (30 * 3, 30 * 3 + 30 * 3)
    assert (found.state, found.share) == ("forecast", F(1, 2))
    assert (found.low, found.high) == (F(4, 9), F(3, 5))
    assert (found.open_low, found.open_high) == (found.low, found.high)
    assert found.chance == F(1, 2)


def test_what_is_open_widens_the_interval() -> None:
    past = [months((10, 20), (10, 20))] * 3
    found = made({1: Share(30, 30, 20, 20)}, 1, *past)
    assert (found.share, found.low, found.high) == (F(30, 80), F(30, 80), F(30, 80))
    assert (found.open_low, found.open_high) == (F(30, 100), F(70, 100))


def test_few_past_years_give_no_interval_and_none_no_forecast() -> None:
    past = months((10, 20), (10, 20))
    two = made(months((30, 30)), 1, past, past)
    assert (two.state, two.share, two.low, two.high, two.chance) == ("no_interval", F(1, 2), None, None, None)
    assert (two.open_low, two.open_high) == (F(1, 2), F(1, 2))
    none = made(months((30, 30)), 1, past, past, past, covered=False)
    assert (none.state, none.share, none.so_far.value) == ("no_past", None, F(1, 2))
    assert {one.reason for one in none.past} == {"year_incomplete"}


@pytest.mark.parametrize("year", [months((0, 20), (10, 20)), months((10, 0), (10, 20)), months((-5, 20), (10, 20))])
def test_a_past_year_with_nothing_to_carry_forward_is_left_out(year: Year) -> None:
    assert forecast.past_year(2018, year, 1, True).reason == "no_base"


def test_a_past_year_without_any_green_still_says_how_the_rest_went_on() -> None:
    without = forecast.past_year(2018, months((0, 10), (0, 20)), 1, True)
    assert (without.green, without.rest, without.reason) == (3, 3, None)
    green_only = forecast.past_year(2018, months((10, 0), (20, 0)), 1, True)
    assert (green_only.green, green_only.rest, green_only.reason) == (3, 3, None)


def test_a_year_that_is_over_is_its_result() -> None:
    year = months(*[(1, 2)] * 12)
    found = made(year, 12, year)
    assert (found.state, found.share, found.total, found.used) == ("over", F(1, 3), 36, ())
    assert forecast.needed(found, F(1, 2)) is None


def test_without_purchases_there_is_no_forecast() -> None:
    assert made({}, 3, months((1, 1))).state == "no_data"


@pytest.mark.parametrize(("seen", "whole"), [({1, 12}, True), ({1, 11}, False), ({2, 12}, False), (set(), False)])
def test_a_year_is_covered_from_january_to_december(seen: set[int], whole: bool) -> None:
    assert forecast.covered(seen) is whole


def test_what_the_rest_of_the_year_must_be() -> None:
    """60 so far, half green; 180 by the year's end: 120 to come, of which 60 would be green."""
    found = made(months((30, 30)), 1, months((10, 20), (20, 40)))
    for aim, state, share in (
        (F(1, 2), "needed", F(1, 2)),
        (F(1, 6), "reached", F(0)),
        (F(9, 10), "impossible", F(11, 10)),
    ):
        rest = forecast.needed(found, aim)
        assert rest is not None
        assert (rest.state, rest.share, rest.expected, rest.total) == (state, share, F(1, 2), 120)
        assert (found.so_far.green + rest.share * rest.total) / found.total == aim


MONEY = st.integers(1, 10**9)
YEARS = st.lists(st.lists(st.tuples(MONEY, MONEY), min_size=12, max_size=12).map(lambda pairs: months(*pairs)),
                 min_size=1, max_size=5)  # fmt: skip
COUNT = st.integers(1, 11)


@given(YEARS, YEARS.map(lambda years: years[0]), COUNT)
def test_an_independent_reckoning(past: list[Year], year: Year, count: int) -> None:
    def sums(one: Year, last: int) -> tuple[int, int]:
        kept = [share for month, share in one.items() if month <= last]
        return sum(share.green for share in kept), sum(share.not_green for share in kept)

    factors = [[F(whole, part) for part, whole in zip(sums(one, count), sums(one, 12), strict=True)] for one in past]
    green, rest = sums(year, count)
    means = [sum(column, F()) / len(past) for column in zip(*factors, strict=True)]
    single = [green * g / (green * g + rest * r) for g, r in factors]
    found = made(year, count, *past)
    assert found.share == green * means[0] / (green * means[0] + rest * means[1])
    if len(past) >= 3:
        assert (found.low, found.high) == (min(single), max(single))
        assert found.low <= found.share <= found.high
        assert found.chance == F(len(past) - 1, len(past) + 1)
    else:
        assert found.low is found.high is None


@given(YEARS.map(lambda years: years[0]), st.lists(st.integers(1, 50), min_size=3, max_size=5), COUNT)
def test_years_that_all_go_the_same_way_are_forecast_exactly(year: Year, sizes: list[int], count: int) -> None:
    """Every past year is this one in another size; green and rest may grow apart."""
    past = [
        {month: Share(share.green * size, share.not_green * (size + 1)) for month, share in year.items()}
        for size in sizes
    ]
    found = made(year, count, *past)
    whole = forecast.so_far(year, 12)
    assert found.share == found.low == found.high == whole.value
    assert (found.green, found.total) == (whole.green, whole.denominator)


@given(YEARS, YEARS.map(lambda years: years[0]), COUNT, st.integers(0, 10**9), st.integers(0, 10**9))
def test_bounds_hold_what_lies_between(past: list[Year], year: Year, count: int, open_: int, unknown: int) -> None:
    assume(len(past) >= 3)
    year[1] = Share(year[1].green, year[1].not_green, open_, unknown)
    found = made(year, count, *past)
    assert 0 <= found.open_low <= found.low <= found.share <= found.high <= found.open_high <= 1


@given(YEARS, YEARS.map(lambda years: years[0]), COUNT, st.fractions(0, 1))
def test_a_rest_as_needed_reaches_the_aim(past: list[Year], year: Year, count: int, aim: Any) -> None:
    found = made(year, count, *past)
    rest = forecast.needed(found, aim)
    assert rest is not None
    assert found.so_far.green + rest.share * rest.total == aim * found.total
    assert rest.state == ("reached" if rest.share <= 0 else "impossible" if rest.share > 1 else "needed")


def test_left_out_years_do_not_count() -> None:
    used = PastYear(2017, Share(1, 1), Share(2, 2), F(2), F(2))
    found = forecast.forecast(months((5, 5)), 1, [PastYear(2016, Share(1, 1), Share(9, 1), reason="no_base"), used])
    assert (found.used, found.share) == ((used,), F(1, 2))
