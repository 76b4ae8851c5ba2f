"""`chorok serve`, `work`, `admin`, `doctor`, `backup`, `restore`: running the site. Only they start Django."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from chorok.cli.options import JsonOption, LanguageOption, LedgerOption, QuietOption, default_ledger
from chorok.cli.speech import Column, Telling, language, note, say, show, tell
from chorok.core.errors import UsageError
from chorok.ledger.store import Ledger
from chorok.wording import say_error

SiteOption = Annotated[Path | None, typer.Option("--site", envvar="CHOROK_SITE", help=say("help.option.site"))]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve", help=say("help.serve"))(serve)
    app.command("work", help=say("help.work"))(work)
    app.command("admin", help=say("help.admin"))(admin)
    app.command("doctor", help=say("help.doctor"))(doctor)
    app.command("backup", help=say("help.backup"))(backup)
    app.command("restore", help=say("help.restore"))(restore)


def serve(
    ledger: LedgerOption = default_ledger(),
    site: SiteOption = None,
    host: Annotated[str, typer.Option("--host", help=say("help.option.host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=say("help.option.port"))] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, help=say("help.option.workers"))] = 2,
    threads: Annotated[int, typer.Option("--threads", min=1, help=say("help.option.threads"))] = 4,
    jobs: Annotated[bool, typer.Option("--jobs/--no-jobs", help=say("help.option.jobs"))] = True,
    lang: LanguageOption = None,
) -> None:
    """Start web server and background worker, and say where the site is."""
    from chorok.site import server

    note("serve.preparing")
    made = server.prepare(ledger, site)
    if not server.looks_complete():
        note("serve.plain")
    if made:
        note("serve.people", count=made)

    def started() -> None:
        tell("serve.ready", url=f"http://{host}:{port}/")

    raise typer.Exit(server.serve(host, port, workers=workers, threads=threads, jobs=jobs, started=started))


def work(ledger: LedgerOption = default_ledger(), site: SiteOption = None, lang: LanguageOption = None) -> None:
    """Run the background jobs alone, until stopped."""
    from chorok.site import server

    server.prepare(ledger, site)
    note("serve.working")
    server.work()


def admin(
    email: Annotated[str, typer.Argument(help=say("help.option.email"), show_default=False)],
    name: Annotated[str, typer.Option("--name", help=say("help.option.person"))] = "",
    organisation: Annotated[str | None, typer.Option("--organisation", "-o", help=say("help.option.of_admin"))] = None,
    ledger: LedgerOption = default_ledger(),
    site: SiteOption = None,
    lang: LanguageOption = None,
) -> None:
    """Make an administrator: the way in for the first person. The password is asked for, or read from a pipe."""
    from chorok.site import server

    server.prepare(ledger, site)
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.utils import translation

    from chorok.site.accounts import services

    password = _password()
    try:
        with translation.override(language()):
            validate_password(password)
    except ValidationError as error:
        raise UsageError("password_weak", why=" ".join(error.messages)) from error
    user = services.first_administrator(email, name or email.partition("@")[0], password, organisation=organisation)
    tell("admin.made", email=user.email)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    answer: str = typer.prompt(say("admin.password"), hide_input=True, confirmation_prompt=True)
    return answer


def doctor(
    ledger: LedgerOption = default_ledger(),
    site: SiteOption = None,
    json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Say what is wrong with the installation. Ends with 1 when something is."""
    from chorok.site.config.setup import ready

    ready(ledger, site)
    from chorok.site import doctor as examination

    found = examination.examine()
    rows = [
        {
            "state": say(f"doctor.state.{one.state}"),
            "finding": say(f"doctor.{one.code}", **one.params)
            + (f" {say_error(one.error, language())}" if one.error else ""),
        }
        for one in found
    ]
    show([Column("state"), Column("finding")], rows, "json" if json else "table")
    if examination.worst(found) == "bad":
        raise typer.Exit(1)


def backup(
    file: Annotated[Path, typer.Argument(help=say("help.option.backup_file"), show_default=False)],
    ledger: LedgerOption = default_ledger(),
    site: SiteOption = None,
    quiet: QuietOption = False,
    lang: LanguageOption = None,
) -> None:
    """Write database and ledger into one file."""
    from chorok.site.config.setup import ready

    opened = Ledger.open(ledger)
    ready(ledger, site)
    from django.conf import settings

    from chorok.site import backups

    with Telling(quiet=quiet) as told:
        saved = backups.backup(opened, settings.UPLOADS, settings.DATABASES["default"], file, told)
    tell(
        "backup.made",
        path=saved.path,
        files=f"{saved.files:,}",
        megabytes=f"{saved.size / 1024**2:,.1f}",
        snapshot=saved.snapshot if saved.snapshot is not None else "-",
        sha256=saved.sha256,
    )


def restore(
    file: Annotated[Path, typer.Argument(help=say("help.option.backup_file"), show_default=False)],
    ledger: LedgerOption = default_ledger(),
    site: SiteOption = None,
    quiet: QuietOption = False,
    lang: LanguageOption = None,
) -> None:
    """Put a backup back into empty folders, and check what came."""
    if not file.is_file():
        raise UsageError("missing_file", file=file)
    place = site or Path(os.environ.get("CHOROK_SITE", ledger.resolve().parent / "chorok-site"))
    from chorok.site.config.setup import migrate, ready

    ready(ledger, place)
    from django.conf import settings

    from chorok.site import backups

    with Telling(quiet=quiet) as told:
        snapshot = backups.restore(file, ledger, place, settings.DATABASES["default"], told)
    migrate()
    from chorok.site.audit import services

    problems = services.verify()
    tell("restore.done", ledger=ledger, snapshot=snapshot if snapshot is not None else "-")
    tell("restore.audit_good" if not problems else "restore.audit_bad", count=len(problems))
    if problems:
        raise typer.Exit(1)
