"""`chorok drivers`: what moved a share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import typer

from chorok.cli.figures import BasisOption
from chorok.cli.grounds import tell_grounds, tell_in
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
from chorok.cli.scopes import full_name, last_full_year, scope_of
from chorok.cli.speech import Column, Form, language, note, say, show
from chorok.core import periods
from chorok.core.errors import UsageError
from chorok.core.measures import drivers as split
from chorok.core.measures.drivers import Change, Step, Undefined
from chorok.core.money import percent, written
from chorok.ledger import drivers as reading
from chorok.ledger.figures import Question
from chorok.ledger.naming import Names
from chorok.ledger.published import Published

ORDERS = ("step", "item")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("drivers", help=say("help.drivers"))(drivers)


def drivers(
    ledger: LedgerOption = default_ledger(),
    since: Annotated[str | None, typer.Option("--from", help=say("help.option.drivers_from"))] = None,
    until: Annotated[str | None, typer.Option("--to", help=say("help.option.drivers_to"))] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", "-o", help=say("help.option.place"))] = None,
    versus: Annotated[str | None, typer.Option("--versus", help=say("help.option.versus"))] = None,
    by: Annotated[str, typer.Option("--by", "-b", help=say("help.option.drivers_by"))] = "step",
    basis: BasisOption = "eligible",
    definition: DefinitionOption = "national",
    digits: Annotated[int, typer.Option("--digits", min=0, max=6, help=say("help.option.digits"))] = 2,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Say what a change of the share came from."""
    if by not in ORDERS:
        raise UsageError("drivers_by", by=by)
    opened = open_ledger(ledger)
    published = Published.at(opened, as_of)
    names = Names.of(published.registry, language())
    tree = published.tree
    scopes = [scope_of(tree, one) for one in (versus, organisation) if one]
    last = periods.parse(until or str(last_full_year(opened.today)))
    if versus is None:
        question = Question((), basis, definition, organisation=scopes[0] if scopes else None)
        answer, series = reading.over_time(published, question, periods.parse(since) if since else None, last)
    elif since or organisation is None:
        raise UsageError("drivers_versus")
    else:
        answer, series = reading.between(published, Question((), basis, definition, last), scopes)
    called = {code: full_name(tree, names, code) for code in scopes}
    told = [
        _Told(currency, split.change(points), names, called if versus else {}, len(series) > 1)
        for currency, points in series.items()
    ]
    _print(told, by, digits, form(json, csv))
    if not told:
        note("drivers.nothing")
    if last.until > opened.today:
        note("drivers.running", period=until, day=opened.today)
    if not (json or csv):
        tell_grounds(answer, [one.currency for one in told], ", ".join(called.values()) or None)


@dataclass(frozen=True)
class _Told:
    """A change in one currency, to be told. `scopes`: what the two are called that are compared, by code."""

    currency: str
    found: Change | Undefined
    names: Names
    scopes: Mapping[str, str]
    several: bool = False

    def tell(self, code: str, /, *, aside: bool = False, **params: object) -> None:
        """Print a sentence about this currency, which is named where there are several."""
        tell_in(self.currency if self.several else None, code, aside=aside, **params)

    def name(self, point: str) -> str:
        """Return what a point is called: an organisation's name, or the period."""
        return self.scopes.get(point, point)


def _print(told: list[_Told], by: str, digits: int, output: Form) -> None:
    """Print the tables of all currencies as one, then what they say."""
    plain = output != "table"
    changes = [(one, one.found) for one in told if isinstance(one.found, Change)]
    money = (Column("currency"),) if plain or len(told) > 1 else ()
    rows_of = _by_item if by == "item" else _by_step
    rows = [row for one, change in changes for row in rows_of(one, change, digits, plain=plain)]
    if rows or plain:
        columns = (*(_item_columns(plain) if by == "item" else _step_columns(plain)), *money)
        show(columns, [{column.key: row.get(column.key) for column in columns} for row in rows], output)
    for one in told:
        if isinstance(one.found, Undefined):
            one.tell(f"drivers.why_not.{one.found.why}", aside=True, at=one.name(one.found.at))
            continue
        if not plain:
            _tell(one, one.found, digits)
        _open_money(one, one.found, digits)


