"""Dates that an office has to keep, as dated rules: one TOML file a rule set, national or of one city.

The national set holds for all; a city's own comes in where the city chose it (`calendars.toml` of a ledger).
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Literal

from chorok.core import records
from chorok.core.errors import BadInputError
from chorok.core.records import Change

NATIONAL = "national"

Covers = Literal["year", "first_half"]
Language = Literal["ko", "en"]


@dataclass(frozen=True)
class Rule:
    """One date: who (kinds of organisation, and in what role) owes what to whom, by when, for which period.

    Either a day of the calendar: `month` and `day` (0: the month's last), `years_after` the covered year (negative:
    before it). Or `days` after an event. `closes`: sending the period's figures is what fulfils it (rules 1.11).
    Where `since` is not given no start is known, and the rule answers for any day; `until` is exclusive.
    """

    id: str
    title_ko: str
    title_en: str
    role_ko: str
    role_en: str
    to_ko: str
    to_en: str
    kinds: tuple[str, ...]
    covers: Covers
    source_ko: str
    source_en: str
    month: int | None = None
    day: int | None = None
    years_after: int = 0
    after: Literal["question"] | None = None
    days: int | None = None
    closes: bool = False
    since: date | None = None
    until: date | None = None

    def title(self, language: Language) -> str:
        """Return what is due, in a language."""
        return self.title_ko if language == "ko" else self.title_en

    def to(self, language: Language) -> str:
        """Return to whom it is due, in a language."""
        return self.to_ko if language == "ko" else self.to_en

    def role(self, language: Language) -> str:
        """Return who in the organisation owes it, in a language."""
        return self.role_ko if language == "ko" else self.role_en

    def source(self, language: Language) -> str:
        """Return the article it rests on, in a language."""
        return self.source_ko if language == "ko" else self.source_en

    def due_in(self, year: int) -> date | None:
        """Return the day of a year on which it is due; None for a rule that waits for an event."""
        if self.month is None:
            return None
        return date(year, self.month, self.day or monthrange(year, self.month)[1])

    def due_after(self, event: date) -> date:
        """Return the day by which an event is to be answered: the day after the event is the first of `days`."""
        return event + timedelta(days=self.days or 0)

    def period(self, due_year: int) -> str:
        """Return the period that a duty due in a year is about: '2019', '2020H1'."""
        year = due_year - self.years_after
        return f"{year}H1" if self.covers == "first_half" else str(year)


@dataclass(frozen=True)
class RuleSet:
    """Dates from one text. `checker` is empty while no second person has checked them.

    `in_force_from` is the date of the text that was read: nothing is said of due days before it (rules 1.6).
    """

    id: str
    title_ko: str
    title_en: str
    source: str
    author: str
    checker: str
    next_review: date
    rules: tuple[Rule, ...]
    change_log: tuple[Change, ...]
    in_force_from: date | None = None
    in_force_until: date | None = None

    def holds(self, rule: Rule, on: date) -> bool:
        """Tell whether a rule of the set is known to hold on a day."""
        begins = (self.in_force_from, rule.since)
        ends = (self.in_force_until, rule.until)
        return all(day is None or day <= on for day in begins) and all(day is None or on < day for day in ends)


def names() -> tuple[str, ...]:
    """Return the ids of the rule sets that come with the program."""
    files = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def load(name_or_path: str) -> RuleSet:
    """Return a rule set by id, or from a city's own TOML file.

    Raises BadInputError naming file and key for an unknown, missing or wrong key, and for a rule without a due day.
    """
    text, file = _text(name_or_path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInputError("calendar_not_toml", file=file, why=error) from error
    found = records.make(RuleSet, data, file)
    for rule in found.rules:
        _check(rule, file)
    twice = {rule.id for rule in found.rules if sum(other.id == rule.id for other in found.rules) > 1}
    if twice:
        raise BadInputError("calendar_rule_twice", file=file, rule=", ".join(sorted(twice)))
    return found


def _text(name_or_path: str) -> tuple[str, str]:
    if name_or_path in names():
        file = f"{name_or_path}.toml"
        return resources.files(__package__).joinpath(file).read_text(encoding="utf-8"), file
    try:
        return Path(name_or_path).read_text(encoding="utf-8-sig"), name_or_path
    except OSError as error:
        raise BadInputError("calendar_unknown", name=name_or_path, known=", ".join(names())) from error
    except UnicodeDecodeError as error:
        raise BadInputError("calendar_not_toml", file=name_or_path, why=error) from error


def _check(rule: Rule, file: str) -> None:
    """A rule has either a day that exists every year, or a number of days after an event."""
    dated = rule.month is not None and rule.day is not None and rule.after is None and rule.days is None
    waits = rule.after is not None and (rule.days or 0) > 0 and rule.month is None and rule.day is None
    if dated:
        try:
            rule.due_in(2001)  # no leap year: 29 February is not a day of every year
        except ValueError:
            dated = False
    if not dated and not waits:
        raise BadInputError("calendar_rule_bad", file=file, rule=rule.id)
