"""Saved understandings of sources (TOML): loading, saving, and the built-in ones."""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

from chorok.core.errors import BadInputError
from chorok.sources.understanding import FIELDS, Profile, RawTable, Understanding

_TOP = {"name", "version", "title_ko", "title_en", "matches", "ignored", "understanding"}
_NOT_SAVED = {"unmapped", "notes", "columns"}
_KEYS = {field.name: field.default for field in fields(Understanding) if field.name not in _NOT_SAVED}
_CHOICES = {
    "date_order": {"ymd", "dmy", "mdy"},
    "change_orders": {"none", "final_row", "sum_deltas"},
    "kind": {"goods", "works", "service"},
    "vat": {"included", "excluded", "unknown"},
}


def load(path: Path) -> Profile:
    """Read a profile. Raises BadInputError: missing_file, profile_broken, profile_key, profile_value."""
    if not path.is_file():
        raise BadInputError("missing_file", file=path)
    try:
        return read(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise BadInputError("profile_broken", file=path.name, reason=str(error)) from None


def read(text: str, name: str) -> Profile:
    """Read a profile from its text; `name` stands in errors. Raises BadInputError as `load`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInputError("profile_broken", file=name, reason=str(error)) from None
    return _profile(data, name)


def save(understanding: Understanding, table: RawTable, path: Path, name: str) -> None:
    """Write an understanding as a profile that `load` reads. The date order is fixed by it from then on."""
    found = Profile(name, 1, understanding, matches=tuple(_named(understanding, table)))
    path.write_text(text_of(found), encoding="utf-8")


def text_of(profile: Profile) -> str:
    """Return a profile as text that `read` understands."""
    understanding = profile.understanding
    lines = ["name = " + _value(profile.name), f"version = {profile.version}"]
    lines.append("matches = " + _value(list(profile.matches)))
    if profile.ignored:
        lines.append("ignored = " + _value(list(profile.ignored)))
    lines += ["", "[understanding]"]
    lines += [f"{key} = {_value(value)}" for key in _KEYS if (value := _saved(understanding, key)) is not None]
    lines += ["", "[understanding.columns]"]
    lines += [f"{field} = {_value(column)}" for field, column in understanding.columns.items()]
    return "\n".join(lines) + "\n"


@functools.cache
def known() -> tuple[Profile, ...]:
    """Return the built-in profiles."""
    folder = resources.files("chorok.sources").joinpath("known")
    entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda item: item.name)
    return tuple(_profile(tomllib.loads(entry.read_text(encoding="utf-8")), entry.name) for entry in entries)


def find(columns: Sequence[str]) -> Profile | None:
    """Return the built-in profile whose key columns are all there."""
    have = set(columns)
    return next((profile for profile in known() if profile.matches and have.issuperset(profile.matches)), None)


def _profile(data: Mapping[str, Any], file: str) -> Profile:
    _only_known(data, _TOP, file, "")
    inner = dict(data.get("understanding", {}))
    columns = inner.pop("columns", {})
    _only_known(inner, set(_KEYS), file, "understanding.")
    _only_known(columns, set(FIELDS), file, "understanding.columns.")
    for key, value in inner.items():
        _check_value(key, value, file)
    if not isinstance(data.get("name"), str) or not isinstance(data.get("version"), int):
        raise BadInputError("profile_value", file=file, key="name, version", value="")
    titles = {key: data[key] for key in ("title_ko", "title_en") if key in data}
    understanding = Understanding(columns=dict(columns), **inner)
    lists: dict[str, Any] = {key: tuple(data.get(key, ())) for key in ("matches", "ignored")}
    return Profile(data["name"], data["version"], understanding, **lists, **titles)


def _only_known(data: Mapping[str, Any], allowed: set[str], file: str, prefix: str) -> None:
    for key in data:
        if key not in allowed:
            raise BadInputError("profile_key", file=file, key=prefix + key, allowed=", ".join(sorted(allowed)))


def _check_value(key: str, value: object, file: str) -> None:
    default = _KEYS[key]
    expected = str if default is None else type(default)
    wrong_choice = key in _CHOICES and value not in _CHOICES[key]
    if type(value) is not expected or wrong_choice or (key == "multiplier" and value < 1):  # type: ignore[operator]
        raise BadInputError("profile_value", file=file, key=f"understanding.{key}", value=str(value))


def _saved(understanding: Understanding, key: str) -> object:
    return "profile" if key == "date_order_evidence" else getattr(understanding, key)


def _named(understanding: Understanding, table: RawTable) -> list[str]:
    """Return the mapped columns with real names, in file order: what the next file must have, too."""
    mapped = set(understanding.columns.values())
    return [column for column in table.columns if column in mapped]


def _value(value: object) -> str:
    """Write a TOML value; JSON's strings, numbers, booleans and flat lists are TOML's as well."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
