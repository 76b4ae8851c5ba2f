"""Core items: the reports' choices from the demo's allocation, and a plain oracle for every figure."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chorok.core.measures.core_items import (
    Choice,
    Chosen,
    choose,
    gain,
    greatest_weight,
    nearest_rank,
    potential,
)
from chorok.core.money import Share
from chorok.demo.calibration import allocation
from chorok.demo.published import TABLE_2

AMOUNTS = st.integers(0, 10**9)
ITEMS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.builds(Share, AMOUNTS, AMOUNTS, AMOUNTS),
    min_size=1,
    max_size=12,
)
RATIOS = st.fractions(min_value=0, max_value=1, max_denominator=1000)


def allocated(city: str, year: int) -> dict[str, Share]:
    return {
        cell.item_group: Share(cell.green, cell.total - cell.green)
        for cell in allocation()
        if (cell.city, cell.year) == (city, year)
    }


def against_the_whole(items: dict[str, Share], choice: Choice) -> Chosen:
    whole = sum(items.values(), Share(0, 0)).value
    return choose(items, dict.fromkeys(items, whole), choice)


def of_the_reports(city: str) -> set[str]:
    return {row.item for row in TABLE_2 if row.city == city} - {"total"}


@pytest.mark.parametrize("city", ["Busan", "Daejeon"])
@pytest.mark.parametrize("choice", [Choice(), Choice("potential")], ids=lambda choice: choice.by)
def test_both_rules_pick_the_core_items_of_the_reports(city: str, choice: Choice) -> None:
    chosen = against_the_whole(allocated(city, 2018), choice)
    assert {item.code for item in chosen.core} == of_the_reports(city)
    assert len(chosen.core) == 3


def test_high_spend_is_the_nineteenth_of_twenty_five() -> None:
    for city in ("Busan", "Daejeon"):
        items = allocated(city, 2018)
        spends = sorted(share.denominator for share in items.values())
        assert len(spends) == 25
        assert against_the_whole(items, Choice()).high_spend == spends[18]


def test_what_items_not_chosen_fail() -> None:
    items = {
        "big": Share(10, 90),
        "good": Share(95, 5),
        "small": Share(0, 3),
        "none": Share(0, 0),
        "next": Share(20, 75),
    }
    why = {one.code: one.why for one in against_the_whole(items, Choice(percentile=50, top=1)).items}
    assert why == {
        "big": "chosen", "good": "share_high", "small": "spend_low", "none": "no_spend", "next": "below_top",
    }  # fmt: skip
    assert against_the_whole({}, Choice()).items == ()


def test_money_without_an_item_group_is_in_the_whole_and_never_chosen() -> None:
    items, ungrouped = {"a": Share(10, 90), "b": Share(90, 10)}, Share(0, 0, 800)
    reference = sum(items.values(), ungrouped).value
    chosen = choose(items, dict.fromkeys(items, reference), Choice("potential"), ungrouped)
    assert [one.code for one in chosen.items] == ["a", "b"]
    assert [one.why for one in chosen.items] == ["share_high", "share_high"]
    assert (chosen.total, chosen.high_spend) == (Share(100, 100, 800), 100)
    assert sum((one.weight for one in chosen.items), Fraction(0)) == Fraction(200, 1000)


def test_nothing_to_choose_from() -> None:
    assert against_the_whole({"none": Share(0, 0)}, Choice()).core == ()
    assert choose({"a": Share(1, 9)}, {}, Choice()).core == ()


def test_undetermined_money_that_could_reach_the_reference_is_said() -> None:
    items = {"open": Share(10, 40, 50), "low": Share(10, 85, 5)}
    chosen = choose(items, dict.fromkeys(items, Fraction(1, 2)), Choice(percentile=0))
    assert {one.code: one.open for one in chosen.core} == {"open": True, "low": False}


@given(items=ITEMS, reference=RATIOS, percentile=st.integers(0, 100), top=st.none() | st.integers(1, 5))
def test_every_figure_is_what_its_formula_says(
    items: dict[str, Share], reference: Fraction, percentile: int, top: int | None
) -> None:
    chosen = choose(items, dict.fromkeys(items, reference), Choice("rule", percentile, top))
    whole = sum(share.green + share.not_green + share.undetermined for share in items.values())
    green = sum(share.green for share in items.values())
    assert {one.code for one in chosen.items} == set(items)
    for one in chosen.items:
        spend = one.share.green + one.share.not_green + one.share.undetermined
        if not spend:
            assert (one.why, one.weight, one.effect, one.most) == ("no_spend", 0, 0, 0)
            continue
        rate = Fraction(one.share.green, spend)
        assert one.potential == max(Fraction(0), spend * (reference - rate))
        assert one.weight == Fraction(spend, whole)
        # what the whole share is once the item has come up to the reference, or to 100 %
        assert (
            Fraction(green, whole) + one.effect
            == (green + max(Fraction(0), spend * reference - one.share.green)) / whole
        )
        assert Fraction(green, whole) + one.most == Fraction(green - one.share.green + spend, whole)
        meets = spend >= chosen.high_spend and rate < reference
        assert (one.why in ("chosen", "below_top")) == meets
    fitting = [one for one in chosen.items if one.why in ("chosen", "below_top")]
    assert len(chosen.core) == (len(fitting) if top is None else min(top, len(fitting)))
    order = [one.potential for one in chosen.items]
    assert order == sorted(order, reverse=True)
    if whole:
        assert sum(one.weight for one in chosen.items) == 1


@given(values=st.lists(st.integers(-5, 50), min_size=1, max_size=30), percentile=st.integers(0, 100))
def test_nearest_rank_leaves_that_many_at_or_below_it(values: list[int], percentile: int) -> None:
    found = nearest_rank(values, percentile)
    assert found in values
    assert 100 * sum(value <= found for value in values) >= percentile * len(values)
    assert 100 * sum(value < found for value in values) < percentile * len(values) or found == min(values)
    assert nearest_rank([], percentile) == 0


@given(share=st.builds(Share, AMOUNTS, AMOUNTS), aim=RATIOS, rest=AMOUNTS)
def test_the_gain_of_an_aim_is_what_the_whole_share_moves_by(share: Share, aim: Fraction, rest: int) -> None:
    whole = share.denominator + rest
    assume(whole > 0)
    before, after = Fraction(share.green, whole), share.denominator * aim / whole
    assert before + gain(share, aim, whole) == after
    assert gain(share, aim, 0) == 0


@given(share=st.builds(Share, AMOUNTS, AMOUNTS), one=RATIOS, other=RATIOS)
def test_a_higher_reference_never_shows_less_potential(share: Share, one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert 0 <= potential(share, low) <= potential(share, high)
    assert potential(share, None) == 0


def test_the_weight_that_the_printed_shares_allow() -> None:
    total = Fraction("0.646")
    assert float(greatest_weight(total, Fraction("0.308"))) == pytest.approx(0.512, abs=0.0005)
    assert float(greatest_weight(total, Fraction("0.107"))) == pytest.approx(0.396, abs=0.0005)
    assert greatest_weight(total, total) == 1


@given(item=st.builds(Share, AMOUNTS, AMOUNTS), rest=st.builds(Share, AMOUNTS, AMOUNTS))
def test_no_item_weighs_more_than_the_shares_allow(item: Share, rest: Share) -> None:
    total = item + rest
    assume(item.value is not None and total.value is not None)
    assert item.value is not None
    assert total.value is not None
    bound = greatest_weight(total.value, item.value)
    assert Fraction(item.denominator, total.denominator) <= bound <= 1
