"""`chorok audit ...`: is the site's chain of events whole? Django starts only in these commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chorok.cli.options import CsvOption, JsonOption, LanguageOption, LedgerOption, default_ledger, form, open_ledger
from chorok.cli.site import SiteOption
from chorok.cli.speech import Column, language, note, say, show, tell
from chorok.core.errors import LedgerError, UsageError
from chorok.wording import knows

if TYPE_CHECKING:
    from chorok.site.audit.verifying import Finding, Report

HeadOption = Annotated[list[Path] | None, typer.Option("--head", help=say("help.option.head"))]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    room = typer.Typer(help=say("help.audit"), no_args_is_help=True, rich_markup_mode=None)
    room.command("verify", help=say("help.audit_verify"))(verify)
    room.command("head", help=say("help.audit_head"))(head)
    app.add_typer(room, name="audit")


def ready(ledger: Path, site: Path | None) -> None:
    """Start Django with the site that the ledger is attached to, unless another folder is named."""
    from chorok.site.config import attach, setup

    there = attach.found(ledger)
    setup.ready(ledger, site or (there.folder if there else None))
    from django.conf import settings
    from django.db import connection

    kept = connection.vendor == "sqlite"
    if there and there.database and kept:
        raise UsageError("site_database_unnamed", database=there.database)
    if (kept and not Path(settings.DATABASES["default"]["NAME"]).exists()) or not _has_events(connection):
        raise LedgerError("site_not_begun", ledger=ledger, folder=settings.SITE_FOLDER)


def _has_events(connection: Any) -> bool:
    return "audit_event" in connection.introspection.table_names()


FINDINGS = (Column("finding_kind"), Column("finding_code"), Column("finding_said"))


def verify(
    head: HeadOption = None,
    ledger: LedgerOption = default_ledger(),
    site: SiteOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Walk along the chain and say what is wrong with it; end with 1 when something is."""
    output = form(json, csv)
    open_ledger(ledger)
    ready(ledger, site)
    from chorok.site.audit import heads
    from chorok.site.audit.services import examined

    kept = [heads.read(_text(file), str(file)) for file in head or ()]
    report = examined(kept)
    rows = [_row("problem", one) for one in report.problems] + [_row("remark", one) for one in report.remarks]
    if rows or output != "table":
        show(FINDINGS, rows, output)
    _sum_up(report, len(kept), tell if output == "table" else note)
    if report.problems:
        raise typer.Exit(1)


def _text(file: Path) -> str:
    if not file.is_file():
        raise UsageError("missing_file", file=file)
    return file.read_text(encoding="utf-8", errors="replace")


def _row(kind: str, one: Finding) -> dict[str, Any]:
    action = f"action.{one.params.get('action')}"
    params = {**one.params, "action": say(action)} if knows(action, language()) else one.params
    said = say(f"audit.finding.{one.code}", **params)
    return {"finding_kind": say(f"audit.kind.{kind}"), "finding_code": one.code, "finding_said": said}


def _sum_up(report: Report, heads: int, speak: Callable[..., None]) -> None:
    if not report.events:
        speak("audit.empty")
    elif report.problems:
        speak("audit.broken", count=f"{report.events:,}", faults=len(report.problems))
    else:
        speak("audit.whole", count=f"{report.events:,}", hash=report.hash)
        if heads:
            speak("audit.heads_held", count=heads)


def head(ledger: LedgerOption = default_ledger(), site: SiteOption = None, lang: LanguageOption = None) -> None:
    """Print the newest event's place and hash."""
    open_ledger(ledger)
    ready(ledger, site)
    from chorok.site.audit import heads

    print(heads.written(heads.current()), end="")  # noqa: T201 - the result itself
