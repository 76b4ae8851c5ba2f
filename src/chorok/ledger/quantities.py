"""Quantities of a published ledger: the same questions as for money, one row a unit (rules 1.8)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from chorok.core import periods
from chorok.core.measures import quantity, share
from chorok.ledger.engines import Engine
from chorok.ledger.figures import Places, Question, changes_of, columns_of, keys_of, tree_of
from chorok.ledger.published import Published

SUMS = ("lines", "quantity", "green_quantity", "without_quantity")


def answer(published: Published, engine: Engine, question: Question) -> list[dict[str, Any]]:
    """Return one row a group and unit with `SUMS`. Raises UsageError for an organisation that is not known."""
    tree = tree_of(published, question)
    changes = changes_of(tree, question)
    places = Places(tree, changes, question.organisation)
    sums: dict[tuple[Any, ...], dict[str, Any]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for row in _cells(published, engine, question, changes):
        place = places.of(row)
        if place is None:
            continue
        keys = (*keys_of(question, row, place), row["unit"])
        for name in SUMS:
            sums[keys][name] += row[name] or 0
    names = (*question.by, "unit")
    ordered = sorted(sums, key=lambda keys: [(key is None, key or "") for key in keys])
    return [{**dict(zip(names, keys, strict=True)), **_plain(sums[keys])} for keys in ordered]


def _plain(sums: dict[str, Any]) -> dict[str, Any]:
    return {name: _whole(value) if isinstance(value, Decimal) else value for name, value in sums.items()}


def _whole(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else str(value.normalize())


def _cells(published: Published, engine: Engine, question: Question, changes: list[date]) -> list[dict[str, Any]]:
    lines, by = periods.during(published.lines(engine), question.period), columns_of(question)
    if changes:
        by["era"] = share.era(changes)
    for name in ("period", "era"):
        if name in by:
            lines = lines.with_columns(by[name].alias(name))
    timeline = published.timeline(engine, published.definition(question.definition))
    return list(quantity.cells(lines, timeline, list(by)).collect("pyarrow").rows(named=True))
