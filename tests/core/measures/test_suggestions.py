"""Suggested targets: each reasoning recomputed plainly, and what they do where there is little to reason from."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from chorok.core.measures.suggestions import best_of, best_peer, from_potential, green_needed, trend
from chorok.core.money import Share

AMOUNTS = st.integers(0, 10**9)
SHARES = st.builds(Share, AMOUNTS, AMOUNTS, AMOUNTS)
PERCENT = st.fractions(min_value=0, max_value=100, max_denominator=100)


@given(
    values=st.lists(PERCENT, min_size=3, max_size=8),
    ahead=st.integers(1, 3),
)
def test_the_trend_goes_on_by_the_median_step(values: list[Fraction], ahead: int) -> None:
    last = 2010 + len(values) - 1
    found = trend(dict(enumerate(values, 2010)), last + ahead)
    steps = sorted(later - earlier for earlier, later in pairwise(values))
    plain = values[-1] + median(steps) * ahead
    assert found.value == min(max(plain, Fraction(0)), Fraction(100))
    assert found.code == ("trend" if median(steps) > 0 else "trend_falling")
    assert found.params["steps"] == len(steps)


def test_a_year_that_is_missing_makes_a_longer_step() -> None:
    shares = {2015: Fraction(30), 2017: Fraction(40), 2018: Fraction(45)}
    assert trend(shares, 2019).value == 50
    assert trend({**shares, 2019: Fraction(99)}, 2019).value == 50, "the year aimed at is no past year"


def test_two_years_are_no_trend() -> None:
    found = trend({2018: Fraction(50), 2019: Fraction(60)}, 2020)
    assert (found.value, found.code, found.params) == (None, "trend_short", {"years": 2, "needed": 3})


def test_the_best_peer_must_spend_enough_to_be_compared() -> None:
    own = Share(50, 50)
    peers = {"tiny": Share(9, 0), "good": Share(40, 10), "bad": Share(1, 99), "none": Share(0, 0)}
    found = best_peer(own, peers)
    assert (found.value, found.params["peer"], found.params["peers"]) == (80, "good", 4)
    assert best_peer(Share(99, 1), peers).code == "is_best"
    assert best_peer(Share(99, 1), peers).value is None
    assert best_peer(own, {}).code == "no_peer"
    assert best_peer(None, peers).code == "no_peer"
    assert best_of(own, {"b": Share(50, 50), "a": Share(50, 50)}) == ("a", Fraction(1, 2))


@given(parts=st.dictionaries(st.text("abc", min_size=1, max_size=2), SHARES, max_size=6), reference=PERCENT)
def test_the_potential_lifts_every_part_and_nothing_else(parts: dict[str, Share], reference: Fraction) -> None:
    found = from_potential(parts, dict.fromkeys(parts, reference / 100))
    total = sum(share.denominator for share in parts.values())
    if not total:
        assert found.code == "no_share"
        return
    lifted = sum(max(Fraction(share.green), share.denominator * reference / 100) for share in parts.values())
    was = sum(share.green for share in parts.values())
    if lifted == was:
        assert (found.value, found.code) == (None, "no_potential")
        return
    assert found.value == lifted / total * 100
    assert found.params["amount"] == lifted - was
    assert found.value <= 100


@given(share=SHARES, aim=PERCENT)
def test_the_green_that_is_missing_gives_the_aim(share: Share, aim: Fraction) -> None:
    missing = green_needed(aim, share)
    assert (share.green + missing) * 100 == share.denominator * aim


def test_what_both_cities_targets_for_2020_took_at_the_spend_of_2019() -> None:
    assert green_needed(Fraction(60), Share(46_820, 72_460 - 46_820)) == -3344
    assert round(green_needed(Fraction(53), Share(22_880, 39_430 - 22_880))) == -1982
