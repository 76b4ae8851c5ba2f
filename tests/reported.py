"""Small parts of published reports, for tests of checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from chorok.core.checks.inspection import inspect, inspect_together
from chorok.core.checks.report import (
    CoreChoice,
    Event,
    Goal,
    Increase,
    Line,
    Member,
    Place,
    Printed,
    Rate,
    Report,
    Section,
    ShareRow,
    Task,
)
from chorok.core.checks.results import Result

HERE = Place("7", "as printed")
CITY, NEIGHBOUR = "Haneul City", "Baram City"


def printed(text: str, where: str = "7") -> Printed:
    return Printed(text, Place(where, text))


def row(year: int, total: str, green: str, share: str, **more: Any) -> ShareRow:
    given = {"table": "Table 1", "organisation": CITY, **more}
    return ShareRow(year=year, total=printed(total), green=printed(green), share=printed(share), **given)


def rate(kind: str, item: str | None, year: int, text: str, **more: Any) -> Rate:
    return Rate("Table 2", item, year, kind, printed(text), **more)  # type: ignore[arg-type]


def reached(item: str | None, year: int, text: str) -> Rate:
    return rate("result", item, year, text)


def aimed(item: str | None, year: int, text: str, **more: Any) -> Rate:
    return rate("target", item, year, text, **more)


def goal(year: int, text: str, item: str | None = None) -> Goal:
    return Goal(year, printed(text), HERE, item)


def increase(amount: str, unit: str, year: int | None, base_year: int | None, **more: Any) -> Increase:
    given = {"kind": "target", "scope": "own", "at_least": False, **more}
    return Increase(amount=printed(amount), unit=unit, year=year, base_year=base_year, place=HERE, **given)  # type: ignore[arg-type]


def chosen(*items: str, **more: Any) -> CoreChoice:
    return CoreChoice(items, HERE, **{"year": 2018, **more})


def event(kind: str, title: str, day: date, **more: Any) -> Event:
    return Event(kind, title, day, HERE, **more)  # type: ignore[arg-type]


def task(text: str, **more: Any) -> Task:
    return Task(text, HERE, **more)


def member(name: str, kind: str, *parts: str) -> Member:
    return Member(name, HERE, kind, parts)


def line(**more: Any) -> Line:
    given = {"bought_on": date(2019, 5, 1), "amount": printed("1000"), "green": True, "source_key": "R-1", **more}
    return Line(place=HERE, **given)


def section(heading: str, text: str) -> Section:
    return Section(heading, text, HERE)


def report(**more: Any) -> Report:
    return Report(**{"name": "haneul.md", "organisation": CITY, "year": 2019, **more})


def neighbour(**more: Any) -> Report:
    return report(**{"name": "baram.md", "organisation": NEIGHBOUR, **more})


def every_result(*reports: Report) -> list[Result]:
    return [result for one in reports for result in inspect(one)] + inspect_together(reports)


def found(check: str, *reports: Report) -> list[Result]:
    """What one check says of reports."""
    return [result for result in every_result(*reports) if result.check == check]


def numbers(results: Sequence[Result], code: str) -> list[dict[str, Any]]:
    """The numbers of all findings of one code."""
    return [dict(result.outcome.params) for result in results if result.code == code]