def _step_columns(plain: bool) -> tuple[Column, ...]:
    points = ("before", "after") if plain else ("step",)
    shares = ("share_before", "share_after", "share_change", "green_effect", "denominator_effect")
    before = ("change_low", "change_high", "eligible_before", "green_before") if plain else ()
    return (
        *(Column(name) for name in points),
        *(Column(name, right=True) for name in (*shares, *before, "eligible_after", "green_after")),
    )


def _by_step(one: _Told, change: Change, digits: int, *, plain: bool) -> list[dict[str, Any]]:
    shown, total = split.table([(step.green, step.denominator) for step in change.steps], digits)
    rows = [_step_row(one, step, cells, digits, plain) for step, cells in zip(change.steps, shown, strict=True)]
    return rows if len(rows) == 1 else [*rows, _step_row(one, change.whole, total, digits, plain)]


def _step_row(one: _Told, step: Step, cells: split.Shown, digits: int, plain: bool) -> dict[str, Any]:
    before, after = step.before.total, step.after.total
    money = {
        "eligible_before": before.denominator,
        "eligible_after": after.denominator,
        "green_before": before.green,
        "green_after": after.green,
    }
    return {
        "before": one.name(step.before.name),
        "after": one.name(step.after.name),
        "step": f"{one.name(step.before.name)} → {one.name(step.after.name)}",
        **{key: value if plain else written(value, one.currency) for key, value in money.items()},
        "share_before": str(percent(before.value, digits)),
        "share_after": str(percent(after.value, digits)),
        "share_change": f"{cells.change:+}",
        "green_effect": f"{cells.first:+}",
        "denominator_effect": f"{cells.second:+}",
        **_bounds(step, cells, digits),
        "currency": one.currency,
    }


def _bounds(step: Step, cells: split.Shown, digits: int) -> dict[str, str | None]:
    """Return the least and the greatest change that open money allows; the change itself where none is open."""
    if not any(point.total.undetermined or point.total.unknown for point in (step.before, step.after)):
        return {"change_low": f"{cells.change:+}", "change_high": f"{cells.change:+}"}
    low, high = (f"{percent(value, digits):+}" for value in found) if (found := split.bounds(step)) else (None, None)
    return {"change_low": low, "change_high": high}


def _item_columns(plain: bool) -> tuple[Column, ...]:
    code = (Column("item_code"),) if plain else ()
    numbers = ("rate_before", "rate_after", "weight_before", "weight_after", "rate_effect", "mix_effect")
    return (
        Column("item"),
        *code,
        *(Column(name, right=True) for name in (*numbers, "share_change")),
        Column("presence"),
    )


def _ordered(whole: Step) -> list[str | None]:
    """The items that did anything or are there, the greatest change first."""
    return sorted(
        (key for key, effect in whole.items.items() if effect != split.ItemEffect() or _counts(whole, key)),
        key=lambda key: (-abs(whole.items[key].change), key or ""),
    )


def _counts(whole: Step, key: str | None) -> bool:
    return any(key in point.items and point.items[key].denominator for point in (whole.before, whole.after))


def _by_item(one: _Told, change: Change, digits: int, *, plain: bool) -> list[dict[str, Any]]:
    whole = change.whole
    keys = _ordered(whole)
    shown, total = split.table([(whole.items[key].rate, whole.items[key].mix) for key in keys], digits)
    rows = [_item_row(one, whole, key, cells, digits, plain) for key, cells in zip(keys, shown, strict=True)]
    every = {"item": say("column.total"), "item_code": "total", "currency": one.currency}
    shares = {
        "rate_before": str(percent(whole.before.total.value, digits)),
        "rate_after": str(percent(whole.after.total.value, digits)),
    }
    return [*rows, {**every, **shares, **_effects(total)}]


