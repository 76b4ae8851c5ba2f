"""Scores recomputed in plain fractions, and what holds of every score whatever the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import AMOUNTS, FACTS, VALUES, bands, effort, facts, indicator, rules, scheme
from chorok.core import schemes
from chorok.core.measures import scorecard
from chorok.core.measures.scorecard import Effort, Facts, Scored
from chorok.core.measures.share import Amounts
from chorok.core.schemes import Floor, Scheme

F = Fraction


def test_each_measure_in_fractions() -> None:
    """E = 900, E + V = 950: share 300/900, at least 300/950, at most 450/950; the year before 200/800."""
    share, low, high = F(300, 900) * 100, F(300, 950) * 100, F(450, 950) * 100
    expected = {
        "share": (share, low, high),
        "growth": (share - 25, low - 25, high - 25),
        "attainment": (share / 40 * 100, low / 40 * 100, high / 40 * 100),
        "potential": (F(75), F(75), F(100)),
        "grounds_recorded": (F(40), F(40), F(40)),
        "green": (F(300), F(300), F(450)),
        "green_times_share": (F(300) * 300 / 900, F(300) * 300 / 950, F(450) * 450 / 950),
    }
    assert expected.keys() == schemes.MEASURES.keys()
    for measure, (value, least, most) in expected.items():
        found = scorecard.measured(measure, FACTS)
        assert (found.value, found.low, found.high, found.reason) == (value, least, most, None), measure


@pytest.mark.parametrize(
    ("measure", "facts", "reason"),
    [
        ("share", replace(FACTS, amounts=Amounts(unknown=5)), "not_defined"),
        ("share", replace(FACTS, amounts=replace(AMOUNTS, not_known=1)), "not_known"),
        ("growth", replace(FACTS, before=None), "no_year_before"),
        ("growth", replace(FACTS, before=Amounts()), "no_year_before"),
        ("attainment", replace(FACTS, aim=None), "no_target"),
        ("potential", replace(FACTS, expected=None), "no_reference"),
        ("potential", replace(FACTS, expected=0), "no_reference"),
        ("grounds_recorded", replace(FACTS, amounts=Amounts(green=5)), "not_defined"),
    ],
)
def test_what_cannot_be_measured_says_why_and_is_not_zero(measure: str, facts: Facts, reason: str) -> None:
    found = scorecard.measured(measure, facts)
    assert (found.value, found.reason) == (None, reason)


def test_a_score_by_hand() -> None:
    """Share 33.33 on 0..50 is 2/3 of 60 points; two of three training sessions are 2/3 of 40."""
    rule = scheme(indicator("share", 60, (0, 0), (50, 100)), indicator("training", 40, (0, 0), (3, 100), unit="count"))
    found = scorecard.score(rule, replace(FACTS, efforts=effort("training", 2)), {})
    assert [part.points for part in found.parts] == [40, F(80, 3)]
    assert (found.state, found.score, found.known) == ("ranked", 40 + F(80, 3), 100)
    assert found.low == 60 * F(300, 950) * 2 + F(80, 3)
    assert found.high == 60 * F(450, 950) * 2 + F(80, 3)


def test_a_dropped_indicator_hands_its_weight_on_and_a_zero_one_does_not() -> None:
    share, training = indicator("share", 60, (0, 0), (50, 100)), indicator("training", 40, (0, 0), (3, 100))
    dropped = scorecard.score(scheme(share, training), FACTS, {})
    assert [part.weight for part in dropped.parts] == [100, None]
    assert (dropped.score, dropped.known) == (F(200, 3), 60)
    zero = scorecard.score(scheme(share, replace(training, missing="zero")), FACTS, {})
    assert [part.weight for part in zero.parts] == [60, 40]
    assert (zero.score, zero.known) == (40, 60)


def test_without_enough_data_there_is_no_rank_and_without_any_no_score() -> None:
    share, training = indicator("share", 40, (0, 0), (50, 100)), indicator("training", 60, (0, 0), (3, 100))
    assert scorecard.score(scheme(share, training), FACTS, {}).state == "too_little"
    assert scorecard.score(scheme(share, training, least_known=F(40)), FACTS, {}).state == "ranked"
    nothing = scorecard.score(scheme(share, training), replace(FACTS, amounts=Amounts()), {})
    assert (nothing.state, nothing.score) == ("no_data", None)
    assert scorecard.score(scheme(share, training), None, {}) == Scored("no_data")


@pytest.mark.parametrize(("at_least", "effect", "state", "score"), [
    (33, "unranked", "ranked", F(200, 3)),
    (34, "unranked", "below_floor", F(200, 3)),
    (34, "zero", "below_floor", 0),
])  # fmt: skip
def test_floors(at_least: int, effect: Any, state: str, score: Fraction) -> None:
    rule = scheme(indicator("share", 100, (0, 0), (50, 100)), floors=(Floor("share", F(at_least), effect),))
    found = scorecard.score(rule, FACTS, {})
    assert (found.state, found.score, len(found.below)) == (state, score, int(state == "below_floor"))
    assert scorecard.total(rule, FACTS, {}) == score


def test_the_best_unit_has_all_points_and_the_others_their_part() -> None:
    rule = scheme(indicator("green_times_share", 100, scale="best"))
    other = replace(FACTS, amounts=Amounts(green=600, not_green=400))  # 360 of 100
    best = scorecard.best_of(rule, [FACTS, other])
    assert best == {"green_times_share": 360}
    assert [scorecard.score(rule, one, best).score for one in (FACTS, other)] == [F(100, 360) * 100, 100]


def test_beyond_a_band_only_where_the_scheme_says_so() -> None:
    band = ((F(0), F(0)), (F(100), F(100)))
    assert scorecard.on_band(band, F(112)) == 100
    assert scorecard.on_band(band, F(112), beyond=True) == 112


def test_of_several_records_the_latest_counts_and_of_one_day_the_last_written() -> None:
    days = [date(2020, 1, 2), None, date(2020, 3, 1), date(2020, 3, 1)]
    records = [Effort("X", 2019, "training", F(place), "", day) for place, day in enumerate(days)]
    found = scorecard.latest([*records, Effort("X", 2018, "training", F(9), "")], 2019)
    assert {key: one.value for key, one in found.items()} == {("X", "training"): 3}


def test_ranks_with_ties_by_the_rounded_score() -> None:
    scores = [F("79.994"), F("80.001"), F("79.996"), F("12"), None]
    given_ = [Scored("ranked" if one is not None else "no_data", one, one, one) for one in scores]
    below = Scored("below_floor", F(99), F(99), F(99))
    assert [one.rank for one in scorecard.ranked([*given_, below], 2)] == [3, 1, 1, 4, None, None]


@given(rules(), facts())
def test_points_lie_within_the_weights_and_the_score_within_its_bounds(rule: Scheme, known: Facts) -> None:
    found = scorecard.score(rule, known, {})
    assert scorecard.total(rule, known, {}) == (found.score or 0)
    counted = [part for part in found.parts if part.weight is not None]
    assert sum(part.weight for part in counted) in (0, 100)
    for part in counted:
        assert 0 <= part.low <= part.points <= part.high <= part.weight
    if found.score is not None:
        assert 0 <= found.low <= found.score <= found.high <= 100
        assert found.score == sum(part.points for part in counted)
        with_data = [part for part in counted if part.value.value is not None]
        assert found.known == sum(part.indicator.weight for part in with_data)


@given(bands(rising=True), VALUES, VALUES)
def test_a_rising_band_never_takes_points_for_more(band: Any, one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert scorecard.on_band(band, low) <= scorecard.on_band(band, high)
    for place, points in band:
        assert scorecard.on_band(band, place) == points


@given(bands(rising=False), st.integers(0, 3), st.fractions(0, 1, max_denominator=20))
def test_a_band_is_straight_between_its_places(band: Any, place: int, part: Fraction) -> None:
    (left, low), (right, high) = band[place % (len(band) - 1)], band[place % (len(band) - 1) + 1]
    assert scorecard.on_band(band, left + part * (right - left)) == low + part * (high - low)


@given(st.lists(st.none() | st.fractions(0, 100, max_denominator=300), max_size=12), st.integers(0, 3))
def test_ranks_count_those_that_are_better(scores: list[Fraction | None], digits: int) -> None:
    units = [Scored("no_data" if one is None else "ranked", one, one, one) for one in scores]
    ranks = [one.rank for one in scorecard.ranked(units, digits)]
    shown = [None if one is None else int(one * 10**digits + F(1, 2)) for one in scores]
    for rank, own in zip(ranks, shown, strict=True):
        assert rank == (
            None if own is None else 1 + len([other for other in shown if other is not None and other > own])
        )
