"""`chorok targets set` and `suggest`: adding a target to those an office keeps, and finding a number for one."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Any

import typer

from chorok.cli.figures import BasisOption
from chorok.cli.grounds import note_no_groups, tell_grounds
from chorok.cli.options import (
    AsOfOption,
    CsvOption,
    DefinitionOption,
    JsonOption,
    LanguageOption,
    LedgerOption,
    default_ledger,
    form,
    open_ledger,
)
from chorok.cli.scopes import full_name, scope_of
from chorok.cli.speech import Column, language, note, say, show, tell
from chorok.cli.target_words import (
    Called,
    ItemOption,
    OneScopeOption,
    as_set,
    bounded,
    note_currencies,
    number,
    said,
)
from chorok.core.errors import UsageError
from chorok.core.measures import targets as measure
from chorok.core.measures.suggestions import Suggestion, green_needed
from chorok.core.measures.targets import MODES, Mode, Target
from chorok.core.money import Share, round_half_away, written
from chorok.ledger import kept
from chorok.ledger import targets as service
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.shares import Shares, in_percent, item_of
from chorok.ledger.store import Ledger
from chorok.publications.target_words import because, whole

YearOption = Annotated[int, typer.Option("--year", help=say("help.option.aim_year"), show_default=False)]


def set_target(
    organisation: OneScopeOption,
    year: YearOption,
    value: Annotated[str, typer.Option("--value", help=say("help.option.target_value"), show_default=False)],
    mode: Annotated[str, typer.Option("--mode", help=say("help.option.target_mode"))] = "absolute",
    item: ItemOption = None,
    base_year: Annotated[int | None, typer.Option("--base-year", help=say("help.option.base_year"))] = None,
    base_value: Annotated[str | None, typer.Option("--base-value", help=say("help.option.base_value"))] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=say("help.option.target_on"))
    ] = None,
    set_by: Annotated[str, typer.Option("--set-by", help=say("help.option.set_by"))] = "",
    reason: Annotated[str, typer.Option("--reason", help=say("help.option.target_reason"))] = "",
    basis: BasisOption = "eligible",
    definition: DefinitionOption = "national",
    ledger: LedgerOption = default_ledger(),
    lang: LanguageOption = None,
) -> None:
    """Set a target, or revise one."""
    opened = open_ledger(ledger)
    published = Published.at(opened)
    shares = Shares(published, basis, definition)
    scope, group = scope_of(shares.tree, organisation), item_of(published, item) if item else None
    taken = None
    if mode == "absolute" and base_year is None and base_value is None:
        base_year = taken = service.last_complete(shares, scope, year, group, opened.today)
    target = Target(
        scope=scope,
        year=year,
        value=measure.read_value(value, _mode(mode)),
        mode=_mode(mode),
        item=group,
        base_year=base_year,
        base_value=measure.read_value(base_value, "absolute") if base_value else None,
        set_on=_set_on(on.date() if on else opened.today, opened.today),
        set_by=set_by,
        reason=reason,
        basis=basis,
        definition=definition,
    )
    called = Called(shares.tree, Names.of(published.registry, language()))
    if _keep(opened, shares, measure.checked(target, say("targets.this_one")), called) and taken:
        tell("targets.base_taken", base=taken)


def _mode(text: str) -> Mode:
    for mode in MODES:
        if mode == text:
            return mode
    raise UsageError("target_mode_unknown", mode=text, known=", ".join(MODES))


def _set_on(on: date, today: date) -> date:
    if on > today:
        raise UsageError("target_set_later", on=on, today=today)
    return on


def _keep(ledger: Ledger, shares: Shares, target: Target, called: Called) -> bool:
    """Add a target to those that are kept, and say what it means and how to take it back; False: it is there already.

    Raises UsageError target_aim_range for what no share can reach.
    """
    file, found = kept.file_of(ledger, "targets"), service.propose(shares, ledger, target)
    if found is None:
        note("targets.there_already", target=called.target(target), value=as_set(target), file=file)
        return False
    history, aim = found.history, found.aim
    if measure.impossible(aim):
        raise UsageError("target_aim_range", value=as_set(target), aim=number(aim), base=number(found.base))
    kept.add(ledger, "targets", target)
    tell("targets.set", target=called.target(target), value=as_set(target), file=file)
    if aim is None:
        tell("targets.no_base", year=target.base_year)
    elif target.mode != "absolute":
        tell("targets.means", aim=number(aim), base=number(found.base))
    if history[-1] != target:
        note("targets.not_in_force", on=history[-1].set_on, value=as_set(history[-1]))
        return True
    if len(history) > 1:
        tell("targets.replaces", value=as_set(history[-2]), on=history[-2].set_on or "–")
    for remark in found.remarks:
        note("targets.remark", target=called.target(target), text=said(remark))
    return True


SUGGESTED = (
    Column("suggested_by"),
    Column("target_aim", right=True),
    Column("on_base", right=True),
    Column("green_needed", right=True),
    Column("suggested_because"),
)


def suggest(
    organisation: OneScopeOption,
    year: YearOption,
    item: ItemOption = None,
    basis: BasisOption = "eligible",
    definition: DefinitionOption = "national",
    ledger: LedgerOption = default_ledger(),
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Suggest a target, each way with its reasoning."""
    opened, output = open_ledger(ledger), form(json, csv)
    published = Published.at(opened, as_of)
    shares = Shares(published, basis, definition)
    scope, group = scope_of(shares.tree, organisation), item_of(published, item) if item else None
    names = Names.of(published.registry, language())
    advice = service.suggest(shares, scope, year, group, opened.today)
    if advice.base is None:
        note("targets.no_start", year=year)
        if shares.answer:
            note_no_groups(shares.answer)
        if output == "table":
            return
    currency = shares.currencies.get(scope, "KRW")
    rows = [_suggestion(one, advice.base, currency, names, output == "table") for one in advice.suggestions]
    if output == "table":
        named = Called(shares.tree, names).target(Target(scope, year, Fraction(0), item=group))
        tell("targets.suggested_for", target=named, year=advice.base_year, base=bounded(advice.base))
    show(SUGGESTED, rows, output)
    if output == "table":
        tell("targets.suggested_how")
        if shares.answer:
            tell_grounds(shares.answer, {currency}, full_name(shares.tree, names, scope))
    note_currencies([shares], names)


def _suggestion(one: Suggestion, base: Share | None, currency: str, names: Names, table: bool) -> dict[str, Any]:
    at, green = in_percent(base), None
    if one.value is not None and base is not None:
        green = whole(green_needed(one.value, base))
    shown = written(green, currency) if table and green is not None else green
    return {
        "suggested_by": say(f"suggested_by.{one.method}") if table else one.method,
        "target_aim": number(one.value),
        "on_base": None if one.value is None or at is None else f"{round_half_away(one.value - at, 2):+}",
        "green_needed": shown,
        "suggested_because": because(one, currency, names, say),
        "currency": currency,
    }
