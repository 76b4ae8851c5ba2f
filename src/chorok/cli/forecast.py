"""`chorok forecast`: the share at the end of the year, and what the rest of the year must be."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

import typer

from chorok.cli.figures import BasisOption, ScopeOption, warn
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
from chorok.cli.scopes import scope_of
from chorok.cli.speech import Column, Form, language, note, say, show, tell
from chorok.core import periods
from chorok.core.errors import UsageError
from chorok.core.measures.forecast import ENOUGH, Forecast, Needed, PastYear
from chorok.core.money import Share, percent, round_half_away, written
from chorok.ledger import forecasts
from chorok.ledger.figures import DIMENSIONS
from chorok.ledger.forecasts import Asked, Outlook, Outlooks
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.shares import item_of

GROUPS = tuple(name for name in DIMENSIONS if name not in periods.GRAINS)
"""What forecasts can be broken down by."""

YearOption = Annotated[int | None, typer.Option("--year", min=1990, max=2100, help=say("help.option.forecast_year"))]
ThroughOption = Annotated[int | None, typer.Option("--through", min=1, max=11, help=say("help.option.through"))]
GroupOption = Annotated[str, typer.Option("--by", "-b", help=say("help.option.by", known=", ".join(GROUPS)))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("forecast", help=say("help.forecast"))(forecast)


def forecast(
    ledger: LedgerOption = default_ledger(),
    organisation: ScopeOption = None,
    year: YearOption = None,
    item: Annotated[str | None, typer.Option("--item", help=say("help.option.item"))] = None,
    by: GroupOption = "",
    through: ThroughOption = None,
    past_years: Annotated[bool, typer.Option("--past-years", help=say("help.option.past_years"))] = False,
    basis: BasisOption = "eligible",
    definition: DefinitionOption = "national",
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Forecast the share at the end of the year."""
    groups = tuple(name.strip() for name in by.split(",") if name.strip())
    for name in groups:
        if name not in GROUPS:
            raise UsageError("dimension_unknown", dimension=name, known=", ".join(GROUPS))
    published = Published.at(open_ledger(ledger), as_of)
    scope = scope_of(published.tree, organisation) if organisation else None
    wanted = item_of(published, item) if item else None
    asked = Asked(year or published.ledger.today.year, groups, scope, wanted, through, basis, definition)
    found = forecasts.outlooks(published, asked)
    names, output = Names.of(published.registry, language()), form(json, csv)
    if output == "table" or not past_years:
        _print(found, names, output)
    if past_years or (output == "table" and found.months and [bool(o.forecast.past) for o in found.found] == [True]):
        _print_past(found, names, output)
    if output == "table":
        _tell(found, names)
    _remarks(found)


SHARES = ("so_far", "forecast", "forecast_low", "forecast_high", "open_low", "open_high")


def _print(found: Outlooks, names: Names, output: Form) -> None:
    plain = output != "table"
    over = any(one.actual for one in found.found)
    columns = [*_keys(found, plain), *(Column(name, right=True) for name in SHARES)]
    columns += [Column("actual", right=True)] * (plain or over)
    columns += [Column("aim", right=True), Column("rest_needed", right=True), Column("past_used", right=True)]
    if plain:
        columns += [Column(name) for name in PLAIN]
    show(columns, [_row(found, one, names, plain) for one in found.found], output)


PLAIN = (
    "currency", "state", "months", "green_so_far", "eligible_so_far", "green_forecast", "eligible_forecast",
    "rest_state", "rest_expected", "chance",
)  # fmt: skip
"""What JSON and CSV have besides; amounts in smallest units, rounded."""


def _keys(found: Outlooks, plain: bool) -> list[Column]:
    money = [] if plain or len({one.currency for one in found.found}) < 2 else [Column("currency")]
    codes = [Column(f"{name}_code") for name in found.asked.by] if plain else []
    return [*(Column(name) for name in found.asked.by), *codes, *money]


def _named(found: Outlooks, one: Outlook, names: Names) -> dict[str, Any]:
    pairs = list(zip(found.asked.by, one.key, strict=True))
    shown = {name: names.show(name, key) for name, key in pairs}
    return {**shown, **{f"{name}_code": key for name, key in pairs}, "currency": one.currency}


def _row(found: Outlooks, one: Outlook, names: Names, plain: bool) -> dict[str, Any]:
    made = one.forecast
    shares = (made.so_far.value, made.share, made.low, made.high, made.open_low, made.open_high)
    row = {
        **_named(found, one, names),
        **{name: _percent(share, one) for name, share in zip(SHARES, shares, strict=True)},
        "actual": _percent(one.actual.value, one) if one.actual else None,
        "aim": None if one.aim is None else str(round_half_away(one.aim, 2)),
        "rest_needed": _rest(one.needed, plain),
        "past_used": len(made.used),
    }
    return {**row, **_amounts(one)} if plain else row


def _percent(share: Fraction | None, one: Outlook) -> str | None:
    if one.not_known:
        return say("word.definition_not_known")
    return None if share is None else str(percent(share))


