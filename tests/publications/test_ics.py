"""Calendar files, read again by the library that offices' calendars rest on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from builders import CITY, ORGANISATIONS, WEST
from chorok.core.calendar import NATIONAL, load
from chorok.core.calendar.duties import Done, Duty, Events, Question, due
from chorok.core.organisations import Tree
from chorok.publications import ics

TODAY = date(2020, 1, 15)
ASKED = Events(
    done=(Done("plan", CITY, "2020", date(2020, 1, 10), "김"),),
    questions=(Question(CITY, "2019", date(2020, 4, 20), "부처"), Question(CITY, "2019", date(2020, 6, 1), "부처")),
)


def found(today: date = TODAY) -> list[Duty]:
    return due({NATIONAL: load(NATIONAL)}, (), Tree.of(ORGANISATIONS), 2020, ASKED, today)


def name(code: str) -> str:
    return f"이름, {code};"


def read(file: Path) -> Calendar:
    return Calendar.from_ical(file.read_bytes())


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_read_is_what_was_due(language: ics.Language, tmp_path: Path) -> None:
    file, duties = tmp_path / "기한.ics", found()
    assert ics.write(file, duties, name, language, TODAY, None) == len(duties)
    events = read(file).walk("VEVENT")
    assert len({str(event["uid"]) for event in events}) == len(duties)
    for event, duty in zip(events, duties, strict=True):
        assert event["dtstart"].dt == duty.due
        assert event["dtend"].dt == duty.due + timedelta(days=1)
        assert event["dtstart"].params["VALUE"] == "DATE"
        assert event["dtstamp"].dt == datetime(2020, 1, 15, tzinfo=UTC)
        title = duty.rule.title_ko if language == "ko" else duty.rule.title_en
        assert str(event["summary"]) == f"{title} {duty.period} - {name(duty.organisation)}"
        assert not event.walk("VALARM")


def test_equal_duties_give_equal_bytes_and_names_last(tmp_path: Path) -> None:
    one, two, later = (tmp_path / f"{number}.ics" for number in range(3))
    ics.write(one, found(), name, "ko", TODAY, 7)
    ics.write(two, found(), name, "ko", TODAY, 7)
    assert one.read_bytes() == two.read_bytes()
    ics.write(later, found(date(2020, 5, 1)), name, "en", date(2020, 5, 1), None)
    names = [[str(event["uid"]) for event in read(file).walk("VEVENT")] for file in (one, later)]
    assert names[0] == names[1]


def test_a_reminder_stands_only_at_what_is_not_done(tmp_path: Path) -> None:
    file = tmp_path / "기한.ics"
    ics.write(file, found(), name, "ko", TODAY, 7)
    for event, duty in zip(read(file).walk("VEVENT"), found(), strict=True):
        triggers = [alarm["trigger"].dt for alarm in event.walk("VALARM")]
        assert triggers == ([] if duty.done_on else [timedelta(days=-7, hours=9)])


def test_lines_are_as_long_as_the_format_allows(tmp_path: Path) -> None:
    file = tmp_path / "기한.ics"
    ics.write(file, found(), lambda code: "아주 긴 기관 이름 " * 12 + code, "ko", TODAY, None)
    lines = file.read_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert len(lines) > 20
    assert any(WEST in str(event["summary"]) for event in read(file).walk("VEVENT"))
