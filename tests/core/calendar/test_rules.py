"""Rules as data: what the files say, and what a file may not say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from chorok.core import calendar
from chorok.core.calendar import NATIONAL, Rule, load
from chorok.core.errors import BadInputError


def rule(name: str, identity: str) -> Rule:
    return next(one for one in load(name).rules if one.id == identity)


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def last_of(year: int, month: int) -> date:
    return [day for day in days_of(year) if day.month == month][-1]


@pytest.mark.parametrize("year", [*range(1896, 1906), *range(1996, 2033), 2100, 2400])
def test_due_days_over_leap_years(year: int) -> None:
    assert rule(NATIONAL, "plan").due_in(year) == last_of(year, 2)
    assert rule(NATIONAL, "results").due_in(year) == last_of(year, 3)
    assert rule("seoul", "seoul-half-district").due_in(year) == last_of(year, 7)
    assert rule("seoul", "seoul-training").due_in(year) == last_of(year, 12)
    assert rule(NATIONAL, "answer").due_in(year) is None


def test_what_a_duty_is_about() -> None:
    assert rule(NATIONAL, "plan").period(2020) == "2020"
    assert rule(NATIONAL, "results").period(2020) == "2019"
    assert rule("seoul", "seoul-plan-finance").period(2026) == "2027"
    assert rule("seoul", "seoul-half-finance").period(2026) == "2026H1"
    assert rule("seoul", "seoul-year-finance").period(2027) == "2026"


def test_seoul_s_inner_dates() -> None:
    found = {one.id: one.due_in(2026) for one in load("seoul").rules}
    chain = {
        "plan": [(12, 16), (12, 20), (12, 25), (1, 31)],
        "half": [(7, 20), (7, 31), (8, 10), (7, 31)],
        "year": [(1, 15), (1, 20), (1, 31), (1, 31)],
    }
    for what, expected in chain.items():
        steps = ("department", "bureau", "finance", "district")
        shown = [found[f"seoul-{what}-{step}"] for step in steps]
        assert shown == [date(2026, month, day) for month, day in expected]
    assert found["seoul-publish"] == date(2026, 3, 31)


def test_an_answer_is_due_fifteen_days_after_the_question() -> None:
    answer = rule(NATIONAL, "answer")
    assert answer.due_after(date(2020, 2, 20)) == date(2020, 3, 6)
    assert answer.due_after(date(2019, 12, 31)) == date(2020, 1, 15)


def test_a_set_says_nothing_of_days_before_its_text() -> None:
    seoul = load("seoul")
    assert not seoul.holds(seoul.rules[0], date(2026, 1, 18))
    assert seoul.holds(seoul.rules[0], date(2026, 1, 19))
    assert load(NATIONAL).holds(rule(NATIONAL, "plan"), date(1, 1, 1))


def test_every_set_that_comes_along_names_its_origin() -> None:
    ids = [one.id for name in calendar.names() for one in load(name).rules]
    assert len(ids) == len(set(ids))
    for name in calendar.names():
        found = load(name)
        assert found.id == name
        assert found.source
        assert found.author
        assert found.change_log
        for one in found.rules:
            assert one.source_ko
            assert one.source_en
            assert one.kinds


OWN = """
id = "ours"
title_ko = "우리 시"
title_en = "Ours"
source = "훈령"
author = "김"
checker = ""
next_review = 2027-01-01
change_log = []

[[rules]]
id = "ours-plan"
title_ko = "계획"
title_en = "Plan"
role_ko = "부서"
role_en = "department"
to_ko = "시"
to_en = "city"
kinds = ["department"]
covers = "year"
source_ko = "훈령"
source_en = "Directive"
month = 11
day = 30
until = 2030-01-01
"""


def own(folder: Path, text: str) -> str:
    file = folder / "우리 시.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_city_may_have_a_file_of_its_own(tmp_path: Path) -> None:
    found = load(own(tmp_path, OWN))
    assert found.rules[0].due_in(2029) == date(2029, 11, 30)
    assert found.holds(found.rules[0], date(2029, 12, 31))
    assert not found.holds(found.rules[0], date(2030, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("month = 11", "mont = 11", "record_key_unknown"),
        ("month = 11\n", "", "calendar_rule_bad"),
        ("day = 30", "day = 31", "calendar_rule_bad"),
        ("month = 11\nday = 30", "month = 2\nday = 29", "calendar_rule_bad"),
        ("month = 11\nday = 30", "month = 13\nday = 0", "calendar_rule_bad"),
        ("month = 11\nday = 30", 'after = "question"', "calendar_rule_bad"),
        ("month = 11\nday = 30", 'after = "question"\ndays = 0', "calendar_rule_bad"),
        ("day = 30", 'day = 30\nafter = "question"\ndays = 3', "calendar_rule_bad"),
        ('covers = "year"', 'covers = "week"', "record_value_bad"),
        ("next_review = 2027-01-01\n", "", "record_key_missing"),
        ("until = 2030-01-01\n", "until = 2030-01-01\n" + OWN[OWN.index("[[rules]]") :], "calendar_rule_twice"),
        ('id = "ours"', 'id = "ours', "calendar_not_toml"),
    ],
)
def test_a_file_that_does_not_fit_is_an_error(old: str, new: str, code: str, tmp_path: Path) -> None:
    assert old in OWN
    with pytest.raises(BadInputError) as caught:
        load(own(tmp_path, OWN.replace(old, new, 1)))
    assert caught.value.code == code


def test_an_unknown_set_is_an_error() -> None:
    with pytest.raises(BadInputError, match="calendar_unknown"):
        load("nowhere")