def _rest(needed: Needed | None, plain: bool) -> str | None:
    """Return the share that the rest of the year needs; in a table in words where it is none."""
    if needed is None:
        return None
    return str(percent(needed.share)) if plain or needed.state == "needed" else say(f"forecast.rest.{needed.state}")


def _amounts(one: Outlook) -> dict[str, Any]:
    made, needed = one.forecast, one.needed
    return {
        "state": made.state,
        "months": made.months,
        "green_so_far": made.so_far.green,
        "eligible_so_far": made.so_far.denominator,
        "green_forecast": None if made.green is None else int(round_half_away(made.green, 0)),
        "eligible_forecast": None if made.total is None else int(round_half_away(made.total, 0)),
        "rest_state": needed.state if needed else None,
        "rest_expected": str(percent(needed.expected)) if needed else None,
        "chance": str(percent(made.chance)) if made.chance is not None else None,
    }


PAST = ("share_then", "share_year", "reached", "green_factor", "rest_factor", "carried")


def _print_past(found: Outlooks, names: Names, output: Form) -> None:
    """Print how each past year went on after the same months."""
    plain = output != "table"
    rows = [
        {**_named(found, one, names), **_past_row(one.forecast, past, plain)}
        for one in found.found
        for past in one.forecast.past
    ]
    title = say("forecast.past_title", months=found.months)
    columns = [Column("year"), *(Column(name, right=True) for name in PAST), Column("left_out")]
    show([*_keys(found, plain), *columns], rows, output, title="" if plain else title)


def _past_row(made: Forecast, past: PastYear, plain: bool) -> dict[str, Any]:
    used = past.reason is None
    rest = made.so_far.denominator - made.so_far.green
    numbers = {
        "share_then": past.to_date.value,
        "share_year": past.whole.value,
        "reached": _part(past.to_date, past.whole),
        "carried": past.carried(made.so_far.green, rest) if used else None,
    }
    factors = {"green_factor": past.green, "rest_factor": past.rest}
    return {
        "year": str(past.year),
        **{name: None if share is None else str(percent(share)) for name, share in numbers.items()},
        **{name: None if one is None or not used else str(round_half_away(one, 4)) for name, one in factors.items()},
        "left_out": past.reason if plain or used else say(f"past_reason.{past.reason}"),
    }


def _part(part: Share, whole: Share) -> Fraction | None:
    return Fraction(part.denominator, whole.denominator) if whole.denominator > 0 else None


def _tell(found: Outlooks, names: Names) -> None:
    """Say how the forecast was made and what it is worth."""
    if found.months:
        tell("forecast.months", year=found.asked.year, months=found.months)
    if any(one.forecast.used for one in found.found):
        tell("forecast.method")
    for one in found.found if len(found.found) == 1 else ():
        _tell_one(one, found)
    currencies = {one.currency for one in found.found}
    scope = names.show("organisation", found.asked.organisation) if found.asked.organisation else None
    item = names.show("item", found.asked.item) if found.asked.item else None
    tell_grounds(found.answer, currencies, ", ".join(part for part in (scope or say("word.all"), item) if part))


def _tell_one(one: Outlook, found: Outlooks) -> None:
    made = one.forecast
    if made.chance is not None:
        tell("forecast.chance", years=len(made.used), chance=percent(made.chance, 0))
    needed, aim = one.needed, one.aim
    if needed is None or aim is None or made.share is None:
        if made.state in ("forecast", "no_interval"):
            tell("forecast.no_target", year=found.asked.year)
        return
    tell(
        f"forecast.{needed.state}",
        aim=round_half_away(aim, 2),
        share=percent(needed.share),
        expected=percent(needed.expected),
        amount=written(int(round_half_away(needed.total, 0)), one.currency),
        currency=one.currency,
    )


def _remarks(found: Outlooks) -> None:
    """Say what there is too little of."""
    warn(found.answer)
    states = [one.forecast.state for one in found.found if not one.not_known]
    if not found.months:
        note("forecast.nothing", year=found.asked.year)
    elif not found.found and not found.empty:
        note("forecast.nothing_such", year=found.asked.year)
    elif empty := states.count("no_data") + found.empty:
        note("forecast.no_data", count=empty)
    if "no_past" in states:
        note("forecast.no_past", count=states.count("no_past"))
    if "no_interval" in states:
        note("forecast.no_interval", count=states.count("no_interval"), enough=ENOUGH)
    if "over" in states and found.asked.through is None:
        note("forecast.over", year=found.asked.year)
    if found.without and found.months:
        months = "–".join(str(month) for month in sorted({found.without[0], found.without[-1]}))
        note("forecast.without", months=months, year=found.asked.year)
    reasons = sorted({(past.year, past.reason) for one in found.found for past in one.forecast.past if past.reason})
    if reasons and len(found.found) > 1:
        note("forecast.left_out", years=", ".join(str(year) for year in sorted({year for year, _ in reasons})))
