"""Targets: both forms of attainment against the printed Table 2 and a plain oracle; revisions; what is remarked on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chorok.core.errors import BadInputError
from chorok.core.measures import targets
from chorok.core.measures.targets import (
    NO_GAP,
    PublishedRate,
    Target,
    aim,
    attainment,
    checked,
    histories,
    in_force,
    state,
)

SHARES = st.fractions(min_value=0, max_value=100, max_denominator=1000)
POSITIVE = st.fractions(min_value=Fraction(1, 10), max_value=100, max_denominator=1000)

PRINTED = [
    # base, target, result, next target; attained, gap closed, met: worked out by hand from the printed table
    ("51.7", "55.5", "64.6", "60", "116.40", "339.5", True),
    ("9.8", "46.9", "10.7", "17", "22.81", "2.4", False),
    ("14.7", "40.6", "12.9", "25", "31.77", "-6.9", False),
    ("34", "59.8", "30.8", "47", "51.51", "-12.4", False),
    ("48.4", "50", "58", "53", "116.00", "600.0", True),
    ("44.1", "45", "51.2", "50", "113.78", "788.9", True),
    ("17.1", "18", "38.5", "25", "213.89", "2377.8", True),
    ("23.8", "30", "24.2", "50", "80.67", "6.5", False),
]


def rounded(value: Fraction, digits: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row[0])
def test_both_forms_of_the_printed_table(row: tuple[str, ...]) -> None:
    base, target, result, _, ratio, gap, met = row
    found = attainment(Fraction(target), Fraction(base), Fraction(result))
    assert found.ratio is not None
    assert found.gap_closed is not None
    assert rounded(found.ratio * 100, 2) == Decimal(ratio)
    assert abs(rounded(found.gap_closed * 100, 1) - Decimal(gap)) <= Decimal("0.1")  # domain 5.4 truncates some
    assert found.met is met
    # and by the definition, without the module
    plain = float(result) / float(target), (float(result) - float(base)) / (float(target) - float(base))
    assert float(found.ratio) == pytest.approx(plain[0])
    assert float(found.gap_closed) == pytest.approx(plain[1])


@pytest.mark.parametrize(
    ("mode", "value", "expected"), [("absolute", "60", "60"), ("points", "10", "61.7"), ("relative", "10", "56.87")]
)
def test_ten_percent_and_ten_points_differ(mode: targets.Mode, value: str, expected: str) -> None:
    target = Target("A", 2020, Fraction(value), mode, base_year=2018)
    assert aim(target, Fraction("51.7")) == Fraction(expected)


def test_an_aim_without_its_base_is_none_and_a_written_base_goes_first() -> None:
    target = Target("A", 2020, Fraction(10), "points", base_year=2018)
    assert aim(target, None) is None
    assert aim(Target("A", 2020, Fraction(10), "points", base_value=Fraction(40)), Fraction(50)) == 50
    assert aim(Target("A", 2020, Fraction(10)), None) == 10


def test_what_is_not_defined_says_why() -> None:
    base, mark, result = Fraction(50), Fraction(60), Fraction(55)
    assert attainment(None, base, result).ratio_reason == "no_aim"
    assert attainment(mark, base, None).ratio_reason == "no_result"
    assert attainment(Fraction(0), base, result).ratio_reason == "zero"
    assert attainment(mark, None, result).gap_reason == "no_base"
    assert attainment(mark, base, None).gap_reason == "no_result"
    assert attainment(base, base, result).gap_reason == "no_gap"
    shown_alike = Fraction(50) + Fraction(1, 1000)
    assert attainment(shown_alike, base, result).gap_reason == "no_gap", "a gap that nobody sees is none"
    assert attainment(shown_alike, base, result).ratio == result / shown_alike
    assert attainment(Fraction("50.01"), base, result).gap_closed == 500
    assert attainment(Fraction(40), base, result).gap_reason == "beyond"
    assert attainment(mark, Fraction(40), result, lower_is_better=True).gap_reason == "beyond"
    assert attainment(mark, base, None).met is None
    assert attainment(mark, Fraction(70), Fraction(0), lower_is_better=True).ratio_reason == "zero"
    assert attainment(mark, base, base).gap_closed == 0


@given(base=SHARES, mark=POSITIVE, result=SHARES)
def test_the_gap_is_closed_exactly_when_the_result_is_the_aim(base: Fraction, mark: Fraction, result: Fraction) -> None:
    assume(mark - base >= NO_GAP)
    found = attainment(mark, base, result)
    assert found.gap_closed is not None
    assert (found.gap_closed == 1) == (result == mark) == (found.ratio == 1)
    assert (found.gap_closed >= 1) is found.met
    assert base + found.gap_closed * (mark - base) == result


@given(base=SHARES, mark=POSITIVE, result=SHARES, more=POSITIVE)
def test_a_better_result_never_attains_less(base: Fraction, mark: Fraction, result: Fraction, more: Fraction) -> None:
    worse, better = attainment(mark, base, result), attainment(mark, base, result + more)
    assert worse.ratio is not None
    assert better.ratio is not None
    assert worse.ratio < better.ratio
    assert worse.met is False or better.met is True
    if mark - base >= NO_GAP:
        assert worse.gap_closed is not None
        assert better.gap_closed is not None
        assert worse.gap_closed < better.gap_closed


@given(base=SHARES, mark=SHARES, result=SHARES)
def test_lower_is_better_mirrors_higher_is_better(base: Fraction, mark: Fraction, result: Fraction) -> None:
    down = attainment(mark, base, result, lower_is_better=True)
    up = attainment(100 - mark, 100 - base, 100 - result)
    assert (down.gap_closed, down.gap_reason, down.met) == (up.gap_closed, up.gap_reason, up.met)
    if down.ratio is not None:
        assert (down.ratio >= 1) is down.met
        assert down.ratio * result == mark


@given(mark=SHARES, one=SHARES, other=SHARES, lower=st.booleans())
def test_met_whatever_is_open_missed_whatever_is_open_else_open(
    mark: Fraction, one: Fraction, other: Fraction, lower: bool
) -> None:
    low, high = sorted((one, other))
    ends = [attainment(mark, None, end, lower).met for end in (low, high)]
    expected = "met" if all(ends) else "open" if any(ends) else "missed"
    assert state(mark, low, high, lower) == expected
    assert state(None, low, high) == state(mark, None, None) == "no_data"


def dated(day: int | None, value: int, **more: object) -> Target:
    on = None if day is None else date(2019, 1, day)
    return Target("A", 2019, Fraction(value), set_on=on, **more)  # type: ignore[arg-type]


def test_the_latest_revision_is_in_force_and_none_is_forgotten() -> None:
    first, undated, later, same_day = dated(5, 50), dated(None, 40), dated(9, 60), dated(9, 61)
    other = Target("A", 2019, Fraction(20), item="X", set_on=date(2019, 1, 7))
    written = [first, later, undated, same_day, other]
    assert set(in_force(written)) == {same_day, other}
    assert histories(written)[first.key] == (undated, first, later, same_day)
    assert in_force(written, date(2019, 1, 6)) == (first,)
    assert in_force([later], date(2019, 1, 6)) == ()


def test_a_basis_and_a_definition_have_targets_of_their_own() -> None:
    ours = [dated(5, 50), dated(6, 40, basis="all_goods"), dated(7, 30, definition="busan")]
    assert len(in_force(ours)) == 3


def test_lowering_without_a_reason_is_remarked_on() -> None:
    base = Fraction(50)
    codes = [one.code for one in targets.lowered((dated(1, 60), dated(2, 55), dated(3, 58)), base)]
    assert codes == ["lowered"]
    assert targets.lowered((dated(1, 60), dated(2, 55, reason="a fire")), base) == []
    assert targets.lowered((dated(1, 60), dated(2, 55, mode="points")), base) == []  # 105 is more than 60
    down = (dated(1, 20, lower_is_better=True), dated(2, 30, lower_is_better=True))
    assert [one.code for one in targets.lowered(down, base)] == ["lowered"]


def test_asking_for_less_than_before_is_remarked_on() -> None:
    ask = dated(1, 60)
    assert [one.code for one in targets.below(ask, Fraction(60), Fraction(62), Fraction("64.6"))] == [
        "below_earlier", "below_result",
    ]  # fmt: skip
    assert targets.below(ask, Fraction(60), Fraction(60), None) == []
    assert targets.below(dated(1, 60, reason="agreed"), Fraction(60), Fraction(62), Fraction(64)) == []


def test_an_aim_that_no_share_can_reach_is_remarked_on() -> None:
    for value in (Fraction(-1, 100), Fraction(10001, 100)):
        assert [(one.code, one.params) for one in targets.impossible(value)] == [("aim_range", {"aim": value})]
    assert targets.impossible(None) == targets.impossible(Fraction(0)) == targets.impossible(Fraction(100)) == []


def test_how_late_the_two_cities_set_theirs() -> None:
    for on, gone, left in ((date(2019, 9, 24), "73.15", 98), (date(2019, 10, 7), "76.71", 85)):
        (remark,) = targets.set_late(Target("A", 2019, Fraction(50), set_on=on))
        assert (rounded(remark.params["gone"], 2), remark.params["left"]) == (Decimal(gone), left)  # type: ignore[arg-type]
    assert targets.set_late(Target("A", 2020, Fraction(50), set_on=date(2020, 2, 29))) == []
    (after,) = targets.set_late(Target("A", 2020, Fraction(50), set_on=date(2021, 1, 1)))
    assert (after.code, after.params) == ("set_after", {"on": date(2021, 1, 1), "year": 2020})
    assert targets.set_late(Target("A", 2020, Fraction(50), set_on=date(2019, 12, 1))) == []
    assert targets.set_late(Target("A", 2020, Fraction(50))) == []


@given(st.dates(date(1999, 1, 1), date(2030, 12, 31)))
def test_the_year_is_over_by_as_many_days_as_have_passed(on: date) -> None:
    gone, left = targets.year_gone(on, on.year)
    days = (date(on.year, 12, 31) - on).days
    assert left == days
    assert gone == 100 - Fraction(100 * days, days + on.timetuple().tm_yday)
    assert targets.year_gone(date(on.year, 12, 31) + timedelta(days=3), on.year) == (100, 0)


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("target_base_missing", Target("A", 2020, Fraction(10), "points")),
        ("target_base_late", Target("A", 2020, Fraction(10), base_year=2020)),
        ("target_share_range", Target("A", 2020, Fraction(101))),
        ("target_share_range", Target("A", 2020, Fraction(10), "points", base_value=Fraction(-1))),
        ("target_year_range", Target("A", 20, Fraction(10))),
        ("target_basis_unknown", Target("A", 2020, Fraction(10), basis="some")),
    ],
)
def test_targets_that_cannot_be_worked_with(code: str, target: Target) -> None:
    with pytest.raises(BadInputError) as found:
        checked(target, "targets.toml, targets 1")
    assert found.value.code == code


def test_published_rates_agree_to_their_own_digits() -> None:
    assert PublishedRate("A", 2018, "34").agrees(Fraction("33.99"))
    assert not PublishedRate("A", 2018, "34.0").agrees(Fraction("33.94"))
    with pytest.raises(BadInputError, match="published_rate_bad"):
        _ = PublishedRate("A", 2018, "34 %").value
