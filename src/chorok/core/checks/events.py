"""Meetings, trainings, workshops: on the day they say, not two at once, in an order that can be, and who came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from fractions import Fraction
from itertools import combinations, groupby, pairwise

from chorok.core.checks.readings import distinct, key, number, places, same_name, words
from chorok.core.checks.report import Event, Report
from chorok.core.checks.results import Given, Outcome, Word, finding, fine
from chorok.core.checks.rules import Rule


def events_overlap(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for two events of one city at one time in one house."""
    timed = [event for event in report.events if event.start and event.end]
    days = groupby(sorted(timed, key=_begin), key=lambda event: event.day)
    for one, other in (pair for _, events in days for pair in combinations(events, 2)):
        if _same(one, other):
            continue
        subject, stands = (one.title, other.title, str(one.day)), places(one.place, other.place)
        minutes = _minutes(one, other)
        if minutes <= 0 or not _near(one, other):
            yield fine(subject, stands)
        else:
            yield finding(
                "events_overlap", subject, stands,
                day=str(one.day), minutes=minutes, one=one.title, one_time=_hours(one), one_venue=one.venue or "–",
                other=other.title, other_time=_hours(other), other_venue=other.venue or "–",
            )  # fmt: skip


def _begin(event: Event) -> tuple[date, str]:
    return event.day, str(event.start)


def _same(one: Event, other: Event) -> bool:
    """Tell whether both are one event that is told twice, as in a list and in a sentence."""
    short, long = sorted((key(one.title), key(other.title)), key=len)
    return short in long and (one.start, one.end) == (other.start, other.end)


def _minutes(one: Event, other: Event) -> int:
    """For how many minutes of their day both last; what ends before it begins, ends on the next day."""
    spans = [(_minute(e.start), _minute(e.end)) for e in (one, other) if e.start and e.end]
    ends = [end if end > start else 24 * 60 for start, end in spans]
    return min(ends) - max(start for start, _ in spans)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _near(one: Event, other: Event) -> bool:
    """Tell whether both are in one house: a word of the venue in common, or one venue not said."""
    return not one.venue or not other.venue or bool(set(words(one.venue)) & set(words(other.venue)))


def _hours(event: Event) -> str:
    return f"{event.start:%H:%M}–{event.end:%H:%M}"


def core_items_known(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for events about core items before the core items were chosen."""
    chosen = min((choice.chosen_on for choice in report.core_items if choice.chosen_on), default=None)
    for event in report.events if chosen else ():
        topics = [topic for topic in event.topics if re.search(rule.patterns["core_items"], topic, re.IGNORECASE)]
        if not topics or event.kind == "consultation":
            continue
        subject = (event.title, str(event.day))
        if event.day >= chosen:  # type: ignore[operator]
            yield fine(subject, (event.place,))
        else:
            yield finding(
                "core_items_not_chosen_yet", subject, (event.place,),
                title=event.title, day=str(event.day), topic=topics[0], chosen_on=str(chosen),
            )  # fmt: skip


def consultation_order(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Compare the numbers of consultations with their days."""
    numbered = [event for event in report.events if event.kind == "consultation" and event.number]
    for one, other in pairwise(sorted(numbered, key=lambda event: event.number or 0)):
        subject, stands = (str(one.number), str(other.number)), places(one.place, other.place)
        if one.day <= other.day:
            yield fine(subject, stands)
        else:
            said: dict[str, Given] = {"one": str(one.number), "one_day": str(one.day), "other": str(other.number)}
            yield finding("consultation_order", subject, stands, **said, other_day=str(other.day))


def weekday(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Compare the printed weekday with the calendar."""
    for event in report.events:
        if event.weekday is None:
            continue
        subject = (event.title, str(event.day))
        if event.weekday == event.day.weekday():
            yield fine(subject, (event.place,))
        else:
            printed, right = Word(f"weekday_{event.weekday}"), Word(f"weekday_{event.day.weekday()}")
            yield finding(
                "weekday_wrong",
                subject,
                (event.place,),
                title=event.title,
                day=str(event.day),
                printed=printed,
                right=right,
            )


def attendance(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Count the districts at a meeting of districts."""
    whole = len(distinct(report.district_names)) or report.district_count or 0
    for event in report.events:
        came = distinct(event.districts)
        if event.kind != "meeting" or not came or not whole:
            continue
        subject = (event.title, str(event.day))
        if len(came) >= whole:
            yield fine(subject, (event.place,))
            continue
        said: dict[str, Given] = {"title": event.title, "day": str(event.day), "came": len(came), "whole": whole}
        rate = number(Fraction(100 * len(came), whole), 1)
        absent = tuple(name for name in distinct(report.district_names) if key(name) not in set(map(key, came)))
        code = "districts_absent_named" if absent else "districts_absent"
        yield finding(code, subject, (event.place,), **said, rate=rate, **({"absent": absent} if absent else {}))


def members_absent(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for members of the network that a joint event does not name."""
    for event in report.events if report.members else ():
        if len(event.members) < 2:
            continue
        absent = [
            part
            for member in report.members
            if not any(same_name(member.name, name) for name in event.members)
            for part in member.parts or (member.name,)
            if not any(same_name(part, name) for name in event.members)
        ]
        subject = (event.title, str(event.day))
        if not absent:
            yield fine(subject, (event.place,))
        else:
            said: dict[str, Given] = {"title": event.title, "day": str(event.day), "absent": tuple(absent)}
            yield finding("members_absent", subject, (event.place,), **said)
