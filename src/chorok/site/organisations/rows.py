"""Rows of the tree between the registry, the database and `core`: as a table, as JSON, as organisations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from chorok.core.organisations import Organisation
from chorok.core.tree_changes import Rows
from chorok.ledger.registry import Registry
from chorok.ledger.schema import ORGANISATIONS
from chorok.ledger.store import Ledger

SITE = "site"
"""The source of organisations that were entered on the site."""
DAYS = ("valid_from", "valid_until")

Row = dict[str, Any]


def read(ledger: Ledger) -> tuple[list[Row], int | None]:
    """Return all rows of the tree as they are now, days as ISO text, and the version of their table."""
    registry = Registry.open(ledger.path)
    rows = [plain(row) for row in registry.table("organisations").to_pylist()]
    return sorted(rows, key=_order), registry.versions.get("organisations")


def plain(row: Mapping[str, Any]) -> Row:
    """Return a row of the registry's table with its days as ISO text."""
    days = {name: row[name].isoformat() if row[name] else None for name in DAYS}
    return {**row, **days, "aliases": list(row["aliases"] or ())}


def _order(row: Row) -> tuple[str, str, str]:
    return row["code"], row["valid_from"] or "", row["valid_until"] or "9"


def of(rows: Iterable[Row], codes: Collection[str]) -> list[Row]:
    """Return the rows of some organisations, in order."""
    return sorted((row for row in rows if row["code"] in codes), key=_order)


def organisations(rows: Iterable[Row]) -> Rows:
    """Return rows as `core` knows them."""
    return tuple(
        Organisation(
            code=row["code"],
            name_ko=row["name_ko"] or "",
            name_en=row["name_en"] or "",
            kind=row["kind"] or "institution",
            parent=row["parent"] or None,
            valid_from=_day(row["valid_from"]),
            valid_until=_day(row["valid_until"]),
            aliases=tuple(row["aliases"]),
        )
        for row in rows
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def changed(before: Iterable[Row], after: Rows, source: str = SITE) -> tuple[list[Row], list[Row]]:
    """Return the rows before and after of the organisations that are another now; each keeps its source."""
    old, sources = list(before), {row["code"]: row["source"] for row in before}
    known = set(organisations(old))
    fresh = set(after)
    codes = {one.code for one in known ^ fresh}
    made = rows_of((one for one in after if one.code in codes), source)
    return of(old, codes), [{**row, "source": sources.get(row["code"]) or source} for row in made]


def rows_of(found: Iterable[Organisation], source: str) -> list[Row]:
    """Return organisations as rows of a source, in order."""
    texts = [name for name in ORGANISATIONS.names if name not in ("source", "aliases", *DAYS)]
    made = [
        {
            **{name: getattr(one, name) for name in texts},
            **{name: day.isoformat() if (day := getattr(one, name)) else None for name in DAYS},
            "aliases": list(one.aliases),
            "source": source,
        }
        for one in found
    ]
    return sorted(made, key=_order)


def table(rows: Iterable[Row]) -> pa.Table:
    """Return rows as the registry's table."""
    typed = [{**row, **{name: _day(row[name]) for name in DAYS}} for row in rows]
    return pa.Table.from_pylist(sorted(typed, key=lambda row: (row["code"], str(row["valid_from"] or ""))),
                                schema=ORGANISATIONS)  # fmt: skip
