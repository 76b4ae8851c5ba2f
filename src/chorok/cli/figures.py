"""`chorok share`, `lines`, `doubles`, `export`, `snapshots`: figures, and what adds up to them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from chorok.cli.closed import tell_final
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
from chorok.cli.speech import Column, Form, language, note, say, show, tell
from chorok.core import periods
from chorok.core.errors import UsageError
from chorok.core.measures.share import BASES
from chorok.core.money import percent, written
from chorok.ledger import doubles, drilldown, figures, quantities, snapshots
from chorok.ledger.engines import Engine, open_engine
from chorok.ledger.figures import DIMENSIONS, Answer, Figure, Question, Standing
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.publications import exports

ByOption = Annotated[str, typer.Option("--by", "-b", help=say("help.option.by", known=", ".join(DIMENSIONS)))]
BasisOption = Annotated[str, typer.Option("--basis", help=say("help.option.basis", known=", ".join(BASES)))]
PeriodOption = Annotated[str | None, typer.Option("--period", help=say("help.option.period"))]
ScopeOption = Annotated[str | None, typer.Option("--organisation", "-o", help=say("help.option.scope"))]
TreeOption = Annotated[str, typer.Option("--tree", help=say("help.option.tree"))]
EngineOption = Annotated[str, typer.Option("--engine", envvar="CHOROK_ENGINE", help=say("help.option.engine"))]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command("share", help=say("help.share"))(share)
    app.command("lines", help=say("help.lines"))(lines)
    app.command("doubles", help=say("help.doubles"))(list_doubles)
    app.command("export", help=say("help.export"))(export)
    app.command("snapshots", help=say("help.snapshots"))(list_snapshots)


def _question(
    by: str, basis: str, definition: str, period: str | None, organisation: str | None, tree: str
) -> Question:
    names = tuple(name.strip() for name in by.split(",") if name.strip())
    stretch = periods.parse(period) if period else None
    return Question(names, basis, definition, stretch, organisation, _standing(tree))


def _standing(tree: str) -> Standing:
    if tree not in get_args(Standing):
        raise UsageError("tree_unknown", tree=tree)
    return "now" if tree == "now" else "then"


def share(
    ledger: LedgerOption = default_ledger(),
    by: ByOption = "year,city",
    basis: BasisOption = "eligible",
    definition: DefinitionOption = "national",
    period: PeriodOption = None,
    organisation: ScopeOption = None,
    tree: TreeOption = "then",
    as_of: AsOfOption = None,
    quantity: Annotated[bool, typer.Option("--quantity", help=say("help.option.quantity"))] = False,
    engine: EngineOption = "duckdb",
    digits: Annotated[int, typer.Option("--digits", min=0, max=6, help=say("help.option.digits"))] = 2,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Show the green share with its bounds."""
    question = _question(by, basis, definition, period, organisation, tree)
    published = Published.at(open_ledger(ledger), as_of)
    opened = open_engine(engine)
    if quantity:
        _quantities(published, opened, question, form(json, csv))
        return
    answer = figures.answer(published, opened, question)
    print_answer(answer, Names.of(published.registry, language()), form(json, csv), digits)
    tell_final(published, answer)


AMOUNTS = (
    Column("lines", right=True),
    Column("eligible", right=True),
    Column("green", right=True),
    Column("share", right=True),
    Column("low", right=True),
    Column("high", right=True),
    Column("undetermined", right=True),
    Column("unknown", right=True),
)
"""Columns of a share; JSON and CSV give amounts in smallest units as integers."""


def print_answer(answer: Answer, names: Names, output: Form, digits: int = 2) -> None:
    """Print figures, and under a table what each of them rests on."""
    currencies = {figure.currency for figure in answer.figures}
    keys = tuple(Column(name) for name in answer.question.by)
    codes = (
        tuple(Column(f"{name}_code") for name in answer.question.by if name in names.coded) if output != "table" else ()
    )
    money = (Column("currency"),) if output != "table" or len(currencies) > 1 else ()
    rows = [answer_row(answer, figure, names, digits, plain=output != "table") for figure in answer.figures]
    for code in answer.without_data:
        place = {name: names.show(name, code) if name == "city" else None for name in answer.question.by}
        rows.append({**place, **({"city_code": code} if output != "table" else {}), "share": say("word.no_data")})
    show((*keys, *codes, *money, *AMOUNTS), rows, output)
    if output == "table":
        tell_grounds(answer, currencies)
    warn(answer)


def answer_row(answer: Answer, figure: Figure, names: Names, digits: int, *, plain: bool) -> dict[str, Any]:
    """Return one figure as a row. `plain`: amounts as integers, shares without a percent sign, codes beside names."""
    share_of = figure.amounts.share(answer.question.basis)
    known = figure.amounts.not_known == 0
    row: dict[str, Any] = {}
    for name, key in zip(answer.question.by, figure.keys, strict=True):
        row[name] = names.show(name, key)
        row[f"{name}_code"] = key
    money = {
        "eligible": share_of.denominator,
        "green": share_of.green,
        "undetermined": share_of.undetermined,
        "unknown": share_of.unknown,
    }
    shares = {"share": share_of.value, "low": share_of.low, "high": share_of.high}
    shown = {name: _percent(value, digits, known) for name, value in shares.items()}
    if plain:
        row |= {name: int(value) for name, value in money.items()}
    else:
        row |= {name: written(value, figure.currency) for name, value in money.items()}
    return {**row, "currency": figure.currency, "lines": figure.amounts.lines, **shown}


def _percent(value: Fraction | None, digits: int, known: bool) -> str | None:
    if not known:
        return say("word.definition_not_known")
    rounded = percent(value, digits)
    return say("word.not_defined") if rounded is None else str(rounded)


