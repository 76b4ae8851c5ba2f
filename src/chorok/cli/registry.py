"""`chorok certificates`, `organisations`, `labels`: the registry that purchases are matched against."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from chorok.cli.groups import group
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
from chorok.cli.registry_site import has_site, through_site
from chorok.cli.speech import Column, Telling, language, named, note, say, show, tell
from chorok.core.organisations import Tree
from chorok.ledger import publishing, purchases
from chorok.ledger.registry import Change, Registry
from chorok.ledger.store import Ledger
from chorok.sources import certificates as lists
from chorok.sources.certificates import RegistryFile
from chorok.sources.tables import must_be_file

FileArgument = Annotated[Path, typer.Argument(help=say("help.option.list_file"), show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    certificates = group("certificates")
    certificates.command("import", help=say("help.certificates_import"))(import_list)
    certificates.command("list", help=say("help.certificates_list"))(list_certificates)
    app.add_typer(certificates, name="certificates")
    organisations = group("organisations")
    organisations.command("import", help=say("help.organisations_import"))(import_list)
    organisations.command("list", help=say("help.organisations_list"))(list_organisations)
    app.add_typer(organisations, name="organisations")
    app.command("labels", help=say("help.labels"))(list_labels)


CHANGES = (
    Column("table"),
    Column("added", right=True),
    Column("removed", right=True),
    Column("changed", right=True),
    Column("unchanged", right=True),
)
REJECTS = (Column("row", right=True), Column("column"), Column("value"), Column("reason"), Column("remedy"))
MOST_REJECTS_SHOWN = 20


def import_list(
    file: FileArgument,
    ledger: LedgerOption = default_ledger(),
    source: Annotated[str | None, typer.Option("--source", help=say("help.option.list_source"))] = None,
    read_on: Annotated[
        datetime | None, typer.Option("--read-on", formats=["%Y-%m-%d"], help=say("help.option.read_on"))
    ] = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    quiet: QuietOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take a list into the registry and match again."""
    must_be_file(file)
    opened = Ledger.create(ledger)
    day = read_on.date() if read_on else opened.today
    with Telling(quiet=quiet) as told, tempfile.TemporaryDirectory() as work:
        told("reading", 0, 1)
        read = lists.read(file, Path(work), source=source, read_on=day)
        post = through_site if has_site(opened.path) else _post
        changes = post(opened, read, told)
    output = form(json, csv)
    rows = [_change_row(change) for change in changes]
    show(CHANGES, rows, output)
    if output == "table":
        _remarks(file, read)


def _post(opened: Ledger, read: RegistryFile, told: publishing.Told) -> tuple[Change, ...]:
    with opened.writing():
        publishing.reconcile(opened, told=told)
        changes = lists.post(opened.path, read)
        if any(change.written for change in changes) and purchases.files(opened):
            publishing.publish(opened, "certificates", read.source, told=told)
    return changes


def _change_row(change: Change) -> dict[str, Any]:
    numbers = {name: getattr(change, name) for name in ("added", "removed", "changed", "unchanged")}
    return {"table": say(f"registry_table.{change.table}"), **numbers}


def _remarks(file: Path, read: RegistryFile) -> None:
    account = read.account
    tell(
        "certificates.account",
        file=file.name,
        kind=say(f"list_kind.{read.kind}"),
        source=read.source,
        received=f"{account.received:,}",
        accepted=f"{account.accepted:,}",
        rejected=f"{account.rejected:,}",
    )
    for code, params in account.notes:
        tell("import.note", table=file.name, note=say(f"registry_note.{code}", **params))
    if account.rejected:
        rows = [_reject_row(row) for row in account.rejects.slice(0, MOST_REJECTS_SHOWN).to_pylist()]
        show(REJECTS, rows, "table", title=say("certificates.rejects", shown=len(rows), all=account.rejected))


def _reject_row(row: dict[str, Any]) -> dict[str, Any]:
    reason = row["reason"]
    return {**row, "reason": say(f"registry_reject.{reason}"), "remedy": say(f"registry_remedy.{reason}")}


CERTIFICATES = (
    Column("certificate_no"),
    Column("basis"),
    Column("item"),
    Column("product_name"),
    Column("model"),
    Column("product_id"),
    Column("supplier_name"),
    Column("valid_from"),
    Column("valid_until"),
    Column("status"),
    Column("revoked_on"),
)


def list_certificates(
    words: Annotated[list[str] | None, typer.Argument(help=say("help.option.words"), show_default=False)] = None,
    ledger: LedgerOption = default_ledger(),
    limit: Annotated[int, typer.Option("--limit", min=1, help=say("help.option.limit"))] = 20,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Look certified products up by number, model, product or maker."""
    from chorok.ledger.lookup import search

    opened = open_ledger(ledger)
    registry = Registry.open(opened.path)
    wanted, there = " ".join(words or ()), registry.certificates().num_rows
    found = search(opened, registry, wanted, limit)
    groups = {row["code"]: named(row) for row in registry.item_groups().to_pylist()}
    rows = [
        {**row, "item": groups.get(row["item_group"]), "basis": say(f"basis.{row['basis']}") if row["basis"] else None}
        for row in found
    ]
    show(CERTIFICATES, rows, form(json, csv))
    if not there:
        note("certificates.empty")
    elif not rows:
        note("certificates.none", words=wanted)
    elif not words and there > len(rows):
        note("certificates.some", shown=len(rows), all=f"{there:,}")


ORGANISATIONS = (Column("code"), Column("name"), Column("kind"), Column("parent"), Column("since"), Column("until"))


def list_organisations(
    ledger: LedgerOption = default_ledger(),
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the organisations of the tree, and what is wrong with it."""
    table = Registry.open(open_ledger(ledger).path).table("organisations").to_pylist()
    rows = [
        {
            **row,
            "name": named(row),
            "kind": say(f"organisation_kind.{row['kind']}"),
            "since": row["valid_from"],
            "until": row["valid_until"],
        }
        for row in sorted(table, key=lambda row: (row["code"], str(row["valid_from"] or "")))
    ]
    show(ORGANISATIONS, rows, form(json, csv))
    for problem in Tree.of(table).check():
        note(f"organisation.{problem.code}", **problem.params)
    if not rows:
        note("organisations.none")


LABELS = (Column("label"), Column("basis"), Column("seen", right=True), Column("source"))


def list_labels(
    ledger: LedgerOption = default_ledger(),
    unseen: Annotated[bool, typer.Option("--unknown", help=say("help.option.unknown"))] = False,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List certification labels and what they stand for."""
    table = Registry.open(open_ledger(ledger).path).labels().to_pylist()
    rows = [
        {
            "label": row["label"],
            "basis": say(f"basis.{row['basis']}") if row["basis"] else None,
            "seen": row["seen"],
            "source": row["first_source"],
        }
        for row in table
        if not (unseen and row["basis"])
    ]
    show(LABELS, rows, form(json, csv))
    if any(row["basis"] is None for row in rows):
        note("labels.unknown", language=language())
