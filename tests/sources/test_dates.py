"""Dates in SQL against an oracle, and how the order of day and month is decided."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorok.ledger.engines import connect
from chorok.sources import dates
from chorok.sources.dates import sql_date
from chorok.sources.understanding import DateOrder

CONNECTION = connect(threads=1)
ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")
FIFTH_OF_MARCH = dt.date(2019, 3, 5)


def read(text: str | None, order: DateOrder = "ymd") -> dt.date | None:
    row = CONNECTION.execute(f"SELECT {sql_date('x', order)} FROM (SELECT $1::VARCHAR AS x)", [text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    "text",
    [
        "2019-03-05",
        "2019.3.5",
        "2019. 3. 5.",
        "2019/03/05",
        "2019/3/5",
        "20190305",
        "20190305143000",
        "201903051430",
        "2019-03-05 14:30:00.0",
        "2019-03-05T14:30:00+09:00",
        "2019-03-05T00:30:00Z",
        "2019년 3월 5일",
        "2019년3월5일",
        "2019.03.05(화)",
        "2019-03-05 오후 2:30:00",
        " 2019-03-05 ",
        "\xa02019-03-05\xa0",
        "43529",
        "43529.0",
        "43529.6",
        "5 March 2019",
        "05-Mar-2019",
        "5-mar-19",
        "5th March 2019",
        "March 5, 2019",
        "05 MAR 2019 10:00",
    ],
)
@pytest.mark.parametrize("order", ORDERS)
def test_forms_that_need_no_order(text: str, order: DateOrder) -> None:
    assert read(text, order) == FIFTH_OF_MARCH


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("19.03.05", "ymd"),
        ("19-3-5", "ymd"),
        ("'19. 3. 5.", "ymd"),
        ("05/03/2019", "dmy"),
        ("5-3-19", "dmy"),
        ("05.03.2019", "dmy"),
        ("03/05/2019", "mdy"),
        ("3-5-19", "mdy"),
        ("05/03/2019 14:30", "dmy"),
    ],
)
def test_forms_that_need_an_order(text: str, order: DateOrder) -> None:
    assert read(text, order) == FIFTH_OF_MARCH


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "2019-02-30",
        "20190230",
        "2019-13-01",
        "2019.0.5",
        "2019-03",
        "2019",
        "201903",
        "epoch",
        "infinity",
        "1234567890",
        "12345678",
        "19999",
        "80001",
        "2019-03-05x",
        "x2019-03-05",
        "31-Feb-2019",
        "2019-03-05 25",
        "3rd",
        "마감",
        "0019-03-05",
        "2019-03-05 (BC)",
        "today",
        "20190305999999",
        "5 Marchx 2019",
    ],
)
@pytest.mark.parametrize("order", ORDERS)
def test_refuses(text: str, order: DateOrder) -> None:
    assert read(text, order) is None


def test_missing_stays_missing() -> None:
    assert read(None) is None


def test_every_form_listed_is_read() -> None:
    for form in dates.FORMS:
        assert any(read(form, order) for order in ORDERS), form


def test_the_written_local_date_is_kept() -> None:
    assert read("2020-01-01T00:30:00+09:00") == dt.date(2020, 1, 1)


def test_two_digit_years_before_1970_do_not_occur() -> None:
    assert (read("69.1.1"), read("70.1.1")) == (dt.date(2069, 1, 1), dt.date(1970, 1, 1))


def test_day_and_month_are_not_guessed_under_ymd() -> None:
    assert read("24/12/2010", "ymd") is None


@given(
    st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)), st.sampled_from(ORDERS), st.sampled_from("-./"), st.booleans()
)
@settings(max_examples=50, deadline=None)
def test_round_trip(day: dt.date, order: DateOrder, mark: str, short: bool) -> None:
    year = f"{day.year % 100:02}" if short else str(day.year)
    parts = {"ymd": (year, day.month, day.day), "dmy": (day.day, day.month, year), "mdy": (day.month, day.day, year)}
    assert read(mark.join(map(str, parts[order])), order) == day


@given(st.integers(1, 99), st.integers(1, 99), st.integers(1900, 2099), st.sampled_from(ORDERS[1:]))
@settings(max_examples=50, deadline=None)
def test_impossible_dates_are_refused(first: int, second: int, year: int, order: DateOrder) -> None:
    day, month = (first, second) if order == "dmy" else (second, first)
    try:
        expected = dt.date(year, month, day)
    except ValueError:
        expected = None
    assert read(f"{first}/{second}/{year}", order) == expected


@given(st.integers(20000, 79999))
@settings(max_examples=30, deadline=None)
def test_serials(serial: int) -> None:
    assert read(str(serial)) == dt.date(1899, 12, 30) + dt.timedelta(days=serial)


def decide(values: list[str], korean: bool = False) -> tuple[DateOrder, str]:
    CONNECTION.execute("CREATE OR REPLACE TEMP TABLE t AS SELECT unnest($1::VARCHAR[]) AS c0", [values])
    return dates.order_of(CONNECTION, "t", ["c0"], korean=korean)


@pytest.mark.parametrize(
    ("values", "korean", "expected"),
    [
        (["2019-03-05", "20190305"], False, ("ymd", "written")),
        (["06-Apr-2011"], False, ("ymd", "written")),
        (["05/03/2019", "24/12/2010"], False, ("dmy", "decided_by_values")),
        (["05/03/2019", "12/24/2010"], False, ("mdy", "decided_by_values")),
        (["05/03/2019"], False, ("dmy", "assumed")),
        (["05/03/2019"], True, ("dmy", "assumed")),
        (["24/12/2010", "12/24/2010"], False, ("dmy", "conflict")),
        (["19.03.05"], True, ("ymd", "assumed")),
        (["99.03.05"], True, ("ymd", "decided_by_values")),
        (["5-3-19"], False, ("dmy", "assumed")),
        (["5-3-98"], False, ("dmy", "assumed")),
    ],
)
def test_order(values: list[str], korean: bool, expected: tuple[str, str]) -> None:
    assert decide(values, korean) == expected


def test_a_value_far_down_decides() -> None:
    assert decide(["05/03/2019"] * 5000 + ["13/03/2019"]) == ("dmy", "decided_by_values")


def test_counts_are_what_decides() -> None:
    assert dates.decide_order(Counter(), korean=True) == ("ymd", "written")
