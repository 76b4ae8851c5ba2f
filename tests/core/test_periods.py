from datetime import date

import pytest

from chorok.core import periods
from chorok.core.errors import UsageError


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2019", date(2019, 1, 1), date(2020, 1, 1)),
        ("2019H2", date(2019, 7, 1), date(2020, 1, 1)),
        ("2019-Q1", date(2019, 1, 1), date(2019, 4, 1)),
        ("2019q4", date(2019, 10, 1), date(2020, 1, 1)),
        ("2019-12", date(2019, 12, 1), date(2020, 1, 1)),
        ("2015..2019H1", date(2015, 1, 1), date(2019, 7, 1)),
        ("..2015", date(1, 1, 1), date(2016, 1, 1)),
    ],
)
def test_parse(text: str, since: date, until: date) -> None:
    assert periods.parse(text) == periods.Period(since, until)


@pytest.mark.parametrize("text", ["19", "2019-13", "2019Q5", "last year", ""])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        periods.parse(text)


def test_labels() -> None:
    assert periods.label(2019, "year") == "2019"
    assert periods.label(2019 * 2 + 1, "half") == "2019H2"
    assert periods.label(2019 * 4 + 2, "quarter") == "2019Q3"
    assert periods.label(2019 * 12 + 6, "month") == "2019-07"


@pytest.mark.parametrize("text", ["2019", "2019H2", "2020Q4", "2019-02"])
def test_a_period_has_a_number_by_which_it_is_named(text: str) -> None:
    found = periods.numbered(periods.parse(text))
    assert found is not None
    assert periods.label(found[1], found[0]) == text


@pytest.mark.parametrize("text", ["2015..2016", "..2019", "2019..", "2019-02..2019-04"])
def test_a_stretch_that_is_no_one_period_has_none(text: str) -> None:
    assert periods.numbered(periods.parse(text)) is None


def test_steps_go_year_by_year_where_that_leads_there() -> None:
    assert periods.steps("year", 2015, 2018) == ["2015", "2016", "2017", "2018"]
    assert periods.steps("half", 2018 * 2, 2020 * 2) == ["2018H1", "2019H1", "2020H1"]
    assert periods.steps("half", 2018 * 2, 2019 * 2 + 1) == ["2018H1", "2019H2"]
    assert periods.steps("month", 2019 * 12, 2019 * 12 + 1) == ["2019-01", "2019-02"]
