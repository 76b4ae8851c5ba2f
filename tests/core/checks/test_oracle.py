"""The arithmetic of checks against plain Python that knows nothing of them: brute force, decimals, the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from chorok.core.checks.report import Budget, Parts
from reported import (
    HERE,
    NEIGHBOUR,
    aimed,
    chosen,
    found,
    increase,
    neighbour,
    numbers,
    printed,
    reached,
    report,
    row,
)

CENTS = st.integers(1, 2_000_000)
TENS = st.integers(10_000, 2_000_000)
DIGITS = st.integers(0, 2)


def shown(value: Fraction, digits: int) -> str:
    """A positive number, rounded half up by the decimal module."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def hundredths(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


@given(CENTS, CENTS, DIGITS)
def test_a_share_of_printed_amounts_is_never_a_finding(green: int, rest: int, digits: int) -> None:
    share = shown(Fraction(100 * green, green + rest), digits)
    said = found("share_recomputed", report(shares=[row(2019, hundredths(green + rest), hundredths(green), share)]))
    assert [result.kind for result in said] == ["ok"]


@given(st.integers(1, 10**6), st.integers(1, 10**6), DIGITS)
def test_a_share_of_unrounded_amounts_is_never_impossible(green: int, rest: int, digits: int) -> None:
    """Amounts in thousandths are printed in hundredths, the share is taken from the thousandths."""
    assume(green + rest >= 100)
    total = green + rest
    amounts = [shown(Fraction(amount, 1000), 2) for amount in (total, green)]
    assume(Fraction(amounts[0]) > 0)
    share = shown(Fraction(100 * green, total), digits)
    (result,) = found("share_recomputed", report(shares=[row(2019, amounts[0], amounts[1], share)]))
    assert result.code in ("", "share_possible", "green_exceeds_total")


@given(st.integers(100, 9999), st.integers(1, 9999), st.integers(0, 9999))
def test_an_impossible_share_is_one_that_no_amounts_give(total: int, green: int, share: int) -> None:
    """Every amount in tenths of the last digit is tried."""
    assume(green <= total)
    said = found(
        "share_recomputed", report(shares=[row(2019, hundredths(total), hundredths(green), hundredths(share))])
    )
    wanted = Fraction(share, 10000)
    reach = [
        Fraction(10 * green + one, 10 * total + other)
        for one in range(-5, 6)
        for other in range(-5, 6)
        if 10 * total + other > 0
    ]
    half = Fraction(1, 20000)
    possible = min(reach) <= wanted + half and max(reach) >= wanted - half
    assert (said[0].code == "share_impossible") == (not possible)


@given(st.integers(1, 999), st.integers(1, 300), st.sampled_from(["%", "%p"]), st.integers(0, 1))
def test_a_target_that_is_base_and_increase_fits(base: int, amount: int, unit: str, digits: int) -> None:
    target = Fraction(base, 10) + amount if unit == "%p" else Fraction(base, 10) * (1 + Fraction(amount, 100))
    rates = [reached(None, 2018, f"{base / 10:.1f}"), aimed(None, 2020, shown(target, digits))]
    said = found("increase_claim", report(rates=rates, increases=[increase(str(amount), unit, 2020, 2018)]))
    assert [result.kind for result in said] == ["ok"]


@given(st.integers(1, 999), st.integers(1, 999), st.integers(1, 300), st.sampled_from(["%", "%p"]))
def test_an_increase_that_does_not_fit_is_found(base: int, target: int, amount: int, unit: str) -> None:
    """Both rates are tried in hundredths, all that print as they do."""
    rates = [reached(None, 2018, f"{base / 10:.1f}"), aimed(None, 2020, f"{target / 10:.1f}")]
    (result,) = found("increase_claim", report(rates=rates, increases=[increase(str(amount), unit, 2020, 2018)]))
    ends = [
        Fraction(10 * base + off, 100) + amount
        if unit == "%p"
        else Fraction(10 * base + off, 100) * (100 + amount) / 100
        for off in (-5, 5)
    ]
    low, high = Fraction(10 * target - 5, 100), Fraction(10 * target + 5, 100)
    assert (result.kind == "ok") == (ends[0] <= high and low <= ends[1])


@given(st.dates(date(1999, 1, 1), date(2030, 12, 31)))
def test_how_late_targets_were_set(day: date) -> None:
    said = found("targets_late", report(year=day.year, targets_set_on=day))
    march = date(day.year, 3, 1)
    assert (said[0].code == "targets_late") == (day >= march)
    for late in numbers(said, "targets_late"):
        length = int(date(day.year, 12, 31).strftime("%j"))
        number = int(day.strftime("%j"))
        assert (int(late["day"]), int(late["left"])) == (number, length - number)
        assert late["elapsed"] == shown(Fraction(100 * number, length), 2)
        assert late["due"] == str(march - timedelta(days=1))


