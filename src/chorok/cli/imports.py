"""`chorok import`, `map`, `batches`, `withdraw`: purchase files in, and out again."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from chorok.cli.options import (
    CsvOption,
    JsonOption,
    LanguageOption,
    LedgerOption,
    QuietOption,
    default_ledger,
    form,
    open_ledger,
)
from chorok.cli.speech import Column, Form, Telling, language, note, say, show, tell
from chorok.core.errors import LedgerError, UsageError
from chorok.core.money import written
from chorok.ledger import batches, doubles, publishing
from chorok.ledger.batches import Account, Batch, Tally
from chorok.ledger.store import Ledger
from chorok.sources import intake, profiles
from chorok.sources.intake import Intake, Wish
from chorok.sources.tables import must_be_file
from chorok.sources.understanding import FIELDS, RawTable, Understanding
from chorok.wording import knows

FileArgument = Annotated[Path, typer.Argument(help=say("help.option.file"), show_default=False)]
ColumnOption = Annotated[list[str], typer.Option("--column", "-c", help=say("help.option.column"))]
ProfileOption = Annotated[Path | None, typer.Option("--profile", "-p", help=say("help.option.profile"))]
SourceOption = Annotated[str | None, typer.Option("--source", help=say("help.option.source"))]
OrganisationOption = Annotated[str | None, typer.Option("--organisation", "-o", help=say("help.option.within"))]
CurrencyOption = Annotated[str | None, typer.Option("--currency", help=say("help.option.currency"))]
PasswordOption = Annotated[
    str | None, typer.Option("--password", envvar="CHOROK_PASSWORD", help=say("help.option.password"))
]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command("import", help=say("help.import"))(take_in)
    app.command("map", help=say("help.map"))(map_file)
    app.command("batches", help=say("help.batches"))(list_batches)
    app.command("withdraw", help=say("help.withdraw"))(withdraw)


def _wish(
    column: list[str],
    profile: Path | None,
    source: str | None,
    organisation: str | None,
    currency: str | None,
    password: str | None,
) -> Wish:
    answers = answers_of(column)
    if organisation:
        answers["organisation"] = organisation
    if currency:
        answers["currency"] = currency
    return Wish(source, profiles.load(profile) if profile else None, answers, password, language=language())


def answers_of(column: Sequence[str]) -> dict[str, str]:
    """Read FIELD=COLUMN options. Raises UsageError column_option."""
    answers: dict[str, str] = {}
    for given in column:
        field, equals, name = given.partition("=")
        if not equals:
            raise UsageError("column_option", given=given, fields=", ".join(FIELDS))
        answers[field.strip()] = name.strip()
    return answers


def take_in(
    file: FileArgument,
    ledger: LedgerOption = default_ledger(),
    column: ColumnOption = [],  # noqa: B006 - typer copies it
    profile: ProfileOption = None,
    source: SourceOption = None,
    organisation: OrganisationOption = None,
    currency: CurrencyOption = None,
    password: PasswordOption = None,
    replace: Annotated[bool, typer.Option("--replace", help=say("help.option.replace"))] = False,
    add: Annotated[bool, typer.Option("--add", help=say("help.option.add"))] = False,
    json: JsonOption = False,
    csv: CsvOption = False,
    quiet: QuietOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take a purchase file into the ledger."""
    if replace and add:
        raise UsageError("replace_and_add")
    wish = _wish(column, profile, source, organisation, currency, password)
    wish = Wish(**{**wish.__dict__, "overlap": "replace" if replace else "add" if add else "ask"})
    must_be_file(file)
    with Telling(quiet=quiet) as told:
        done = intake.take_in(Ledger.create(ledger), file, wish, told=told)
    print_intake(open_ledger(ledger), done, form(json, csv))


def print_intake(ledger: Ledger, done: Intake, output: Form) -> None:
    """Print the account of an import: lines in = accepted + rejected, sums too, and why each was rejected."""
    batch = done.batch
    if output == "table":
        if done.already:
            tell("import.already", file=batch.file, batch=batch.id[:12], snapshot=batch.snapshot)
        else:
            tell("import.posted", file=batch.file, source=batch.source, batch=batch.id[:12], snapshot=batch.snapshot)
    show(ACCOUNT, account_rows(batch.total(), batch.currency), output)
    if output == "table":
        _remarks(ledger, done)


ACCOUNT = (Column("what"), Column("lines", right=True), Column("amount", right=True), Column("reason"))


def account_rows(account: Account, currency: str) -> list[dict[str, Any]]:
    """Return the rows of an account."""
    rows = [
        _account_row("received", account.received, currency),
        _account_row("accepted", account.accepted, currency),
        _account_row("rejected", account.refused, currency),
    ]
    for reason, tally in sorted(account.rejected.items()):
        rows.append({**_account_row("of_which", tally, currency), "reason": say(f"reject.{reason}.reason")})
    for kind, count in sorted(account.aside.items()):
        rows.append({"what": say("account.aside"), "lines": count, "amount": None, "reason": say(f"aside.{kind}")})
    return rows


def _account_row(what: str, tally: Tally, currency: str) -> dict[str, Any]:
    return {
        "what": say(f"account.{what}"),
        "lines": tally.lines,
        "amount": written(tally.amount, currency),
        "reason": "",
    }


