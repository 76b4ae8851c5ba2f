"""Records from data that people write (TOML, JSON): a dataclass says which keys there are and what they hold.

A key that the class does not have, a missing one, or a value of another kind is an error that names the place.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from chorok.core.errors import BadInputError

Made = TypeVar("Made")


@dataclass(frozen=True)
class Change:
    """One entry of the change log that every set of rules carries."""

    on: date
    what: str
    by: str


def make(kind: type[Made], data: Mapping[str, Any], where: str) -> Made:
    """Return a dataclass filled from a mapping. `where` is named in errors ('targets.toml, targets 3').

    Understands str, int, bool, date, Fraction (written as a number or text), Literal, dataclasses, `X | None`,
    `tuple[X, ...]` and `Mapping[str, X]`. Raises BadInputError record_key_unknown, record_key_missing,
    record_value_bad.
    """
    hints = get_type_hints(kind)
    known = {one.name: one for one in fields(kind) if one.init}  # type: ignore[arg-type]
    for key in data:
        if key not in known:
            close = get_close_matches(key, known, 1)
            raise BadInputError("record_key_unknown", where=where, key=key, known=", ".join(close or known))
    for name, one in known.items():
        if name not in data and one.default is MISSING and one.default_factory is MISSING:
            raise BadInputError("record_key_missing", where=where, key=name)
    return kind(**{key: _value(hints[key], value, where, key) for key, value in data.items()})


def _value(hint: Any, value: Any, where: str, key: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return None if value is None else _value(get_args(hint)[0], value, where, key)
    if origin is tuple and isinstance(value, list):
        inner = get_args(hint)[0]
        return tuple(_value(inner, one, where, f"{key}[{place}]") for place, one in enumerate(value, 1))
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, Mapping):
        inner = get_args(hint)[1]
        return {str(name): _value(inner, one, where, f"{key}.{name}") for name, one in value.items()}
    if is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Mapping):
        return make(hint, value, f"{where}, {key}")
    return _plain(hint, value, where, key)


def _plain(hint: Any, value: Any, where: str, key: str) -> Any:
    if hint is Fraction:
        return _number(value, where, key)
    allowed = get_args(hint)
    if value in allowed if get_origin(hint) is Literal else isinstance(hint, type) and type(value) is hint:
        return value
    wanted = ", ".join(map(str, allowed)) or getattr(hint, "__name__", str(hint))
    raise BadInputError("record_value_bad", where=where, key=key, value=value, wanted=wanted)


def _number(value: Any, where: str, key: str) -> Fraction:
    """A number as it is written; a float has lost that already, so readers parse floats as text."""
    if isinstance(value, int | str) and not isinstance(value, bool):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            pass
    raise BadInputError("record_value_bad", where=where, key=key, value=value, wanted="number")


def written(record: Any, table: str) -> str:
    """Return a dataclass as a block of TOML, `[[table]]`, that `make` reads again; what is default is left out."""
    return "\n".join([f"[[{table}]]", *(f"{key} = {_toml(value)}" for key, value in _given(record))]) + "\n"


def _given(record: Any) -> Iterator[tuple[str, Any]]:
    """Yield the fields that do not hold their default."""
    for one in fields(record):
        default = one.default if one.default_factory is MISSING else one.default_factory()
        value = getattr(record, one.name)
        if value is not None and value != default:
            yield one.name, value


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, Fraction):
        return f'"{_decimals(value)}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, Mapping) or is_dataclass(value):
        pairs = value.items() if isinstance(value, Mapping) else _given(value)
        return f"{{{', '.join(f'{_toml(key)} = {_toml(one)}' for key, one in pairs)}}}"
    return '"' + "".join(_escaped(letter) for letter in str(value)) + '"'


def _decimals(value: Fraction) -> str:
    """Write a fraction as the decimal number that it is, '111/2' as '55.5'; one that is none stays a fraction."""
    for digits in range(10):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            return str(Decimal(scaled.numerator).scaleb(-digits))
    return str(value)


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else letter
