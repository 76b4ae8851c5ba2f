"""A report given as keys and values (TOML, JSON, sheets) -> Report, by the types of its fields."""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from chorok.core.checks.report import Place, Printed, Report
from chorok.core.errors import BadInputError
from chorok.sources.reports import naming
from chorok.sources.reports.days import day_in, times_in
from chorok.sources.reports.words import cell_number

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GIVEN = ("name", "unread")
"""Fields of a report that a file does not give: the name is the file's."""
_TRUE, _FALSE = ("true", "y", "yes", "1", "예", "완료", "o"), ("false", "n", "no", "0", "아니오", "x", "")


@dataclasses.dataclass(frozen=True)
class At:
    """Where a value stands: the file, and the key or cell within it."""

    file: str
    where: str

    def key(self, name: str) -> At:
        """Return the place of a key below."""
        return At(self.file, f"{self.where}.{name}" if self.where else name)

    def entry(self, number: int) -> At:
        """Return the place of an entry of a list, from 1."""
        return At(self.file, f"{self.where}[{number}]")

    def wrong(self, value: object, expected: str) -> BadInputError:
        """Return the error for a value of a wrong kind."""
        return BadInputError("report_value", file=self.file, key=self.where, value=str(value)[:80], expected=expected)


def report_of(data: Mapping[str, Any], file: str) -> Report:
    """Return the report that keys and values make.

    Raises BadInputError: report_key (an unknown one, with the closest known), report_key_missing, report_value.
    """
    at = At(file, "")
    known = [field.name for field in dataclasses.fields(Report) if field.name not in _GIVEN]
    values = _values(data, known, at)
    if not values:
        raise BadInputError("report_empty", file=file)
    hints = _hints(Report)
    given = {key: convert(value, hints[key], at.key(key)) for key, value in values.items()}
    whose = given.get("organisation", "")
    for key in ("shares", "item_shares"):
        rows = given.get(key, ())
        given[key] = tuple(dataclasses.replace(row, organisation=row.organisation or whose) for row in rows)
    return Report(name=file, **given)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _values(data: Mapping[str, Any], known: Sequence[str], at: At) -> dict[str, Any]:
    """Return the values under their keys, whatever the keys are called. Raises report_key."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        key = naming.key_of(name, known)
        if key is None:
            nearest, listed = naming.closest(name, known), ", ".join(known)
            raise BadInputError("report_key", file=at.file, key=at.key(name).where, closest=nearest, known=listed)
        found[key] = value
    return found


def convert(value: object, hint: Any, at: At) -> Any:
    """Return a value as its type wants it. Raises BadInputError report_value and, below, the errors of keys."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = next(part for part in get_args(hint) if part is not types.NoneType)
        return None if value is None or value == "" else convert(value, inner, at)
    if origin is Literal:
        return _choice(value, get_args(hint), at)
    if origin is tuple:
        return _entries(value, get_args(hint)[0], at)
    if dataclasses.is_dataclass(hint) and hint not in (Printed, Place):
        return _record(value, hint, at)
    return _SIMPLE[hint](value, at)


def _choice(value: object, choices: tuple[object, ...], at: At) -> object:
    if value not in choices:
        raise at.wrong(value, ", ".join(f"'{choice}'" for choice in choices))
    return value


def _entries(value: object, hint: Any, at: At) -> tuple[Any, ...]:
    if isinstance(value, str) and not dataclasses.is_dataclass(hint):
        value = [part.strip() for part in value.split(";" if ";" in value else ",") if part.strip()]
    if not isinstance(value, (list, tuple)):
        raise at.wrong(value, "list")
    return tuple(convert(one, hint, at.entry(number)) for number, one in enumerate(value, 1))


def _record(value: object, kind: Any, at: At) -> Any:
    """Return a dataclass of a table of keys. Its place is where it stands; `quote` may give its words."""
    if not isinstance(value, Mapping):
        raise at.wrong(value, "table")
    at = At(at.file, value.get("\0where", at.where))
    hints, fields = _hints(kind), dataclasses.fields(kind)
    known = [field.name for field in fields if field.name != "place"]
    placed = len(known) < len(fields)
    plain = {key: one for key, one in value.items() if key != "\0where"}
    values = _values(plain, [*known, "quote"] if placed else known, at)
    made: dict[str, Any] = {"place": Place(at.where, str(values.pop("quote", "")))} if placed else {}
    for field in fields:
        if field.name in values:
            made[field.name] = convert(values[field.name], hints[field.name], at.key(field.name))
        elif field.name not in made and field.default is dataclasses.MISSING:
            made[field.name] = _missing(field.name, hints[field.name], at)
    return kind(**made)


def _missing(name: str, hint: Any, at: At) -> object:
    """Return what stands for a key that is not given: nothing where that is allowed; a table is called by its key."""
    if type(None) in get_args(hint):
        return None
    if name == "table":
        return at.where.partition("[")[0].partition("!")[0]
    if name in _UNSAID:
        return _UNSAID[name]
    raise BadInputError("report_key_missing", file=at.file, key=at.key(name).where)


_UNSAID: dict[str, object] = {"organisation": "", "at_least": False, "title": "", "local_currency": "KRW"}


def _text(value: object, at: At) -> str:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value).strip()
    raise at.wrong(value, "text")


def _integer(value: object, at: At) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = str(value).strip()
    if at.where.endswith("weekday") and (day := _weekday(text)) is not None:
        return day
    plain = text.replace(",", "").removesuffix("년")
    if not isinstance(value, str) or not plain.removeprefix("-").isdecimal():
        raise at.wrong(value, "whole number")
    return int(plain)


def _weekday(text: str) -> int | None:
    if text[:1] in "월화수목금토일" and text:
        return "월화수목금토일".index(text[0])
    return next(
        (at for at, name in enumerate(WEEKDAYS) if len(text) > 2 and name.startswith(text.casefold()[:3])), None
    )


def _flag(value: object, at: At) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().casefold()
    if text not in (*_TRUE, *_FALSE):
        raise at.wrong(value, "true, false")
    return text in _TRUE


def _day(value: object, at: At) -> date:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    found = day_in(value) if isinstance(value, str) else None
    if found is None:
        raise at.wrong(value, "2019-09-24")
    return found.day


def _clock(value: object, at: At) -> time:
    if isinstance(value, time):
        return value
    found = times_in(value)[0] if isinstance(value, str) else None
    if found is None:
        raise at.wrong(value, "14:00")
    return found


def _number(value: object, at: At) -> Printed:
    number = None if isinstance(value, bool) else cell_number(str(value), Place(at.where, str(value)))
    if number is None:
        raise at.wrong(value, "'48.0'")
    return number


_SIMPLE: dict[type, Any] = {
    str: _text, int: _integer, bool: _flag, date: _day, time: _clock, Printed: _number,
    Place: lambda value, at: Place(at.where, str(value)),
}  # fmt: skip
