"""Days, weekdays and times as reports write them, in English and Korean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KOREAN_DAYS = "월화수목금토일"
_FORMS = (
    (re.compile(rf"\b{_MONTH}\s?(\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s?(20\d\d|19\d\d)\b", re.IGNORECASE), "mdy"),
    (re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s?(?:of\s)?{_MONTH}\s?,?\s?(20\d\d|19\d\d)\b", re.IGNORECASE), "dmy"),
    (re.compile(r"(?<!\d)((?:20|19)\d\d)\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})(?!\d)\s?[.일]?"), "ymd"),
    (re.compile(r"'(\d\d)\s?\.\s?(\d{1,2})\s?\.\s?(\d{1,2})(?!\d)\s?\.?"), "ymd"),
)
_BEHIND = re.compile(
    r"\s{0,2}[,.]?\s{0,2}\(?\s?(mon|tue|wed|thu|fri|sat|sun|[월화수목금토일])(?:[a-z]{0,7}\b|요일)?\s?\)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,7}\s?[,(]?\s?$", re.IGNORECASE)
_CLOCK = r"(am|pm|오전|오후|낮)?\s?(\d{1,2})\s?(?::\s?(\d\d)|시(?:\s?(\d{1,2})\s?분|\s?(반))?)\s?([ap]\.?m\b\.?)?"
_TIMES = re.compile(rf"{_CLOCK}(?:\s?(?:[-~]|to|until|부터)\s?{_CLOCK})?", re.IGNORECASE)


@dataclass(frozen=True)
class Day:
    """A day as written: with the weekday beside it (0 is Monday), and where its words end."""

    day: date
    weekday: int | None
    start: int
    end: int


def days_in(text: str) -> list[Day]:
    """Return the days that a text names, in order; a day that no calendar has is none."""
    found: dict[int, Day] = {}
    for form, order in _FORMS:
        for match in form.finditer(text):
            if (day := _date(match.groups(), order)) and not any(
                d.start <= match.start() < d.end for d in found.values()
            ):
                found[match.start()] = _with_weekday(text, match, day)
    return [found[start] for start in sorted(found)]


def day_in(text: str) -> Day | None:
    """Return the first day that a text names."""
    found = days_in(text)
    return found[0] if found else None


def times_in(text: str) -> tuple[time | None, time | None]:
    """Return from when to when, as a text says: '14:00-16:10', '2 pm'... or '오후 2시~4시 30분'."""
    found = _TIMES.search(text)
    if not found:
        return None, None
    parts = found.groups()
    half = parts[0] or parts[5]
    return _time(parts[:6], half), _time(parts[6:], parts[6] or parts[11] or (half if _later(parts) else None))


def month_in(text: str) -> int | None:
    """Return the month that stands beside a year without a day: 'Dec. 2019', '2019. 12.', '2019년 12월'."""
    if found := re.search(rf"\b{_MONTH}\s?,?\s?20\d\d\b", text, re.IGNORECASE):
        return _MONTHS.index(found[1][:3].lower()) + 1
    found = re.search(r"(?:20\d\d|'\d\d)\s?[-./년]\s?(\d{1,2})(?!\d)", text)
    return int(found[1]) if found and 1 <= int(found[1]) <= 12 else None


def _later(parts: tuple[str | None, ...]) -> bool:
    return parts[7] is not None and parts[1] is not None and int(parts[7]) >= int(parts[1])


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


def _time(parts: tuple[str | None, ...], half: str | None) -> time | None:
    if parts[1] is None:
        return None
    hour = int(parts[1])
    minute = int(parts[2] or parts[3] or (30 if parts[4] else 0))
    if half and half.lower()[:1] in ("p", "오") and half != "오전" and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
