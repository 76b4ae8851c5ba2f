"""`chorok targets`: what was aimed at and what came of it."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any

import typer

from chorok.cli import target_setting
from chorok.cli.grounds import tell_grounds
from chorok.cli.groups import group
from chorok.cli.options import (
    AsOfOption,
    CsvOption,
    JsonOption,
    LanguageOption,
    LedgerOption,
    default_ledger,
    form,
    open_ledger,
)
from chorok.cli.scopes import scope_of
from chorok.cli.speech import Column, Form, language, note, say, show, tell
from chorok.cli.target_words import Called, TargetScopeOption, as_set, bounded, note_currencies, number, said
from chorok.core.measures.targets import Target
from chorok.ledger import kept
from chorok.ledger import targets as service
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.shares import Shares, in_percent
from chorok.ledger.targets import Row, Table


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    room = group("targets")
    room.command("list", help=say("help.targets_list"))(list_targets)
    room.command("set", help=say("help.targets_set"))(target_setting.set_target)
    room.command("suggest", help=say("help.targets_suggest"))(target_setting.suggest)
    app.add_typer(room, name="targets")


TABLE = (
    Column("organisation"),
    Column("item"),
    Column("year"),
    Column("target_base", right=True),
    Column("published_base", right=True),
    Column("target_aim", right=True),
    Column("target_result", right=True),
    Column("published_result", right=True),
    Column("standing"),
    Column("attained", right=True),
    Column("gap_closed", right=True),
    Column("next_aim", right=True),
)
PLAIN = (
    Column("organisation_code"),
    Column("item_code"),
    Column("target_base_year"),
    Column("target_mode"),
    Column("target_given"),
    Column("low"),
    Column("high"),
    Column("attained_not_defined"),
    Column("gap_not_defined"),
    Column("basis"),
    Column("definition_name"),
    Column("set_on"),
    Column("set_by"),
    Column("target_reason"),
    Column("revisions"),
)
"""What JSON and CSV have besides; codes stand as codes there."""


def list_targets(
    ledger: LedgerOption = default_ledger(),
    organisation: TargetScopeOption = None,
    year: Annotated[int | None, typer.Option("--year", help=say("help.option.target_year"))] = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Show targets and what came of them."""
    opened, output = open_ledger(ledger), form(json, csv)
    targets = service.read(opened)
    published = Published.at(opened, as_of)
    tree = published.tree
    scope = scope_of(tree, organisation) if organisation else None
    asked = service.asked(published, [one for one in targets if scope in (None, one.scope)])
    names = Names.of(published.registry, language())
    called = Called(tree, names)
    rows = Table(asked, opened, targets).rows(scope, year)
    if rows or output != "table":
        shown = [_row(one, called, output) for one in rows]
        show((*TABLE, *PLAIN) if output == "csv" else _filled(shown), shown, output)
    if not rows:
        note("targets.none_fit" if targets else "targets.none", file=kept.file_of(opened, "targets"))
    elif output == "table":
        _tell_beside(rows, asked, called)
    note_currencies(asked, names)


SOMETIMES = ("item", "target_base", "published_base", "published_result", "next_aim")
"""Columns that a table leaves out where no row has anything in them."""


def _filled(rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    empty = {key for key in SOMETIMES if all(row[key] in (None, say("word.all")) for row in rows)}
    return tuple(column for column in TABLE if column.key not in empty)


def _row(row: Row, called: Called, output: Form) -> dict[str, Any]:
    plain, target, result = output != "table", row.target, row.result
    shown = {
        "organisation": called.organisation(target.scope),
        "item": called.item(target.item),
        "year": str(target.year),
        "target_base": _base(row, plain),
        "published_base": row.published_base and row.published_base.rate,
        "target_aim": number(row.aim),
        "target_result": number(in_percent(result)) if plain else bounded(result),
        "published_result": row.published_result and row.published_result.rate,
        "standing": row.standing if plain else say(f"standing.{row.standing}"),
        "attained": _defined(row, row.attainment.ratio, row.attainment.ratio_reason, plain),
        "gap_closed": _defined(row, row.attainment.gap_closed, row.attainment.gap_reason, plain),
        "next_aim": number(row.next_aim),
    }
    if not plain:
        return shown
    remarks = [{"code": one.code, "text": said(one)} for one in row.remarks]
    more = {"remarks": remarks, "history": [_revision(one) for one in row.history]} if output == "json" else {}
    return {**shown, **_plain(row), **more}


def _plain(row: Row) -> dict[str, Any]:
    target, result = row.target, row.result
    return {
        "organisation_code": target.scope,
        "item_code": target.item,
        "target_base_year": target.base_year,
        "target_mode": target.mode,
        "target_given": number(target.value),
        "low": number(result.low * 100 if result and result.low is not None else None),
        "high": number(result.high * 100 if result and result.high is not None else None),
        "attained_not_defined": row.attainment.ratio_reason,
        "gap_not_defined": row.attainment.gap_reason,
        "basis": target.basis,
        "definition_name": target.definition,
        "set_on": target.set_on,
        "set_by": target.set_by,
        "target_reason": target.reason,
        "revisions": len(row.history) - 1,
    }


def _revision(target: Target) -> dict[str, Any]:
    value = {"target_given": number(target.value), "target_mode": target.mode}
    return {"set_on": target.set_on, "set_by": target.set_by, **value, "target_reason": target.reason}


def _base(row: Row, plain: bool) -> str | None:
    base, year = number(row.base), row.target.base_year
    return base if plain or base is None or year is None else f"{base} ({year})"


def _defined(row: Row, value: Fraction | None, reason: str | None, plain: bool) -> str | None:
    if value is not None:
        return number(value * 100)
    return None if plain or reason is None or row.standing == "ahead" else say(f"attainment_reason.{reason}")


def _tell_beside(rows: list[Row], asked: list[Shares], called: Called) -> None:
    """Say under the table how to read it, what to know of each target, and what the figures rest on."""
    tell("targets.forms")
    if any(row.published_base or row.published_result for row in rows):
        tell("targets.published")
    for row in rows:
        target = called.target(row.target)
        for before, after in pairwise(row.history):
            texts = {"old": as_set(before), "new": as_set(after), "on": after.set_on or "–"}
            tell("targets.revised", target=target, **texts, reason=after.reason or say("targets.no_reason"))
    for text, about in _remarks(rows, called).items():
        tell("targets.remark", target="; ".join(about), text=text)
    for shares in asked:
        used = {row.target.scope for row in rows}
        currencies = {shares.currencies[code] for code in used if code in shares.currencies}
        if shares.answer and currencies:
            scope = ", ".join(sorted(called.organisation(code) for code in used))
            tell_grounds(shares.answer, currencies, scope)


def _remarks(rows: list[Row], called: Called) -> dict[str, list[str]]:
    """Return each remark once, with the targets that it is about."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for remark in row.remarks:
            found.setdefault(said(remark), []).append(called.target(row.target))
    return found
