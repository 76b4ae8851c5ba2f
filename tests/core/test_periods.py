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
