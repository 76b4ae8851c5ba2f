"""Days, weekdays and times as reports write them, in English and Korean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DAYS = r"(\d{1,2})(?:st|nd|rd|th)?(?:\s?(?:[-~&]|to|and)\s?\d{1,2}(?:st|nd|rd|th)?)?"
"""A day, or the first of several: '5', '5-6', '5th and 6th'."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KOREAN_DAYS = "월화수목금토일"
_FORMS = (
    (re.compile(rf"\b{_MONTH}\s?{_DAYS}\s?,?\s?(20\d\d|19\d\d)\b", re.IGNORECASE), "mdy"),
    (re.compile(rf"\b{_DAYS}\s?(?:of\s)?{_MONTH}\s?,?\s?(20\d\d|19\d\d)\b", re.IGNORECASE), "dmy"),
    (re.compile(r"(?<!\d)((?:20|19)\d\d)\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})(?!\d)\s?[.일]?"), "ymd"),
    (re.compile(r"'(\d\d)\s?\.\s?(\d{1,2})\s?\.\s?(\d{1,2})(?!\d)\s?\.?"), "ymd"),
    (re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(20\d\d)(?!\d)"), "dmy"),
    (re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(20\d\d)(?!\d)"), "mdy"),
    (re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(20\d\d)(?!\d)"), "dmy"),
)
_ANY_YEAR = re.compile(r"(?:20|19)\d\d|'\d\d")
"""What every day has; most sentences have none, and are spared the forms."""
_BEHIND = re.compile(
    r"\s{0,2}[,.]?\s{0,2}\(?\s?(mon|tue|wed|thu|fri|sat|sun|[월화수목금토일])(?:[a-z]{0,7}\b|요일)?\s?\)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,7}\.?\s?[,(]?\s?$", re.IGNORECASE)
_HALF = r"[ap]\.?m\b\.?"
_CLOCK = (
    rf"({_HALF}|오전|오후|낮|저녁|밤)?\s?(?<![\d:])(\d{{1,2}})(?!\d)\s?"
    rf"(?::\s?(\d\d)(?!\d)|(시)(?:\s?(\d{{1,2}})\s?분|\s?(반))?)?\s?({_HALF})?"
)
_TIMES = re.compile(rf"{_CLOCK}(?:\s?(?:[-~]|to|until|부터)\s?{_CLOCK})?", re.IGNORECASE)


class _Clock(NamedTuple):
    """The parts of a time as written."""

    before: str | None
    hour: str | None
    minutes: str | None
    hours: str | None
    past: str | None
    half_past: str | None
    behind: str | None

    @property
    def half(self) -> str | None:
        """Which half of the day, as written."""
        return self.before or self.behind

    @property
    def tells(self) -> bool:
        """Whether a number is a time: with minutes, 시, am or 오후."""
        return bool(self.hour and (self.minutes or self.hours or self.half))


@dataclass(frozen=True)
class Day:
    """A day as written: with the weekday beside it (0 is Monday), and where its words end."""

    day: date
    weekday: int | None
    start: int
    end: int

    @property
    def fits(self) -> bool:
        """Whether the weekday beside it, if any, is its own."""
        return self.weekday in (None, self.day.weekday())


def days_in(text: str) -> list[Day]:
    """Return the days that a text names, in order; a day that no calendar has is none."""
    found: dict[int, Day] = {}
    if not _ANY_YEAR.search(text):
        return []
    for form, order in _FORMS:
        for match in form.finditer(text):
            day = _date(match.groups(), order)
            if day is None:
                continue
            named = _with_weekday(text, match, day)
            other = next((known for known in found.values() if known.start <= named.start < known.end), None)
            if other is None or (named.fits and not other.fits):  # 4/3/2023 is read as its weekday asks for
                found[match.start()] = named
    return [found[start] for start in sorted(found)]


def day_in(text: str) -> Day | None:
    """Return the first day that a text names."""
    found = days_in(text)
    return found[0] if found else None


def times_in(text: str) -> tuple[time | None, time | None]:
    """Return from when to when, as a text says: '14:00-16:10', '2 pm to 4 pm' or '오후 2시~4시 30분'."""
    for found in _TIMES.finditer(text):
        begin, end = _Clock(*found.groups()[:7]), _Clock(*found.groups()[7:])
        if end.tells:
            return _time(begin, begin.half or _shared(end, begin, end)), _time(
                end, end.half or _shared(begin, begin, end)
            )
        if begin.tells:
            return _time(begin, begin.half), None
    return None, None


def _shared(saying: _Clock, begin: _Clock, end: _Clock) -> str | None:
    """The half of the day that one of two times says, if the other can be in it: '3-5 pm', but not '10-2 pm'."""
    return saying.half if int(begin.hour or 0) % 12 <= int(end.hour or 0) % 12 else None


def month_in(text: str) -> int | None:
    """Return the month that stands beside a year without a day: 'Dec. 2019', '2019. 12.', '2019년 12월'."""
    if found := re.search(rf"\b{_MONTH}\s?,?\s?20\d\d\b", text, re.IGNORECASE):
        return _MONTHS.index(found[1][:3].lower()) + 1
    found = re.search(r"(?:20\d\d|'\d\d)\s?[-./년]\s?(\d{1,2})(?!\d)", text)
    return int(found[1]) if found and 1 <= int(found[1]) <= 12 else None


def _date(parts: tuple[str, ...], order: str) -> date | None:
    written = dict(zip(order, parts, strict=True))
    month = written["m"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    year = int(written["y"])
    try:
        return date(year + 2000 if year < 100 else year, number, int(written["d"]))
    except ValueError:
        return None


def _with_weekday(text: str, match: re.Match[str], day: date) -> Day:
    beside = _BEHIND.match(text, match.end())
    if beside and beside[1] in _KOREAN_DAYS and "(" not in beside[0] and "요일" not in beside[0]:
        beside = None
    before = None if beside else _BEFORE.search(text, max(0, match.start() - 14), match.start())
    said = beside or before
    return Day(day, _weekday(said[1]) if said else None, match.start(), beside.end() if beside else match.end())


def _weekday(word: str) -> int:
    return _KOREAN_DAYS.index(word) if word in _KOREAN_DAYS else _WEEKDAYS.index(word[:3].lower())


def _time(clock: _Clock, half: str | None) -> time | None:
    hour, minute = int(clock.hour or 0), int(clock.minutes or clock.past or (30 if clock.half_past else 0))
    if half and hour <= 12:
        morning = half == "오전" or half[0] in "aA"
        hour = hour % 12 + (0 if morning or (half == "밤" and hour == 12) else 12)
    return time(hour, minute) if hour < 24 and minute < 60 else None