def warn(answer: Answer) -> None:
    """Say beside figures what does not fit them: places not in the tree, provisional lines, mixed taxes, no data."""
    if answer.unplaced:
        listed = ", ".join(name or "–" for name in sorted(answer.unplaced, key=lambda n: -answer.unplaced[n])[:5])
        note("share.unplaced", count=len(answer.unplaced), amount=f"{sum(answer.unplaced.values()):,}", first=listed)
    if answer.provisional:
        note("share.provisional", lines=f"{answer.provisional:,}")
    if len(answer.vat) > 1:
        note("share.vat", said=", ".join(say(f"vat.{one}") for one in answer.vat))
    materials = sum(figure.amounts.materials_unknown for figure in answer.figures)
    if materials:
        note("share.materials", amount=f"{materials:,}")
    if answer.without_data:
        note("share.without_data", count=len(answer.without_data))


def _quantities(published: Published, engine: Engine, question: Question, output: Form) -> None:
    names = Names.of(published.registry, language())
    rows = quantities.answer(published, engine, question)
    keys = tuple(Column(name) for name in question.by)
    wanted = (
        Column("unit"),
        Column("lines", right=True),
        Column("quantity", right=True),
        Column("green_quantity", right=True),
    )
    shown = [{**row, **{name: names.show(name, row[name]) for name in question.by}} for row in rows]
    show((*keys, *wanted, Column("without_quantity", right=True)), shown, output)
    if output == "table":
        tell("share.units")


LINES = (
    Column("line"),
    Column("bought_on"),
    Column("organisation"),
    Column("description"),
    Column("supplier_name"),
    Column("amount", right=True),
    Column("currency"),
    Column("state"),
    Column("item"),
    Column("product"),
)


def lines(
    ledger: LedgerOption = default_ledger(),
    definition: DefinitionOption = "national",
    period: PeriodOption = None,
    organisation: ScopeOption = None,
    tree: TreeOption = "then",
    item: Annotated[str | None, typer.Option("--item", help=say("help.option.item"))] = None,
    state: Annotated[str | None, typer.Option("--state", help=say("help.option.state"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help=say("help.option.limit"))] = 50,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the lines behind a figure."""
    published = Published.at(open_ledger(ledger), as_of)
    names = Names.of(published.registry, language())
    wanted = drilldown.Wanted(
        periods.parse(period) if period else None, organisation, item, state, definition, _standing(tree)
    )
    found = drilldown.lines(published, wanted, limit)
    rows = [
        {
            **row,
            "line": f"L{row['line_id']}",
            "product": f"P{row['product_key']}",
            "organisation": names.show("organisation", row["organisation"]),
            "item": names.show("item", row["item_group"]),
            "amount": written(row["amount"], row["currency"]) if not (json or csv) else row["amount"],
            "state": say(f"state_of.{row['state']}") if not (json or csv) else row["state"],
        }
        for row in found.rows
    ]
    show(LINES, rows, form(json, csv))
    if not (json or csv):
        tell("lines.sum", shown=f"{len(found.rows):,}", lines=f"{found.lines:,}", amount=f"{found.amount:,}")
    elif len(found.rows) < found.lines:
        note("lines.sum", shown=f"{len(found.rows):,}", lines=f"{found.lines:,}", amount=f"{found.amount:,}")


DOUBLES = (
    Column("amount", right=True),
    Column("organisation"),
    Column("supplier_name"),
    Column("source"),
    Column("bought_on"),
    Column("other_source"),
    Column("other_bought_on"),
    Column("description"),
    Column("line"),
    Column("other_line"),
)


def list_doubles(
    ledger: LedgerOption = default_ledger(),
    days: Annotated[int, typer.Option("--days", min=0, max=366, help=say("help.option.days"))] = doubles.DAYS,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List purchases that seem to be in two sources."""
    opened = open_ledger(ledger)
    found = doubles.suspected(opened, days=days)
    rows = [{**row, "line": f"L{row['line_id']}", "other_line": str(row["other_line_id"])} for row in found.rows]
    show(DOUBLES, rows, form(json, csv))
    if not (json or csv):
        tell("doubles.sum", pairs=f"{found.pairs:,}", amount=f"{found.amount:,}")


def export(
    file: Annotated[Path, typer.Argument(help=say("help.option.export_file"), show_default=False)],
    kind: Annotated[str, typer.Option("--as", help=say("help.option.export_as"))] = "keiti",
    ledger: LedgerOption = default_ledger(),
    by: ByOption = "year,organisation,item",
    period: PeriodOption = None,
    organisation: ScopeOption = None,
    definition: DefinitionOption = "national",
    tree: TreeOption = "then",
    as_of: AsOfOption = None,
    lang: LanguageOption = None,
) -> None:
    """Write figures or lines to a file."""
    published = Published.at(open_ledger(ledger), as_of)
    wanted = drilldown.Wanted(
        periods.parse(period) if period else None, organisation, None, None, definition, _standing(tree)
    )
    rows = exports.write(published, kind, file, wanted, by, language())
    tell("export.done", file=file, rows=f"{rows:,}", snapshot=published.snapshot.number)


SNAPSHOTS = (Column("snapshot", right=True), Column("published_at"), Column("action"), Column("subject"))


def list_snapshots(
    ledger: LedgerOption = default_ledger(),
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the published states of the ledger."""
    rows = [
        {
            "snapshot": snapshot.number,
            "published_at": snapshot.published_at,
            "action": say(f"action.{snapshot.action}"),
            "subject": snapshot.subject[:24],
        }
        for snapshot in snapshots.every(open_ledger(ledger))
    ]
    show(SNAPSHOTS, rows, form(json, csv))
