"""Forecasts from a small ledger: which months and years count, by whom, and against which target."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import builders
from builders import CHAIR, CITY, EAST, GREEN, PIPE, PLAIN, WEST, copy, keyed, take, write_csv
from chorok.core.measures.targets import Target
from chorok.ledger import forecasts, kept
from chorok.ledger.forecasts import Asked, Outlook, Outlooks
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

F = Fraction
CHAIRS, PIPES = "90000001", "90000002"
YEARS = {2016: 1, 2017: 2, 2018: 3}
"""Complete years -> how many times as much is bought; all go the same way."""
BY_MONTH = [(month, 100 + month, 50 + 3 * month) for month in range(1, 13)]
"""Month, green, not green; in 2019 there are months 1 to 8."""


def lines() -> list[dict[str, str]]:
    rows = []
    for year, times in {**YEARS, 2019: 2}.items():
        for month, green, plain in BY_MONTH[: 8 if year == 2019 else 12]:
            day = f"{year}-{month:02d}-15"
            rows.append(keyed(len(rows), org=WEST, day=day, product=GREEN, class_=CHAIRS, amount=green * times))
            rows.append(keyed(len(rows), org=WEST, day=day, product=PLAIN, class_=CHAIRS, amount=plain * times))
    rows.append(keyed(900, org=EAST, day="2018-03-01", product=PLAIN, class_=CHAIRS, amount=10))
    rows.append(keyed(901, org=EAST, day="2019-03-01", product=PLAIN, class_=PIPES, amount=70))
    rows.append(keyed(902, org=CITY, day="2015-06-01", product=GREEN, class_=CHAIRS, amount=5))
    return rows


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("전망")
    ledger = Ledger.create(folder / "ledger", "2019-10-05")
    certificates = [{**builders.CERTIFICATES[0], "valid_from": date(2010, 1, 1)}]
    builders.register(ledger, certificates=certificates)
    take(ledger, write_csv(folder / "lines.csv", lines()))
    return ledger.path


def asked(ledger: Path, **question: object) -> Outlooks:
    return forecasts.outlooks(Published.at(Ledger.open(ledger)), Asked(**{"year": 2019, **question}))  # type: ignore[arg-type]


def one(ledger: Path, **question: object) -> Outlook:
    (found,) = asked(ledger, **question).found
    return found


def test_months_that_are_over_and_have_purchases_count(filled: Path) -> None:
    found = asked(filled, organisation=WEST)
    assert (found.months, found.without) == (8, (9,)), "October runs; September is over and empty"
    assert asked(filled, organisation=WEST, through=5).months == 5
    assert asked(filled, organisation=WEST, through=11).months == 8


def test_years_alike_give_the_year_exactly(filled: Path) -> None:
    made = one(filled, organisation=WEST).forecast
    green, plain = (2 * sum(row[column] for row in BY_MONTH) for column in (1, 2))
    assert (made.state, made.green, made.total) == ("forecast", green, green + plain)
    assert made.share == made.low == made.high == F(green, green + plain)
    assert made.so_far.denominator == 2 * sum(sum(row[1:]) for row in BY_MONTH[:8])


def test_years_that_are_not_covered_are_left_out_with_the_reason(filled: Path) -> None:
    past = {year.year: year.reason for year in one(filled, organisation=CITY).forecast.past}
    assert past == {2015: "year_incomplete", 2016: None, 2017: None, 2018: None}


def test_two_past_years_give_no_interval_and_none_no_forecast(filled: Path) -> None:
    assert one(filled, year=2018, through=8, organisation=WEST).forecast.state == "no_interval"
    assert one(filled, year=2016, through=8, organisation=WEST).forecast.state == "no_past"


def test_a_year_that_is_over_is_its_result(filled: Path) -> None:
    over = one(filled, year=2018, organisation=WEST)
    assert over.forecast.state == "over"
    assert over.actual is not None
    assert over.forecast.share == over.actual.value
    tried = one(filled, year=2018, through=8, organisation=WEST)
    assert tried.actual == over.actual
    assert tried.forecast.share == over.actual.value, "all years are alike"


def test_groups_and_items(filled: Path) -> None:
    by_district = {found.key: found.forecast for found in asked(filled, by=("district",)).found}
    assert by_district[WEST,].state == "forecast"
    assert by_district[EAST,].state == "no_interval"
    reasons = {year.year: year.reason for year in by_district[EAST,].past}
    assert (reasons[2016], reasons[2018]) == ("no_base", None)
    assert by_district[EAST,].so_far.undetermined == 70
    assert one(filled, item=PIPE).forecast.so_far.denominator == 70
    by_item = {found.key: found.forecast for found in asked(filled, by=("item",), organisation=CITY).found}
    assert by_item[CHAIR,] == one(filled, item=CHAIR, organisation=CITY).forecast


def test_the_target_is_that_of_the_same_organisation_and_item(filled: Path, tmp_path: Path) -> None:
    ledger = copy(filled, tmp_path / "ledger")
    kept.add(ledger, "targets", Target(WEST, 2019, F(60)))
    kept.add(ledger, "targets", Target(WEST, 2019, F(5), "points", item=CHAIR, base_year=2018))
    kept.add(ledger, "targets", Target(CITY, 2018, F(90)))
    found = one(ledger.path, organisation=WEST)
    assert found.aim == 60
    assert found.needed is not None
    made = found.forecast
    assert made.so_far.green + found.needed.share * found.needed.total == F(60, 100) * made.total
    of_2018 = F(3 * sum(row[1] for row in BY_MONTH), 3 * sum(row[1] + row[2] for row in BY_MONTH)) * 100
    assert one(ledger.path, organisation=WEST, item=CHAIR).aim == of_2018 + 5
    assert [one.aim for one in asked(ledger.path, by=("district",)).found] == [60, None, None]
    assert one(ledger.path, organisation=CITY).aim is None


def test_an_empty_year_has_no_groups(filled: Path) -> None:
    found = asked(filled, year=2012)
    assert (found.found, found.months) == ((), 0)
