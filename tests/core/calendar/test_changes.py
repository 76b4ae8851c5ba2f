"""The question on a change: exact, with bounds, against plain reckoning."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.calendar.changes import Changed, asks
from chorok.core.money import Share, percent
from chorok.demo.published import TABLE_1

PAGE = Path(__file__).parents[3] / "docs" / "calendar.md"


def changed(before: int, now: int, *, open_before: int = 0, open_now: int = 0) -> Changed:
    return Changed(Share(before, 0, open_before), Share(now, 0, 0, open_now))


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        (1000, 1499, "unlikely"),
        (1000, 1500, "likely"),
        (1000, 701, "unlikely"),
        (1000, 700, "likely"),
        (1000, 0, "likely"),
        (0, 5, "not_defined"),
        (-5, 5, "not_defined"),
    ],
)
def test_both_ends_are_taken_in(before: int, now: int, outcome: str) -> None:
    assert changed(before, now).outcome == outcome


def test_what_is_undetermined_may_bring_a_question() -> None:
    assert changed(1000, 1400, open_now=100).outcome == "possible"
    assert changed(1000, 1400, open_now=99).outcome == "unlikely"
    assert changed(1000, 800, open_before=143).outcome == "possible"
    assert changed(1000, 1500, open_now=1).outcome == "likely"


amounts = st.integers(0, 10**13)


@given(before=amounts, now=amounts, open_before=amounts, open_now=amounts)
def test_against_plain_reckoning(before: int, now: int, open_before: int, open_now: int) -> None:
    found = changed(before, now, open_before=open_before, open_now=open_now)
    if before == 0:
        assert found.value is None
        return
    assert found.value == Fraction(now, before) - 1
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high
    assert asks(found.value) == (2 * now >= 3 * before or 10 * now <= 7 * before)
    most = 2 * (now + open_now) >= 3 * before
    least = 10 * now <= 7 * (before + open_before)
    widest = found.outcome in ("likely", "possible")
    assert widest == (asks(found.value) or most or least)


def test_it_is_shown_with_one_rounding() -> None:
    assert str(percent(changed(3, 4).value)) == "33.33"


def test_the_worked_examples_of_the_page_are_right() -> None:
    found = re.search(r"<!-- example: changes -->\n\n((?:\|.*\n)+)", PAGE.read_text(encoding="utf-8"))
    assert found is not None
    greens = {(row.city, row.year): row.green for row in TABLE_1}
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in found[1].splitlines()[2:]]
    assert len(rows) == 3
    for city, year, before, now, change, outcome in rows:
        pair = [greens[city, int(year) - 1], greens[city, int(year)]]
        assert [f"{amount / 100:.2f}" for amount in pair] == [before, now]
        assert (f"{percent(changed(*pair).value):+}", changed(*pair).outcome) == (change, outcome)


def test_no_year_of_the_two_reports_brings_a_question() -> None:
    greens = {(row.city, row.year): row.green for row in TABLE_1}
    pairs = [(greens[city, year - 1], green) for (city, year), green in greens.items() if (city, year - 1) in greens]
    assert len(pairs) == 8
    assert {changed(*pair).outcome for pair in pairs} == {"unlikely"}