@given(st.integers(0, 100), st.integers(0, 999), st.integers(0, 100))
def test_no_spending_is_above_the_bound_of_items(weight: int, item: int, rest: int) -> None:
    """The total of an item with any weight and rate and a rest with any rate: the weight is within the bound."""
    rate = Fraction(item, 10)
    total = (rate * weight + rest * (100 - weight)) / 100
    assume(total > 0)
    digits = 10
    rates = [
        *(reached(None, 2019, shown(total, digits)), aimed(None, 2019, "0")),
        *(reached("Desks", 2019, shown(rate, 1)), aimed("Desks", 2019, "100")),
    ]
    for bound in numbers(found("total_without_items", report(rates=rates)), "total_without_items"):
        assert Fraction(bound["most"]) >= weight - Fraction(1, 10)


@given(st.lists(st.tuples(CENTS, st.integers(0, 1000)), min_size=1, max_size=3), CENTS, st.integers(0, 1000))
def test_parts_of_a_whole_are_never_found_too_much(items: list[tuple[int, int]], rest: int, rest_rate: int) -> None:
    """Spending in cents and rates in tenths of a percent are summed exactly; the sums are printed rounded."""
    total = sum(spend for spend, _ in items) + rest
    green = sum((Fraction(spend * rate, 1000) for spend, rate in items), Fraction(rest * rest_rate, 1000))
    names = [f"item {number}" for number in range(len(items))]
    amounts = {"spend": tuple(printed(hundredths(spend)) for spend, _ in items)}
    rates = [reached(name, 2018, shown(Fraction(rate, 10), 1)) for name, (_, rate) in zip(names, items, strict=True)]
    shares = [row(2018, hundredths(total), shown(green / 100, 2), "0")]
    said = found("core_weight", report(shares=shares, rates=rates, core_items=[chosen(*names, **amounts)]))
    assert [result.kind for result in said] == ["ok"]


@given(st.lists(st.tuples(TENS, TENS), min_size=2, max_size=2), DIGITS)
def test_the_share_of_a_network_is_that_of_its_sums(cities: list[tuple[int, int]], digits: int) -> None:
    amounts = [(green + rest, green) for green, rest in cities]
    total, green = (sum(column) for column in zip(*amounts, strict=True))
    rows = [row(2019, hundredths(t), hundredths(g), shown(Fraction(100 * g, t), 2)) for t, g in amounts]
    other = [row(2019, rows[1].total.text, rows[1].green.text, rows[1].share.text, organisation=NEIGHBOUR)]  # type: ignore[union-attr]

    def told(share: str) -> str:
        whole = row(2019, hundredths(total), hundredths(green), share, organisation="Network")
        said = found("network_share", report(shares=rows[:1], network_shares=[whole]), neighbour(shares=other))
        return said[0].code

    assert told(shown(Fraction(100 * green, total), digits)) == ""
    mean = sum(Fraction(100 * g, t) for t, g in amounts) / 2
    if abs(mean - Fraction(100 * green, total)) > 1:
        assert told(shown(mean, 2)) == "network_mean"


@given(st.integers(1, 10**6), st.integers(0, 2 * 10**6))
def test_the_ministers_question(earlier: int, now: int) -> None:
    rows = [row(2018, "99999.99", hundredths(earlier), "1"), row(2019, "99999.99", hundredths(now), "1")]
    (result,) = found("yearly_change", report(shares=rows))
    assert (result.code == "large_change") == (2 * now >= 3 * earlier or 10 * now <= 7 * earlier)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=6))
def test_parts_that_are_rounded_add_up(weights: list[int]) -> None:
    whole = sum(weights)
    assume(whole > 0)
    parts = tuple(printed(shown(Fraction(100 * weight, whole), 1)) for weight in weights)
    said = found("parts_add_up", report(parts=[Parts("parts", parts, printed("100"), HERE)]))
    assert [result.kind for result in said] == ["ok"]


@given(st.integers(1, 10**6), st.integers(1, 10**4), st.integers(1, 3))
def test_a_rate_that_was_used_is_possible(foreign: int, rate: int, digits: int) -> None:
    """Local = foreign times rate, both printed with fewer digits."""
    local = foreign * 1000 * rate
    step = 10**digits
    rounded = (local + step // 2) // step * step
    budget = Budget(
        *(printed(str(rounded)), "KRW", printed(str(foreign * 1000)), "USD", HERE),
        local_step=step, foreign_step=1, rate=printed(str(rate)), rate_day="2019-12-31",
    )  # fmt: skip
    assert [result.kind for result in found("exchange_rate", report(budgets=[budget]))] == ["ok"]
