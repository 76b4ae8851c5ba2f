from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.money import Share, check_published_share, percent, round_half_away, written

AMOUNTS = st.integers(0, 10**15)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9), st.integers(0, 6))
def test_rounding_is_half_away_from_zero(numerator: int, denominator: int, digits: int) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(numerator) / Decimal(denominator)
        expected = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    rounded = round_half_away(Fraction(numerator, denominator), digits)
    assert rounded == expected
    assert rounded.as_tuple().exponent == -digits


def test_half_goes_away_from_zero_on_both_sides() -> None:
    assert str(round_half_away(Fraction(1, 8), 2)) == "0.13"
    assert str(round_half_away(Fraction(-1, 8), 2)) == "-0.13"


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_bounds_hold_the_share(green: int, not_green: int, undetermined: int, unknown: int) -> None:
    share = Share(green, not_green, undetermined, unknown)
    if share.value is None:
        assert share.denominator == 0
        return
    assert share.low is not None
    assert share.high is not None
    assert share.low <= share.value <= share.high
    assert share.low >= 0
    assert share.high <= 1


def test_a_share_of_nothing_is_not_defined() -> None:
    assert Share(0, 0).value is None
    assert percent(Share(0, 0).value) is None
    assert Share(-5, 0).value is None
    assert Share(0, 0, 0, 10).low == 0


@pytest.mark.parametrize(
    ("total", "green", "share", "verdict"),
    [
        ("112.52", "40.01", "35.56", "ok"),
        ("97.07", "46.59", "48", "ok"),
        ("88.04", "48.17", "54.7", "ok"),
        ("36.28", "11.16", "30.77", "possible"),
        ("32.50", "11.98", "36.89", "impossible"),
        ("39.43", "22.88", "58.0", "ok"),
        ("0", "0", "0", "not_defined"),
    ],
)
def test_published_shares_of_both_reports(total: str, green: str, share: str, verdict: str) -> None:
    assert check_published_share(green, total, share) == verdict


def test_amounts_as_people_write_them() -> None:
    assert written(-1234567) == "-1,234,567"
    assert written(-123405, "GBP") == "-1,234.05"
