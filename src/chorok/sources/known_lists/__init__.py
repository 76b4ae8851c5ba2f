"""Formats of the lists a registry is made from, as data: one TOML file a format, so a new list needs no code.

Keys of a file: `title_ko`, `title_en`, `table` (registry table the rows become), `requires` (headers by which it is
recognised; an inner list means any of them), `columns` (field -> header, or headers of which the first with a value
counts), `needs` (fields of which one must have a value), and where needed `joined` (field -> headers joined by '-'),
`fixed` (field -> value), `values` (field -> word as written -> meaning), `otherwise` (field -> meaning of any other
word), `separators` (list field -> sign), `label_columns` (headers with certification labels), `basis_column` (header
whose label is the basis), `date_order`, `source_is_file` (one list comes in many files: a file replaces only its own
earlier reading), `derive_item_groups`, `only_labels` (no offers, just what their labels prove).
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from importlib import resources
from typing import Any

from chorok.ledger.schema import REGISTRY
from chorok.sources.headers import normalise
from chorok.sources.understanding import DateOrder


@dataclass(frozen=True)
class ListFormat:
    """One format of list; the module says what the keys mean."""

    name: str
    title_ko: str
    title_en: str
    table: str
    requires: tuple[str | list[str], ...]
    columns: Mapping[str, str | list[str]]
    needs: tuple[str, ...]
    joined: Mapping[str, list[str]] = field(default_factory=dict)
    fixed: Mapping[str, str | bool] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    otherwise: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)
    label_columns: tuple[str, ...] = ()
    basis_column: str | None = None
    date_order: DateOrder = "ymd"
    source_is_file: bool = False
    derive_item_groups: bool = False
    only_labels: bool = False

    def fits(self, columns: Iterable[str]) -> bool:
        """Tell whether all required headers are there, however they are spaced or cased."""
        seen = {normalise(column) for column in columns}
        return all(any(normalise(name) in seen for name in _several(wanted)) for wanted in self.requires)

    def headers(self, name: str) -> list[str]:
        """Return the headers a field may stand under, the first with a value counts."""
        return _several(self.columns.get(name, []))


@functools.cache
def known() -> tuple[ListFormat, ...]:
    """Return all formats, the most demanding first. Raises ValueError naming file and key for a slip in one."""
    entries = (entry for entry in resources.files(__package__).iterdir() if entry.name.endswith(".toml"))
    formats = [parse(entry.name.removesuffix(".toml"), entry.read_text(encoding="utf-8")) for entry in entries]
    return tuple(sorted(formats, key=lambda one: (-len(one.requires), one.name)))


def find(columns: Iterable[str]) -> ListFormat | None:
    """Return the format whose headers are all there, the most demanding of several; None when none fits."""
    seen = tuple(columns)
    return next((one for one in known() if one.fits(seen)), None)


def parse(name: str, text: str) -> ListFormat:
    """Return a format from its TOML text. Raises ValueError naming file and key for a slip."""
    table: dict[str, Any] = tomllib.loads(text)
    allowed = {entry.name for entry in fields(ListFormat)} - {"name"}
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise ValueError(f"{name}.toml: unknown key {unknown}")
    schema = REGISTRY[table["table"]]
    for key in ("columns", "joined", "fixed", "values", "otherwise", "separators"):
        strange = sorted(set(table.get(key, {})) - set(schema.names))
        if strange:
            raise ValueError(f"{name}.toml: {key} names {strange}, which {table['table']} does not have")
    given: dict[str, Any] = {"name": name, **table}
    given |= {key: tuple(table[key]) for key in ("requires", "needs", "label_columns") if key in table}
    return ListFormat(**given)


def _several(wanted: str | list[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else list(wanted)
