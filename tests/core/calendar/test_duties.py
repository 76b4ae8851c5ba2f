"""Who owes what, and how it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CITY, EAST, MOVED, ORGANISATIONS, OTHER_CITY, WEST
from chorok.core.calendar import NATIONAL, load
from chorok.core.calendar.duties import SOON, Choice, Done, Duty, Events, Question, Sent, due, sets_of
from chorok.core.organisations import Tree

SETS = {name: load(name) for name in (NATIONAL, "seoul")}
DEPARTMENT = {"code": "T-2601-1", "name_ko": "총무과", "kind": "department", "parent": WEST}
ENDED = {"code": "T-2609", "name_ko": "옛구", "kind": "district", "parent": CITY, "valid_until": date(2020, 2, 29)}
TREE = Tree.of([*ORGANISATIONS, DEPARTMENT, ENDED])


def duties(year: int, today: date, events: Events = Events(), *choices: Choice) -> list[Duty]:
    return due(SETS, choices, TREE, year, events, today)


def one(found: list[Duty], rule: str, organisation: str) -> Duty:
    (duty,) = [duty for duty in found if (duty.rule.id, duty.organisation) == (rule, organisation)]
    return duty


def test_cities_and_districts_owe_the_national_dates_and_departments_none() -> None:
    found = duties(2020, date(2020, 1, 1))
    owing = {duty.organisation for duty in found}
    assert {CITY, WEST, EAST, OTHER_CITY, MOVED} <= owing
    assert not owing & {"T-NET", "T-2601-1"}
    assert {duty.rule.id for duty in found} == {"plan", "results"}


def test_whoever_is_gone_on_the_day_owes_nothing() -> None:
    assert not [duty for duty in duties(2020, date(2020, 1, 1)) if duty.organisation == "T-2609"]
    assert len([duty for duty in duties(2019, date(2020, 1, 1)) if duty.organisation == "T-2609"]) == 2


def test_a_city_s_own_dates_hold_for_it_and_all_below_from_its_text_on() -> None:
    chosen = Choice(CITY, ("seoul",))
    found = [duty for duty in duties(2026, date(2026, 1, 1), Events(), chosen) if duty.rule.id.startswith("seoul")]
    assert {duty.organisation for duty in found} == {CITY, WEST, EAST, "T-2601-1"}
    assert min(duty.due for duty in found) == date(2026, 1, 20)
    assert not [duty for duty in duties(2025, date(2026, 1, 1), Events(), chosen) if duty.rule.id.startswith("seoul")]


def test_the_nearest_choice_counts_and_the_last_one_made() -> None:
    assert sets_of(TREE, WEST, [Choice(CITY, ("seoul",)), Choice(WEST, ())]) == [NATIONAL]
    assert sets_of(TREE, "T-2601-1", [Choice(CITY, ()), Choice(CITY, ("seoul",))]) == [NATIONAL, "seoul"]
    assert sets_of(TREE, OTHER_CITY, [Choice(CITY, ("seoul",))]) == [NATIONAL]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2020, 1, 29), "open"),
        (date(2020, 1, 30), "due_soon"),
        (date(2020, 2, 29), "due_soon"),
        (date(2020, 3, 1), "late"),
    ],
)
def test_before_and_after_the_due_day(today: date, state: str) -> None:
    assert SOON == 30
    assert one(duties(2020, today), "plan", CITY).state == state


@pytest.mark.parametrize(("on", "state"), [(date(2020, 2, 29), "done"), (date(2020, 3, 1), "done_late")])
def test_a_note_says_done(on: date, state: str) -> None:
    notes = (Done("plan", CITY, "2020", date(2020, 4, 1), "김"), Done("plan", CITY, "2020", on, "이", "문서-1"))
    duty = one(duties(2020, date(2020, 5, 1), Events(done=notes)), "plan", CITY)
    assert (duty.state, duty.done_on, duty.by, duty.note) == (state, on, "이", "문서-1")
    other_year = one(duties(2021, date(2021, 5, 1), Events(done=notes)), "plan", CITY)
    assert other_year.state == "late"


def test_figures_are_done_when_accepted_on_the_day_they_were_sent() -> None:
    sent = Sent(WEST, "2019", date(2020, 3, 31), "김", accepted=False)
    waiting = one(duties(2020, date(2020, 5, 1), Events(sent=(sent,))), "results", WEST)
    assert (waiting.state, waiting.done_on) == ("sent", date(2020, 3, 31))
    accepted = one(duties(2020, date(2020, 5, 1), Events(sent=(replace(sent, accepted=True),))), "results", WEST)
    assert accepted.state == "done"
    noted = Events(done=(Done("results", WEST, "2019", date(2020, 3, 1), "김"),))
    assert one(duties(2020, date(2020, 5, 1), noted), "results", WEST).state == "late"


def test_each_question_wants_an_answer_of_its_own() -> None:
    first, second = (Question(CITY, "2019", day, "부처") for day in (date(2020, 4, 20), date(2020, 6, 1)))
    answered = Done("answer", CITY, "2019", date(2020, 5, 5), "김")
    found = duties(2020, date(2020, 6, 10), Events(done=(answered,), questions=(first, second)))
    answers = [duty for duty in found if duty.rule.id == "answer"]
    assert [(duty.due, duty.state) for duty in answers] == [
        (date(2020, 5, 5), "done"),
        (date(2020, 6, 16), "due_soon"),
    ]


def test_an_answer_may_fall_due_in_the_next_year() -> None:
    asked = Events(questions=(Question(CITY, "2019", date(2020, 12, 20), "부처"),))
    assert not [duty for duty in duties(2020, date(2021, 1, 1), asked) if duty.rule.id == "answer"]
    assert one(duties(2021, date(2021, 1, 1), asked), "answer", CITY).due == date(2021, 1, 4)


days = st.dates(date(2019, 1, 1), date(2022, 12, 31))


@given(today=days, notes=st.lists(st.tuples(st.sampled_from([CITY, WEST, EAST]), days), max_size=5))
def test_every_duty_is_in_exactly_the_state_that_a_plain_reading_gives(today: date, notes: Any) -> None:
    events = Events(done=tuple(Done("plan", code, "2020", on, "김") for code, on in notes))
    for duty in duties(2020, today, events):
        last = [on for code, on in notes if code == duty.organisation and duty.rule.id == "plan"][-1:]
        if last:
            expected = "done_late" if last[0] > duty.due else "done"
        elif today > duty.due:
            expected = "late"
        else:
            expected = "open" if today + timedelta(days=30) < duty.due else "due_soon"
        assert duty.state == expected
