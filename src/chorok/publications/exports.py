"""Exports: the record that the ministry's system takes, figures, and the lines behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from chorok.core import periods
from chorok.core.errors import UsageError
from chorok.core.money import percent
from chorok.ledger import drilldown, figures, quantities
from chorok.ledger.drilldown import Wanted
from chorok.ledger.engines import open_engine
from chorok.ledger.figures import Question
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.publications import sheets

KEITI = (
    "pecoYyyy",
    "pecoTmgb",
    "pecoOrcd",
    "pecoEcon",
    "pecoTqty",
    "pecoTamt",
    "pecoQty",
    "pecoAmt",
    "item_group",
    "item_name",
    "organisation_name",
    "units",
    "undetermined",
)
"""The four numbers per institution, period and category (domain 2.6, data.go.kr 15000717), and what explains them.

`pecoTmgb` is Y for a year, else the number of the quarter. Quantities are left blank where units are mixed.
"""

Table = tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]


def write(published: Published, kind: str, file: Path, wanted: Wanted, by: str, language: str) -> int:
    """Write an export to a CSV or XLSX file and return its number of rows.

    `kind` is keiti, share or lines. Raises UsageError for another kind or file ending, or a grain that the record
    does not know.
    """
    makers: dict[str, Callable[[], Table]] = {
        "keiti": lambda: _keiti(published, wanted, by, language),
        "share": lambda: _share(published, wanted, by, language),
        "lines": lambda: _lines(published, wanted),
    }
    if kind not in makers:
        raise UsageError("export_unknown", kind=kind, known=", ".join(makers))
    header, rows = makers[kind]()
    return sheets.write(file, header, rows)


def _question(wanted: Wanted, by: tuple[str, ...]) -> Question:
    return Question(by, "eligible", wanted.definition, wanted.period, wanted.organisation, wanted.tree)


def _keiti(published: Published, wanted: Wanted, by: str, language: str) -> Table:
    grain = next((name for name in by.split(",") if name in periods.GRAINS), "year")
    if grain not in ("year", "quarter"):
        raise UsageError("keiti_grain", grain=grain)
    question = _question(wanted, (grain, "organisation", "item"))
    engine = open_engine()
    counted: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in quantities.answer(published, engine, question):
        counted[tuple(row[name] for name in question.by)].append(row)
    small = {row["code"]: _small_category(row["codes"]) for row in published.registry.item_groups().to_pylist()}
    names = Names.of(published.registry, language)
    found = figures.answer(published, engine, question).figures
    kept = [figure for figure in found if figure.keys[2] is not None and figure.amounts.share().denominator]
    return KEITI, (_record(figure, counted[figure.keys], small, names) for figure in kept)


def _small_category(codes: list[str] | None) -> str:
    """The GPIS small category (5 digits) of an item group, when it has one."""
    return next((code for code in codes or () if len(code) == 5), "")


def _record(
    figure: figures.Figure, counted: list[dict[str, Any]], small: dict[str, str], names: Names
) -> tuple[Any, ...]:
    period, organisation, item = figure.keys
    year, quarter, number = (period or "").partition("Q")
    share = figure.amounts.share()
    units = sorted({row["unit"] or "?" for row in counted})
    one = counted[0] if len(counted) == 1 else None
    return (
        year,
        number if quarter else "Y",
        organisation,
        small.get(item or "", ""),
        one["quantity"] if one else None,
        share.denominator,
        one["green_quantity"] if one else None,
        share.green,
        item,
        names.show("item", item),
        names.show("organisation", organisation),
        " ".join(units),
        share.undetermined,
    )


SHARE = ("currency", "lines", "eligible", "green", "not_green", "undetermined", "unknown", "share", "low", "high")


def _share(published: Published, wanted: Wanted, by: str, language: str) -> Table:
    question = _question(wanted, tuple(by.split(",")))
    names = Names.of(published.registry, language)
    found = figures.answer(published, open_engine(), question).figures
    header = tuple(column for name in question.by for column in (f"{name}_code", name))
    return (*header, *SHARE), (_share_row(figure, question, names) for figure in found)


def _share_row(figure: figures.Figure, question: Question, names: Names) -> tuple[Any, ...]:
    share = figure.amounts.share(question.basis)
    keys = [part for name, key in zip(question.by, figure.keys, strict=True) for part in (key, names.show(name, key))]
    rates = (None if figure.amounts.not_known else percent(value) for value in (share.value, share.low, share.high))
    return (
        *keys,
        figure.currency,
        figure.amounts.lines,
        share.denominator,
        share.green,
        share.not_green,
        share.undetermined,
        share.unknown,
        *rates,
    )


def _lines(published: Published, wanted: Wanted) -> Table:
    return drilldown.SHOWN, (
        tuple(row.values()) for batch in drilldown.batches_of(published, wanted) for row in batch.to_pylist()
    )
