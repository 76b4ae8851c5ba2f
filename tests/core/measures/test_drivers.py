"""The midpoint split: additive to the last fraction, and equal to a plain sum over the printed tables."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.measures import drivers
from chorok.core.measures.drivers import Change, Point, Undefined
from chorok.core.money import Share, round_half_away

PRINTED = {
    "Busan": [(112.52, 40.01), (97.07, 46.59), (88.04, 48.17), (83.08, 42.95), (72.46, 46.82)],
    "Daejeon": [(36.28, 11.16), (32.50, 11.98), (36.80, 14.04), (38.65, 18.70), (39.43, 22.88)],
}
"""Total and green of Table 1, in million USD."""

STEPS = {
    "Busan": [("6.313", "6.125"), ("1.711", "5.006"), ("-6.106", "3.090"), ("5.000", "7.918")],
    "Daejeon": [("2.392", "3.709"), ("5.968", "-4.678"), ("12.360", "-2.129"), ("10.708", "-1.064")],
}
SUMS = {"Busan": ("6.918", "22.139"), "Daejeon": ("31.428", "-4.162")}
SHOWN = {"Busan": ("6.92", "22.14", "29.06"), "Daejeon": ("31.43", "-4.16", "27.27")}


def printed(city: str) -> Change:
    points = [
        Point(str(2015 + i), {None: Share(round(green * 100), round(total * 100) - round(green * 100))})
        for i, (total, green) in enumerate(PRINTED[city])
    ]
    found = drivers.change(points)
    assert isinstance(found, Change)
    return found


def plain_split(before: tuple[float, float], after: tuple[float, float]) -> tuple[Decimal, Decimal]:
    """The same by decimals of a calculator, from total and green."""
    (t0, g0), (t1, g1) = ((Decimal(str(t)), Decimal(str(g))) for t, g in (before, after))
    green = (g1 - g0) * (1 / t0 + 1 / t1) / 2 * 100
    return green, (g1 / t1 - g0 / t0) * 100 - green


@pytest.mark.parametrize("city", PRINTED)
def test_the_printed_table_splits_as_known(city: str) -> None:
    found = printed(city)
    for step, known, pair in zip(found.steps, STEPS[city], pairwise(PRINTED[city]), strict=True):
        effects = [round_half_away(effect * 100, 3) for effect in (step.green, step.denominator)]
        assert effects == [Decimal(text) for text in known]
        plain = [value.quantize(Decimal("0.001"), ROUND_HALF_UP) for value in plain_split(*pair)]
        assert effects == plain
    whole = found.whole
    assert [str(round_half_away(effect * 100, 3)) for effect in (whole.green, whole.denominator)] == list(SUMS[city])
    rows, total = drivers.table([(step.green, step.denominator) for step in found.steps], 2)
    assert (str(total.first), str(total.second), str(total.change)) == SHOWN[city]
    assert sum(row.first for row in rows) == total.first


def test_one_direct_step_would_say_something_else() -> None:
    steps = printed("Busan").steps
    direct = drivers.change([steps[0].before, steps[-1].after])
    assert isinstance(direct, Change)
    assert [str(round_half_away(one * 100, 2)) for one in (direct.whole.green, direct.whole.denominator)] == [
        "7.73",
        "21.33",
    ]


def test_what_the_share_would_have_been() -> None:
    share = drivers.counterfactual(printed("Busan").whole)
    assert share == Fraction(4682, 11252)
    assert str(round_half_away(share * 100, 2)) == "41.61"


MONEY = st.integers(-1000, 10**9)
SHARES = st.builds(Share, MONEY, MONEY, st.integers(0, 10**6), st.integers(0, 10**6))
POINTS = st.lists(
    st.dictionaries(st.sampled_from(["A", "B", "C", "D", None]), SHARES, max_size=5), min_size=2, max_size=6
)


@given(POINTS)
def test_both_splits_add_up_whatever_the_amounts(items) -> None:
    points = [Point(str(i), one) for i, one in enumerate(items)]
    found = drivers.change(points)
    broken = [point.name for point in points if sum(share.denominator for share in point.items.values()) <= 0]
    if broken:
        assert isinstance(found, Undefined)
        assert found.at == broken[0]
        assert found.why == ("denominator_not_positive" if points[int(broken[0])].items else "no_data")
        return
    assert isinstance(found, Change)
    for step in [*found.steps, found.whole]:
        moved = share_of(step.after) - share_of(step.before)
        assert step.change == step.green + step.denominator == moved
        assert sum(effect.change for effect in step.items.values()) == moved
    assert sum(step.change for step in found.steps) == found.whole.change


def share_of(point: Point) -> Fraction:
    green = sum(share.green for share in point.items.values())
    whole = sum(share.green + share.not_green + share.undetermined for share in point.items.values())
    return Fraction(green, whole)


SURE = st.builds(Share, st.integers(0, 1000), st.integers(1, 1000))


@given(st.dictionaries(st.sampled_from("ABCD"), st.tuples(SURE, SURE), min_size=1))
def test_rate_and_mix_are_those_of_the_textbook(items) -> None:
    """Independent formulas: rate by mean weight, mix by change of weight times (mean rate - mean share)."""
    before, after = (Point(name, {key: pair[i] for key, pair in items.items()}) for i, name in enumerate("01"))
    found = drivers.change([before, after])
    assert isinstance(found, Change)
    totals = [sum(pair[i].green + pair[i].not_green for pair in items.values()) for i in (0, 1)]
    mean_share = sum(Fraction(sum(pair[i].green for pair in items.values()), totals[i]) for i in (0, 1)) / 2
    for key, pair in items.items():
        spent = [pair[i].green + pair[i].not_green for i in (0, 1)]
        weights = [Fraction(spent[i], totals[i]) for i in (0, 1)]
        rates = [Fraction(pair[i].green, spent[i]) for i in (0, 1)]
        effect = found.whole.items[key]
        assert effect.rate == (rates[1] - rates[0]) * (weights[0] + weights[1]) / 2
        assert effect.mix == (weights[1] - weights[0]) * ((rates[0] + rates[1]) / 2 - mean_share)
        assert drivers.presence(before, after, key) == "both"


def test_a_new_and_a_vanished_item_count_as_mix() -> None:
    before = Point("1", {"old": Share(0, 50), "stays": Share(25, 25)})
    after = Point("2", {"new": Share(50, 0), "stays": Share(25, 25)})
    found = drivers.change([before, after])
    assert isinstance(found, Change)
    effects = found.whole.items
    assert all(effect.rate == 0 for effect in effects.values())
    assert [(key, effects[key].mix) for key in ("new", "old", "stays")] == [
        ("new", Fraction(1, 4)),
        ("old", Fraction(1, 4)),
        ("stays", 0),
    ]
    said = {key: drivers.presence(before, after, key) for key in effects}
    assert said == {"new": "new", "old": "gone", "stays": "both"}


def test_an_item_whose_returns_exceed_its_purchases_has_no_rate() -> None:
    before = Point("1", {"A": Share(10, 10), "B": Share(-5, -5)})
    after = Point("2", {"A": Share(10, 10), "B": Share(5, 5)})
    assert drivers.presence(before, after, "B") == "no_rate"
    found = drivers.change([before, after])
    assert isinstance(found, Change)
    assert found.whole.items["B"].rate == 0


@pytest.mark.parametrize(
    ("point", "why"),
    [
        (Point("2", {}), "no_data"),
        (Point("2", {"A": Share(0, 0)}), "denominator_not_positive"),
        (Point("2", {"A": Share(5, -6)}), "denominator_not_positive"),
        (Point("2", {"A": Share(5, 6)}, known=False), "definition_not_known"),
    ],
)
def test_what_has_no_share_is_named_even_in_the_middle(point: Point, why: str) -> None:
    sound = Point("1", {"A": Share(1, 1)})
    assert drivers.change([sound, point, sound]) == Undefined(why, "2")
    assert why in drivers.WHY


def test_bounds_hold_what_open_money_allows() -> None:
    before, after = Point("1", {"A": Share(40, 60)}), Point("2", {"A": Share(40, 40, 20), None: Share(0, 0, 0, 20)})
    found = drivers.change([before, after])
    assert isinstance(found, Change)
    assert drivers.bounds(found.whole) == (Fraction(40, 120) - Fraction(2, 5), Fraction(80, 120) - Fraction(2, 5))
    sure = drivers.change([before, before])
    assert isinstance(sure, Change)
    assert drivers.bounds(sure.whole) is None


PARTS = st.lists(st.fractions(-1, 1, max_denominator=10**6), min_size=1, max_size=40)


@given(PARTS, st.integers(0, 4))
def test_shown_parts_sum_to_the_shown_sum_and_stand_next_to_their_values(parts, digits: int) -> None:
    shown = drivers.in_points(parts, digits)
    assert sum(shown) == round_half_away(sum(parts) * 100, digits)
    unit = Fraction(1, 10**digits)
    assert all(abs(Fraction(one) - part * 100) < unit for one, part in zip(shown, parts, strict=True))


@given(st.lists(st.tuples(*[st.fractions(-1, 1, max_denominator=10**6)] * 2), min_size=1, max_size=30))
def test_a_shown_table_adds_up_along_rows_and_columns(rows) -> None:
    shown, total = drivers.table(rows, 2)
    assert total.change == round_half_away(sum(sum(row) for row in rows) * 100, 2)
    for row in [*shown, total]:
        assert row.change == row.first + row.second
    for column in ("change", "first", "second"):
        assert sum(getattr(row, column) for row in shown) == getattr(total, column)
    for row, (first, second) in zip(shown, rows, strict=True):
        assert abs(Fraction(row.first) - first * 100) < Fraction(1, 100)
        assert abs(Fraction(row.change) - (first + second) * 100) < Fraction(1, 100)
        assert abs(Fraction(row.second) - second * 100) < Fraction(2, 100)


@pytest.mark.parametrize(
    ("green", "denominator", "cause"),
    [
        ("0", "0", "nothing"),
        ("1", "-1", "balanced"),
        ("1", "0", "green_only"),
        ("0", "-1", "denominator_only"),
        ("-3", "-1", "green_more"),
        ("1", "3", "denominator_more"),
        ("2", "2", "even"),
        ("31.43", "-4.16", "green_against"),
        ("-1", "3", "denominator_against"),
        ("1", "-3", "denominator_against"),
    ],
)
def test_the_cause_in_a_word(green: str, denominator: str, cause: str) -> None:
    assert drivers.cause(Decimal(green), Decimal(denominator)) == cause
    assert cause in drivers.CAUSES


def test_the_worked_example_is_right() -> None:
    page = (Path(__file__).parents[3] / "docs" / "measures" / "drivers.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (Busan|Daejeon) \|(.*)\|$", page, re.MULTILINE)
    for city, (*steps, total) in {name: [text for one, text in lines if one == name] for name in PRINTED}.items():
        rows, whole = drivers.table([(step.green, step.denominator) for step in printed(city).steps], 2)
        for text, row, money in zip(steps, rows, pairwise(PRINTED[city]), strict=True):
            cells = [cell.strip() for cell in text.split("|")][1:]
            assert [float(cell) for cell in cells[:4]] == [*money[0], *money[1]]
            assert cells[4:] == [f"{one:+}" for one in (row.change, row.first, row.second)]
        assert total.split()[-5::2] == [f"{one:+}" for one in (whole.change, whole.first, whole.second)]


@given(st.lists(st.fractions(max_denominator=10**6), min_size=2))
def test_ranks_stand_as_their_fractions_do(parts) -> None:
    ranks = drivers.ranks(parts)
    for (one, rank), (other, second) in pairwise(zip(parts, ranks, strict=True)):
        assert (one < other, one == other) == (rank < second, rank == second)
