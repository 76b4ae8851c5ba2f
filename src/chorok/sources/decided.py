"""Decisions of people as they come back in a file: the review list, filled in."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from chorok.core.errors import BadInputError
from chorok.ledger import schema, tallies
from chorok.ledger.decisions import OUTCOMES
from chorok.ledger.engines import connect
from chorok.ledger.published import Published
from chorok.sources.reading import select_from
from chorok.sources.tables import open_tables

COLUMNS = tuple(field.name for field in schema.DECISIONS)


@dataclass(frozen=True)
class Refused:
    """A decision that cannot be used: its row, column and value, and why (`decision_reject.<reason>`)."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class DecisionFile:
    """Decisions that can be used, rows without an outcome (not decided yet), and rows that cannot be used."""

    decisions: pa.Table
    undecided: int
    refused: list[Refused]


@dataclass(frozen=True)
class Known:
    """What a decision may speak of."""

    products: frozenset[int]
    item_groups: frozenset[str]
    certificates: frozenset[str]

    @classmethod
    def of(cls, published: Published) -> Known:
        """Read from a published ledger what decisions on it may speak of."""
        registry = published.registry
        return cls(
            frozenset(tallies.product_keys(published)),
            frozenset(registry.item_groups()["code"].to_pylist()),
            frozenset(number for number in registry.certificates()["certificate_no"].to_pylist() if number),
        )


def read(path: Path, known: Known, *, decided_by: str | None, decided_on: date) -> DecisionFile:
    """Read a file of decisions: columns of `DECISIONS`, further ones are for people and not read.

    Product keys may stand behind a P, which keeps spreadsheets from rounding them.
    `decided_by` and `decided_on` hold where the file does not say. Raises BadInputError when columns are missing.
    """
    accepted: list[dict[str, Any]] = []
    refused: list[Refused] = []
    undecided = 0
    for number, row in enumerate(_rows(path), 2):
        if not row.get("outcome"):
            undecided += 1
            continue
        row.setdefault("decided_on", None)
        filled = {
            **row,
            "decided_by": row.get("decided_by") or decided_by,
            "decided_on": row["decided_on"] or str(decided_on),
        }
        problem = next((found for check in _CHECKS if (found := check(filled, known))), None)
        if problem:
            refused.append(Refused(number, problem[0], str(filled.get(problem[0]) or ""), problem[1]))
        else:
            accepted.append(_typed(filled))
    return DecisionFile(pa.Table.from_pylist(accepted, schema=schema.DECISIONS), undecided, refused)


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as work:
        table = open_tables(path, Path(work))[0]
        missing = [name for name in ("product_key", "outcome", "reason") if name not in table.columns]
        if missing:
            raise BadInputError("decision_columns_missing", file=path.name, missing=", ".join(missing))
        found = connect().execute(select_from(table)).fetchall()
    names = [name if name in COLUMNS else None for name in table.columns]
    return [{name: (v or "").strip() or None for name, v in zip(names, row, strict=True) if name} for row in found]


Problem = tuple[str, str] | None


def _key(row: dict[str, Any], known: Known) -> Problem:
    key = row["product_key"] = (row.get("product_key") or "").removeprefix("P")
    return None if key.isdigit() and int(key) in known.products else ("product_key", "product_unknown")


def _outcome(row: dict[str, Any], _known: Known) -> Problem:
    return None if row["outcome"] in OUTCOMES else ("outcome", "outcome_unknown")


def _reason(row: dict[str, Any], _known: Known) -> Problem:
    return None if row.get("reason") else ("reason", "reason_missing")


def _author(row: dict[str, Any], _known: Known) -> Problem:
    return None if row.get("decided_by") else ("decided_by", "author_missing")


def _group(row: dict[str, Any], known: Known) -> Problem:
    code = row.get("item_group")
    if code and code not in known.item_groups:
        return "item_group", "item_group_unknown"
    return ("item_group", "item_group_missing") if not code and row["outcome"] != "out_of_scope" else None


def _evidence(row: dict[str, Any], known: Known) -> Problem:
    if row["outcome"] != "green":
        return None
    certificate = row.get("certificate_no")
    if certificate and certificate not in known.certificates:
        return "certificate_no", "certificate_unknown"
    return None if certificate or row.get("valid_from") else ("certificate_no", "evidence_missing")


def _days(row: dict[str, Any], _known: Known) -> Problem:
    for name in ("valid_from", "valid_until", "decided_on"):
        if row.get(name) and _day(row[name]) is None:
            return name, "date_bad"
    return None


_CHECKS: tuple[Callable[[dict[str, Any], Known], Problem], ...] = (
    _key,
    _outcome,
    _reason,
    _author,
    _group,
    _evidence,
    _days,
)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: _day(row.get(name) or "") for name in ("valid_from", "valid_until", "decided_on")}
    return {**{name: row.get(name) for name in COLUMNS}, "product_key": int(row["product_key"]), **days}
