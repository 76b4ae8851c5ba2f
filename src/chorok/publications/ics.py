"""Due dates as a calendar file (iCalendar, RFC 5545): one all-day event a duty, equal bytes for equal duties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from chorok import wording
from chorok.core.calendar.duties import Duty
from chorok.ledger.store import write_whole
from chorok.wording import Language

Name = Callable[[str], str]
"""Code of an organisation -> its name."""


def write(file: Path, duties: Sequence[Duty], name: Name, language: Language, on: date, alarm: int | None) -> int:
    """Write duties as a calendar file, whole or not at all; return how many."""
    write_whole(file, text(duties, name, language, on, alarm))
    return len(duties)


def text(duties: Iterable[Duty], name: Name, language: Language, on: date, alarm: int | None) -> str:
    """Return duties as the text of a calendar file.

    `on` is the day on which they were so (DTSTAMP). `alarm`: days before, with a reminder in the morning; None: none.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Chorok//Calendar//" + language.upper())
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", wording.say("calendar.ics_name", language))
    for duty in duties:
        calendar.add_component(_event(duty, name, language, on, alarm))
    written: bytes = calendar.to_ical()
    return written.decode()


def uid(duty: Duty) -> str:
    """Return the event's name for life: a calendar that takes a newer file in changes the event it has."""
    asked = f"-{duty.asked_on:%Y%m%d}" if duty.asked_on else ""
    return f"{duty.rule.id}-{duty.period}{asked}-{duty.organisation}@chorok"


def _event(duty: Duty, name: Name, language: Language, on: date, alarm: int | None) -> Event:
    event = Event()
    summary = wording.say(
        "calendar.ics_summary",
        language,
        what=duty.rule.title(language),
        period=duty.period,
        organisation=name(duty.organisation),
    )
    event.add("uid", uid(duty))
    event.add("dtstamp", datetime.combine(on, time(), UTC))
    event.add("summary", summary)
    event.add("description", _description(duty, language))
    event.add("dtstart", duty.due)
    event.add("dtend", duty.due + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [wording.say(f"duty_state.{duty.state}", language)])
    if alarm is not None and duty.done_on is None:
        event.add_component(_alarm(summary, alarm))
    return event


def _description(duty: Duty, language: Language) -> str:
    return wording.say(
        "calendar.ics_description",
        language,
        state=wording.say(f"duty_state.{duty.state}", language),
        role=duty.rule.role(language),
        to=duty.rule.to(language),
        source=duty.rule.source(language),
    )


def _alarm(summary: str, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(hours=9) - timedelta(days=days))
    return alarm