def _remarks(ledger: Ledger, done: Intake) -> None:
    for account in done.batch.accounts:
        for code, params in account.notes:
            tell("import.note", table=account.table, note=_worded(code, params))
    for name, error in done.unread:
        note("import.unread", table=name, why=say(f"error.{error.code}", **error.params))
    if done.replaced:
        lines, amount = sum(s.lines for s in done.replaced), sum(s.amount for s in done.replaced)
        tell("import.replaced", lines=f"{lines:,}", amount=written(amount, done.batch.currency))
    for file in done.rejects:
        tell("import.rejects", file=file)
    if not done.already:
        found = doubles.suspected(ledger, done.batch)
        if found.pairs:
            tell("import.doubles", pairs=f"{found.pairs:,}", amount=written(found.amount, done.batch.currency))


def _worded(code: str, params: dict[str, str]) -> str:
    key = code if knows(code, language()) else f"note.{code}"
    return say(key, **{name: _in_words(name, value) for name, value in params.items()})


def _in_words(name: str, value: str) -> str:
    """Return what a field is called, beside the code that options take; other values as they are."""
    if name in {"field", "kind"} and knows(f"field.{value}", language()):
        return f"{say(f'field.{value}')}({value})"
    return say(f"map.order.{value}") if name == "order" else value


def map_file(
    file: FileArgument,
    column: ColumnOption = [],  # noqa: B006 - typer copies it
    profile: ProfileOption = None,
    organisation: OrganisationOption = None,
    currency: CurrencyOption = None,
    password: PasswordOption = None,
    save: Annotated[Path | None, typer.Option("--save", help=say("help.option.save"))] = None,
    name: Annotated[str | None, typer.Option("--name", help=say("help.option.name"))] = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Show what was understood of a file, and save it as a profile."""
    wish = _wish(column, profile, None, organisation, currency, password)
    with tempfile.TemporaryDirectory() as work:
        understood = intake.understand_file(file, Path(work), wish)
        for table, understanding in understood.tables:
            _print_understanding(table, understanding, form(json, csv))
        for other, error in understood.unread:
            note("import.unread", table=other, why=say(f"error.{error.code}", **error.params))
        if save:
            table, understanding = understood.tables[0]
            profiles.save(understanding, table, save, name or save.stem)
            note("map.saved", file=save, name=name or save.stem)


MAPPING = (Column("column"), Column("field"), Column("meaning"), Column("example"))


def _print_understanding(table: RawTable, understanding: Understanding, output: Form) -> None:
    meant = {column: field for field, column in understanding.columns.items()}
    rows = [
        {
            "column": column,
            "field": meant.get(column),
            "meaning": say(f"field.{meant[column]}") if column in meant else say("map.dropped"),
            "example": next((row[place] for row in table.sample if place < len(row) and row[place]), ""),
        }
        for place, column in enumerate(table.columns)
    ]
    show(MAPPING, rows, output, title=table.name)
    if output != "table":
        return
    tell(
        "map.read",
        encoding=table.encoding,
        currency=understanding.currency,
        multiplier=f"{understanding.multiplier:,}",
        order=say(f"map.order.{understanding.date_order}"),
        evidence=say(f"map.evidence.{understanding.date_order_evidence}"),
        kind=say(f"kind.{understanding.kind}"),
        changes=say(f"map.changes.{understanding.change_orders}"),
    )
    for code, params in understanding.notes:
        tell("import.note", table=table.name, note=_worded(code, params))


BATCHES = (
    Column("batch"),
    Column("state"),
    Column("snapshot", right=True),
    Column("source"),
    Column("file"),
    Column("lines", right=True),
    Column("amount", right=True),
    Column("rejected", right=True),
)


def list_batches(
    ledger: LedgerOption = default_ledger(),
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the files that were imported."""
    rows = [_batch_row(batch) for batch in batches.every(open_ledger(ledger))]
    show(BATCHES, rows, form(json, csv))


def _batch_row(batch: Batch) -> dict[str, Any]:
    total = batch.total()
    return {
        "batch": batch.id[:12],
        "state": say(f"state.{batch.state}"),
        "snapshot": batch.snapshot,
        "source": batch.source,
        "file": batch.file,
        "lines": total.accepted.lines,
        "amount": written(total.accepted.amount, batch.currency),
        "rejected": total.refused.lines,
    }


def withdraw(
    batch: Annotated[str, typer.Argument(help=say("help.option.batch"), show_default=False)],
    ledger: LedgerOption = default_ledger(),
    quiet: QuietOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take a batch's lines out of the ledger again."""
    opened = open_ledger(ledger)
    with Telling(quiet=quiet) as told, opened.writing():
        publishing.reconcile(opened, told=told)
        found = batches.load(opened, batch)
        if found is None or found.state != "posted":
            raise LedgerError("batch_unknown", batch=batch)
        done = publishing.withdraw(opened, found, told=told)
    tell(
        "withdraw.done",
        file=done.file,
        batch=done.id[:12],
        lines=f"{done.total().accepted.lines:,}",
        snapshot=done.snapshot,
    )
