"""What counts as green, for whom and since when: dated rules as TOML, one file each, and their loader.

The national definition is the Act's; a local one extends it by what an ordinance adds (Act, article 11(1)2). A
city may give the path of a file of its own.
"""

from __future__ import annotations

import functools
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from chorok.core.errors import BadInputError
from chorok.core.records import Change

Kind = Literal["national", "local"]
Period = tuple[str, date | None, date | None]
"""(basis, since, until): since is the first day, None = no start date is known; until is exclusive, None = still."""

_REQUIRED: dict[str, type] = {
    "id": str,
    "title_ko": str,
    "title_en": str,
    "kind": str,
    "source": str,
    "source_text_ko": str,
    "source_text_en": str,
    "author": str,
    "checker": str,
    "next_review": date,
    "in_force_from": date,
    "bases": list,
    "change_log": list,
}
_OPTIONAL: dict[str, type] = {"extends": str, "in_force_until": date}
_BASIS: dict[str, type] = {"since": date, "until": date, "note_ko": str, "note_en": str}
_CHANGE: dict[str, type] = {"on": date, "what": str, "by": str}


@dataclass(frozen=True)
class BasisRule:
    """One basis that counts: from `since` (None: no start date is known) to `until` (exclusive; None: still)."""

    basis: str
    since: date | None = None
    until: date | None = None
    note_ko: str = ""
    note_en: str = ""

    def holds(self, on: date) -> bool:
        """Tell whether the rule holds on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Definition:
    """A dated rule set of what counts as green.

    `checker` is empty while no second person has checked it. `in_force_from` is the date of the text that was
    read; the national definition gives its dates per basis, a local one says nothing of earlier days.
    """

    id: str
    title_ko: str
    title_en: str
    kind: Kind
    source: str
    source_text_ko: str
    source_text_en: str
    author: str
    checker: str
    next_review: date
    in_force_from: date
    in_force_until: date | None
    bases: tuple[BasisRule, ...]
    change_log: tuple[Change, ...]
    extends: Definition | None = None

    @property
    def known_from(self) -> date | None:
        """The first day on which this definition answers; None = any day. Earlier a local share is not known."""
        return self.in_force_from if self.kind == "local" else None

    def known_on(self, day: date) -> bool:
        """Tell whether the definition is known on a day; when not, the answer is never the national one."""
        begun = self.known_from is None or self.known_from <= day
        return begun and (self.in_force_until is None or day < self.in_force_until)

    def counts(self, basis: str, on: date) -> bool:
        """Tell whether a certificate of this basis counts as green on a day.

        Raises BadInputError `definition_not_known` on a day for which no text of the definition was read.
        """
        if not self.known_on(on):
            raise BadInputError("definition_not_known", definition=self.id, day=on, known_from=self.known_from or "-")
        return any(rule.basis == basis and rule.holds(on) for rule in self._rules())

    def basis_periods(self) -> list[Period]:
        """Return every period in which a basis counts, cut to the days on which the definition is known."""
        periods = [
            (rule.basis, _later(rule.since, self.known_from), _earlier(rule.until, self.in_force_until))
            for rule in self._rules()
        ]
        kept = {p for p in periods if p[1] is None or p[2] is None or p[1] < p[2]}
        return sorted(kept, key=lambda p: (p[0], p[1] or date.min, p[2] or date.max))

    def basis_names(self) -> tuple[str, ...]:
        """Return the bases that count at some time, the extended definition's included, in alphabetical order."""
        return tuple(sorted({rule.basis for rule in self._rules()}))

    def hash(self) -> str:
        """Return the SHA-256 of what the definition says, the extended one included: equal hash, equal rules."""
        return hashlib.sha256(json.dumps(_plain(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def _rules(self) -> Iterator[BasisRule]:
        yield from self.bases
        if self.extends:
            yield from self.extends._rules()


def names() -> tuple[str, ...]:
    """Return the ids of the definitions that come with the program."""
    files = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def texts() -> dict[str, str]:
    """Return the definitions that come with the program, as written: id -> TOML."""
    return {name: _text(name)[0] for name in names()}


def load(name_or_path: str | Path, shelf: Path | None = None) -> Definition:
    """Return a definition by id, or from a city's own TOML file.

    `shelf` is a folder of definitions by id as they once were; they go before those of the program. Raises
    BadInputError naming file and key for an unknown, missing or wrong key, an unknown id or a loop.
    """
    return _load(name_or_path, shelf, ())


def _load(name_or_path: str | Path, shelf: Path | None, above: tuple[str, ...]) -> Definition:
    text, file = _text(name_or_path, shelf)
    try:
        return _definition(_parsed(text), file, shelf, above)
    except tomllib.TOMLDecodeError as error:
        raise BadInputError("definition_not_toml", file=file, why=str(error)) from error


_parsed = functools.lru_cache(maxsize=32)(tomllib.loads)


def _text(name_or_path: str | Path, shelf: Path | None = None) -> tuple[str, str]:
    kept = shelf / f"{name_or_path}.toml" if shelf else None
    if kept is not None and kept.exists():
        return kept.read_text(encoding="utf-8"), str(kept)
    if isinstance(name_or_path, str) and name_or_path in names():
        entry = resources.files(__package__).joinpath(f"{name_or_path}.toml")
        return entry.read_text(encoding="utf-8"), entry.name
    path = Path(name_or_path)
    try:
        return path.read_text(encoding="utf-8"), str(path)
    except OSError as error:
        raise BadInputError("definition_unknown", name=str(name_or_path), known=", ".join(names())) from error
    except UnicodeDecodeError as error:
        raise BadInputError("definition_not_toml", file=str(path), why=str(error)) from error


def _definition(table: dict[str, Any], file: str, shelf: Path | None, above: tuple[str, ...]) -> Definition:
    _check(table, file, "", _REQUIRED, _OPTIONAL)
    if table["kind"] not in get_args(Kind):
        raise BadInputError(
            "definition_key_wrong", file=file, key="kind", value=table["kind"], expected="national, local"
        )
    if table["id"] in above:
        raise BadInputError("definition_loop", file=file, chain=" > ".join((*above, table["id"])))
    parent = _load(table["extends"], shelf, (*above, table["id"])) if "extends" in table else None
    rest = {key: table[key] for key in table if key not in ("bases", "change_log", "extends")}
    return Definition(
        **{"in_force_until": None, **rest},
        extends=parent,
        bases=tuple(BasisRule(**entry) for entry in _entries(table, file, "bases", {"basis": str}, _BASIS)),
        change_log=tuple(Change(**entry) for entry in _entries(table, file, "change_log", _CHANGE, {})),
    )


def _entries(
    table: dict[str, Any], file: str, key: str, required: dict[str, type], optional: dict[str, type]
) -> list[dict[str, Any]]:
    for position, entry in enumerate(table[key], 1):
        where = f"{key}[{position}]"
        if not isinstance(entry, dict):
            raise BadInputError("definition_key_wrong", file=file, key=where, value=entry, expected="table")
        _check(entry, file, f"{where}.", required, optional)
        since, until = entry.get("since"), entry.get("until")
        if since and until and until <= since:
            raise BadInputError(
                "definition_key_wrong", file=file, key=f"{where}.until", value=until, expected=f"> {since}"
            )
    entries: list[dict[str, Any]] = table[key]
    return entries


def _check(
    table: Mapping[str, Any], file: str, prefix: str, required: dict[str, type], optional: dict[str, type]
) -> None:
    types = required | optional
    for key, value in table.items():
        if key not in types:
            raise BadInputError("definition_key_unknown", file=file, key=prefix + key, known=", ".join(types))
        if type(value) is not types[key]:
            expected = types[key].__name__
            raise BadInputError("definition_key_wrong", file=file, key=prefix + key, value=value, expected=expected)
    for key in required:
        if key not in table:
            raise BadInputError("definition_key_missing", file=file, key=prefix + key)


def _plain(definition: Definition) -> dict[str, Any]:
    rules = [[r.basis, str(r.since), str(r.until)] for r in definition.bases]
    parent = _plain(definition.extends) if definition.extends else None
    dates = [str(definition.in_force_from), str(definition.in_force_until)]
    return {"id": definition.id, "kind": definition.kind, "dates": dates, "bases": sorted(rules), "extends": parent}


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other