def _effects(cells: split.Shown) -> dict[str, str]:
    return {
        "rate_effect": f"{cells.first:+}",
        "mix_effect": f"{cells.second:+}",
        "share_change": f"{cells.change:+}",
    }


def _item_row(one: _Told, whole: Step, key: str | None, cells: split.Shown, digits: int, plain: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"item": one.names.show("item", key) or say("drivers.no_item"), "item_code": key}
    for when, point in (("before", whole.before), ("after", whole.after)):
        share = point.items.get(key)
        rate = percent(share.value, digits) if share else None
        weight = percent(Fraction(share.denominator, point.total.denominator), digits) if share else None
        row[f"rate_{when}"] = None if rate is None else str(rate)
        row[f"weight_{when}"] = None if weight is None else str(weight)
    presence = split.presence(whole.before, whole.after, key)
    said = presence if plain else "" if presence == "both" else say(f"drivers.presence.{presence}")
    return {**row, **_effects(cells), "presence": said, "currency": one.currency}


def _tell(one: _Told, change: Change, digits: int) -> None:
    """Say in words what drove the change."""
    whole = change.whole
    _, total = split.table([(step.green, step.denominator) for step in change.steps], digits)
    way = "same" if not total.change else "up" if total.change > 0 else "down"
    one.tell(
        f"drivers.apart.{way}" if one.scopes else f"drivers.moved.{way}",
        before=one.name(whole.before.name),
        after=one.name(whole.after.name),
        first=percent(whole.before.total.value, digits),
        last=percent(whole.after.total.value, digits),
        change=abs(total.change),
    )
    if not one.scopes:
        _tell_cause(one, whole, total, digits)
    _tell_items(one, whole, digits)
    one.tell("drivers.method_scopes" if one.scopes else "drivers.method", steps=len(change.steps))


def _tell_cause(one: _Told, whole: Step, total: split.Shown, digits: int) -> None:
    code = split.cause(total.first, total.second)
    one.tell(f"drivers.cause.{code}", green=f"{total.first:+}", denominator=f"{total.second:+}")
    before, after = whole.before.total, whole.after.total
    one.tell(
        "drivers.amounts",
        spent=_relative(before.denominator, after.denominator, digits),
        green=_relative(before.green, after.green, digits),
    )
    without = split.counterfactual(whole)
    one.tell(
        "drivers.counterfactual" if without is None or without <= 1 else "drivers.counterfactual_over",
        before=one.name(whole.before.name),
        after=one.name(whole.after.name),
        share=percent(without, digits),
    )


def _relative(before: int, after: int, digits: int) -> str:
    change = percent(Fraction(after - before, before), digits) if before > 0 else None
    return say("word.not_defined") if change is None else say("grounds.percent", value=f"{change:+}")


MOST_TOLD = 3
"""Items named in the sentence; the table of items has all of them."""


def _tell_items(one: _Told, whole: Step, digits: int) -> None:
    keys = _ordered(whole)
    shown, total = split.table([(whole.items[key].rate, whole.items[key].mix) for key in keys], digits)
    one.tell("drivers.rate_mix", rate=f"{total.first:+}", mix=f"{total.second:+}")
    cells: list[tuple[str | None, Decimal]] = [(key, one_.change) for key, one_ in zip(keys, shown, strict=True)]
    named = [f"{one.names.show('item', key) or say('drivers.no_item')} {change:+}" for key, change in cells if change]
    if named:
        one.tell("drivers.items", items=", ".join(named[:MOST_TOLD]), count=len(keys))


def _open_money(one: _Told, change: Change, digits: int) -> None:
    found = split.bounds(change.whole)
    if found:
        low, high = (percent(value, digits) for value in found)
        one.tell("drivers.bounds", aside=True, low=f"{low:+}", high=f"{high:+}")
