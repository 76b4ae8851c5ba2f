"""`chorok reconcile`: our figures of a year beside an official file's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from chorok.cli import figures as figures_room
from chorok.cli.figures import ScopeOption
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
from chorok.cli.replay import item_of
from chorok.cli.scopes import scope_of
from chorok.cli.speech import Column, Form, language, note, say, show, tell
from chorok.core.measures import reconciliation
from chorok.core.measures.reconciliation import Difference, Explanation, Official, Reconciliation
from chorok.core.money import percent, written
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.reconciliation import ours
from chorok.ledger.store import Ledger
from chorok.sources import official
from chorok.sources.official import OfficialFile


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reconcile", help=say("help.reconcile"))(reconcile)


def reconcile(
    file: Annotated[Path, typer.Argument(help=say("help.option.official_file"), show_default=False)],
    year: Annotated[int, typer.Option("--year", min=1900, max=2999, help=say("help.option.official_year"))],
    ledger: LedgerOption = default_ledger(),
    organisation: ScopeOption = None,
    definition: DefinitionOption = "national",
    lines: Annotated[str | None, typer.Option("--lines", help=say("help.option.official_lines"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help=say("help.option.limit"))] = 50,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Compare our figures by category with an official file."""
    published = Published.at(Ledger.open(ledger) if lines else open_ledger(ledger), as_of)
    scope = scope_of(published.tree, organisation) if organisation else None
    with tempfile.TemporaryDirectory() as work:
        read = official.read(file, Path(work), year)
    if lines:
        _lines(published, ledger, definition, (year, scope, item_of(published, lines)), limit, as_of, form(json, csv))
        return
    known, context, answer = ours(published, year, scope, definition, read.currency)
    words = reconciliation.dictionary(published.registry.item_groups().to_pylist())
    found = reconciliation.compare(read.rows, known, words, context)
    output, names = form(json, csv), Names.of(published.registry, language())
    rows = [_row(one, names, read.currency, output) for one in found.differences]
    rows += [_unmatched(one, read.currency, output) for one in found.unmatched]
    show(COLUMNS if output == "table" else FULL, rows, output)
    if output == "table":
        _tell_sums(found, read, year)
        tell_grounds(answer, {read.currency})
    _notes(found, read)


def _lines(
    published: Published,
    ledger: Path,
    definition: str,
    which: tuple[int, str | None, str],
    limit: int,
    as_of: str | None,
    output: Form,
) -> None:
    """List the lines of one item group in the year, as `chorok lines` does."""
    year, scope, item = which
    figures_room.lines(
        ledger, definition, str(year), scope, item=item, limit=limit, as_of=as_of or str(published.snapshot.number),
        json=output == "json", csv=output == "csv",
    )  # fmt: skip


COLUMNS = (
    Column("item"),
    Column("category"),
    Column("official_total", right=True),
    Column("ours_total", right=True),
    Column("difference_total", right=True),
    Column("official_green", right=True),
    Column("ours_green", right=True),
    Column("difference_green", right=True),
    Column("explanation"),
)
FULL = (
    Column("item"),
    Column("item_code"),
    Column("category"),
    Column("official_rows"),
    Column("currency"),
    *COLUMNS[2:8],
    Column("ours_undetermined"),
    Column("ours_share"),
    Column("official_share"),
    Column("rate_check"),
    Column("explanation"),
)


def _row(one: Difference, names: Names, currency: str, output: Form) -> dict[str, Any]:
    plain, (total, green) = output != "table", one.official
    share = one.ours.amounts.share()
    money: dict[str, int | None] = {
        "official_total": total if one.rows else None,
        "ours_total": one.ours.total,
        "difference_total": one.total,
        "official_green": green if one.rows else None,
        "ours_green": share.green,
        "difference_green": one.green,
        "ours_undetermined": share.undetermined,
    }
    shown = {name: value if plain or value is None else written(value, currency) for name, value in money.items()}
    reasons = [one_of.code if plain else _why(one_of, currency) for one_of in one.reasons]
    return {
        "item": names.show("item", one.item_group),
        "item_code": one.item_group,
        **shown,
        **_printed(one.rows),
        "currency": currency,
        "ours_share": _percent(share.value),
        "explanation": (";" if plain else "\n").join(reasons) or None,
    }


def _percent(value: Any) -> str:
    rounded = percent(value)
    return say("word.not_defined") if rounded is None else str(rounded)


def _printed(rows: tuple[Official, ...]) -> dict[str, Any]:
    """What the official file says of a category: its names, rows, and the rates it prints."""
    return {
        "category": ", ".join(row.names[0] for row in rows) or None,
        "official_rows": ";".join(str(row.row) for row in rows),
        "official_share": ";".join(row.printed[2] for row in rows if row.printed[2]) or None,
        "rate_check": ";".join(row.rate for row in rows if row.rate) or None,
    }


def _why(reason: Explanation, currency: str) -> str:
    return say(f"reconcile_reason.{reason.code}", amount=written(reason.amount, currency))


def _unmatched(row: Official, currency: str, output: Form) -> dict[str, Any]:
    plain = output != "table"
    return {
        **dict.fromkeys(column.key for column in FULL),
        **_printed((row,)),
        "category": " · ".join(row.names),
        "currency": currency,
        "official_total": row.total if plain else written(row.total, currency),
        "official_green": row.green if plain else written(row.green, currency),
        "explanation": "no_item_group" if plain else say("reconcile_reason.no_item_group"),
    }


def _tell_sums(found: Reconciliation, read: OfficialFile, year: int) -> None:
    total, green = sum(row.total for row in read.rows), sum(row.green for row in read.rows)
    our_total = sum(one.ours.total for one in found.differences)
    our_green = sum(one.ours.amounts.green for one in found.differences)
    equal = sum(1 for one in found.differences if not one.total and not one.green)
    sums = {"official_total": total, "official_green": green, "our_total": our_total, "our_green": our_green}
    said = {name: written(value, read.currency) for name, value in sums.items()}
    tell("reconcile.sums", year=year, currency=read.currency, **said)
    tell("reconcile.counts", equal=equal, different=len(found.differences) - equal, unmatched=len(found.unmatched))
    different = next((one for one in found.differences if one.total or one.green), None)
    if different:
        tell("reconcile.next", item=different.item_group)
    if found.unmatched:
        tell("reconcile.unmatched")


def _notes(found: Reconciliation, read: OfficialFile) -> None:
    for row in read.rows:
        if row.rate in ("possible", "impossible"):
            total, green, rate = row.printed
            note(f"reconcile.rate_{row.rate}", row=row.row, category=row.names[0], rate=rate, total=total, green=green)
    if read.unit_note:
        note("reconcile.unit", note=read.unit_note)
    if read.set_aside:
        note("reconcile.set_aside", rows=read.set_aside)
    for name in read.skipped:
        note("reconcile.skipped", table=name)
    if not found.differences:
        note("reconcile.no_figures")
