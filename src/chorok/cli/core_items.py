"""`chorok core-items`: the item groups to work on first, why, and what that would do to the share."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

import typer

from chorok.cli.figures import BasisOption
from chorok.cli.grounds import tell_grounds
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
from chorok.cli.target_words import OneScopeOption, bounded, note_currencies, number
from chorok.core.errors import UsageError
from chorok.core.measures.core_items import BY, PERCENTILE, By, Choice, Chosen, CoreItem, choose, gain, greatest_weight
from chorok.core.money import Share, round_half_away, written
from chorok.ledger import targets as service
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.shares import UNGROUPED, Shares, years
from chorok.ledger.store import Ledger

Aims = dict[str, Fraction]
"""Next year's target of an item group in percent, by code."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("core-items", help=say("help.core_items"))(core_items)


COLUMNS = (
    Column("item"),
    Column("core_choice"),
    Column("eligible", right=True),
    Column("weight", right=True),
    Column("share", right=True),
    Column("reference", right=True),
    Column("potential", right=True),
    Column("effect", right=True),
    Column("most", right=True),
    Column("next_aim", right=True),
    Column("next_effect", right=True),
)
PLAIN = (
    Column("item_code"),
    Column("currency"),
    Column("low"),
    Column("high"),
    Column("reference_open"),
    Column("weight_at_most"),
)


def core_items(
    organisation: OneScopeOption,
    year: Annotated[int, typer.Option("--year", help=say("help.option.core_year"), show_default=False)],
    percentile: Annotated[
        int, typer.Option("--spend-percentile", min=0, max=100, help=say("help.option.spend_percentile"))
    ] = PERCENTILE,
    reference: Annotated[str, typer.Option("--reference", help=say("help.option.reference"))] = "city",
    by: Annotated[str, typer.Option("--by", help=say("help.option.core_by"))] = "rule",
    top: Annotated[int | None, typer.Option("--top", min=1, help=say("help.option.top"))] = None,
    every: Annotated[bool, typer.Option("--all", help=say("help.option.every_item"))] = False,
    basis: BasisOption = "eligible",
    definition: DefinitionOption = "national",
    ledger: LedgerOption = default_ledger(),
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Choose core items."""
    opened, output = open_ledger(ledger), form(json, csv)
    published = Published.at(opened, as_of)
    shares = Shares(published, basis, definition, period=years(year, year))
    scope, names = scope_of(shares.tree, organisation), Names.of(published.registry, language())
    items, choice = shares.items(scope, year), Choice(_by(by), percentile, top)
    ungrouped = items.pop(UNGROUPED, Share(0, 0))
    chosen = choose(items, shares.references(scope, year, reference), choice, ungrouped)
    aims = _aims(opened, published, (basis, definition), scope, year + 1)
    listed = [one for one in chosen.items if every or one.why == "chosen"]
    currency, table = shares.currencies.get(scope, "KRW"), output == "table"
    rows = [_row(one, chosen, aims, currency, names, table) for one in listed]
    if rows or not table:
        show(_columns(every, aims) if table else (*COLUMNS, *PLAIN), rows, output)
    if year >= opened.today.year:
        note("core_items.running", year=year)
    called = full_name(shares.tree, names, scope)
    if why := shares.why_none(scope, year):
        there = Shares(published, basis, definition).years(scope)
        note(f"core_items.why_not.{why}", year=year, organisation=called, years=", ".join(map(str, there)) or "–")
    elif table:
        _tell(chosen, choice, aims, currency, names)
        if amount := ungrouped.undetermined + ungrouped.unknown:
            tell("core_items.ungrouped", amount=f"{written(amount, currency)} {currency}")
        if shares.answer:
            tell_grounds(shares.answer, {currency}, f"{called}, {year}")
    note_currencies([shares], names)


def _columns(every: bool, aims: Aims) -> tuple[Column, ...]:
    """Return the columns of a table: the choice where some were not chosen, targets where there are any."""
    out = (() if every else ("core_choice",)) + (() if aims else ("next_aim", "next_effect"))
    return tuple(column for column in COLUMNS if column.key not in out)


def _by(text: str) -> By:
    for by in BY:
        if by == text:
            return by
    raise UsageError("core_by_unknown", by=text, known=", ".join(BY))


def _aims(ledger: Ledger, published: Published, kind: tuple[str, str], scope: str, year: int) -> Aims:
    """Return the targets in force for the item groups of an organisation in a year, on a basis and definition."""
    fitting = [one for one in service.read(ledger) if (one.basis, one.definition) == kind and one.scope == scope]
    found = service.Table(service.asked(published, fitting), ledger, fitting).aims(scope, year)
    return {item: aim for item, aim in found.items() if item is not None}


def _row(one: CoreItem, chosen: Chosen, aims: Aims, currency: str, names: Names, table: bool) -> dict[str, Any]:
    spend, potential = one.share.denominator, int(round_half_away(one.potential, 0))
    aim = aims.get(one.code)
    row = {
        "item": names.show("item", one.code),
        "core_choice": say(f"core_choice.{one.why}") if table else one.why,
        "eligible": written(spend, currency) if table else spend,
        "weight": _percent(one.weight),
        "share": bounded(one.share) if table else _percent(one.share.value),
        "reference": _percent(one.reference),
        "potential": written(potential, currency) if table else potential,
        "effect": _points(one.effect),
        "most": _points(one.most),
        "next_aim": number(aim),
        "next_effect": None if aim is None else _points(gain(one.share, aim / 100, chosen.total.denominator)),
    }
    weight = (
        None
        if one.share.value is None or chosen.total.value is None
        else _percent(greatest_weight(chosen.total.value, one.share.value))
    )
    bounds = {
        "weight_at_most": weight,
        "low": _percent(one.share.low),
        "high": _percent(one.share.high),
        "reference_open": one.open,
    }
    return row if table else {**row, "item_code": one.code, "currency": currency, **bounds}


def _percent(value: Fraction | None) -> str | None:
    return None if value is None else number(value * 100)


def _points(value: Fraction) -> str:
    """Return a difference of shares in %p, with its sign."""
    return f"{round_half_away(value * 100, 2):+}"


def _tell(chosen: Chosen, choice: Choice, aims: Aims, currency: str, names: Names) -> None:
    """Say why the items were chosen, what they weigh together, and what they can do to the whole share at most."""
    core = chosen.core
    high = f"{written(chosen.high_spend, currency)} {currency}"
    tell(f"core_items.{choice.by}", percentile=choice.percentile, high=high, total=bounded(chosen.total))
    if not core:
        tell(f"core_items.none.{choice.by}")
        return
    tell("core_items.read")
    effect, most = sum((one.effect for one in core), Fraction(0)), sum((one.most for one in core), Fraction(0))
    tell(
        "core_items.together",
        count=len(core),
        weight=_percent(sum((one.weight for one in core), Fraction(0))),
        effect=_points(effect),
        after=_percent(chosen.after(effect)),
        most=_points(most),
        ceiling=_percent(chosen.after(most)),
    )
    aimed = {
        one.code: gain(one.share, aims[one.code] / 100, chosen.total.denominator) for one in core if one.code in aims
    }
    if aimed:
        gained = sum(aimed.values(), Fraction(0))
        tell("core_items.targets", count=len(aimed), effect=_points(gained), after=_percent(chosen.after(gained)))
    for one in core:
        if one.open:
            tell("core_items.open", item=names.show("item", one.code), high=_percent(one.share.high))
