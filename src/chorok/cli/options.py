"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from chorok.cli import attached
from chorok.cli.speech import Form, note, say
from chorok.core.errors import UsageError
from chorok.ledger.store import Ledger

DEFAULT_LEDGER = "chorok-ledger"

LedgerOption = Annotated[
    Path,
    typer.Option("--ledger", "-l", envvar="CHOROK_LEDGER", callback=attached.watch, help=say("help.option.ledger")),
]
LanguageOption = Annotated[str | None, typer.Option("--lang", help=say("help.option.lang"))]
JsonOption = Annotated[bool, typer.Option("--json", help=say("help.option.json"))]
CsvOption = Annotated[bool, typer.Option("--csv", help=say("help.option.csv"))]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help=say("help.option.as_of"))]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help=say("help.option.quiet"))]
DefinitionOption = Annotated[str, typer.Option("--definition", help=say("help.option.definition"))]


def form(json: bool, csv: bool) -> Form:
    """Return the form of output that was asked for. Raises UsageError when it was both."""
    if json and csv:
        raise UsageError("json_and_csv")
    return "json" if json else "csv" if csv else "table"


def default_ledger() -> Path:
    """Return the ledger that commands use when none is named."""
    return Path(os.environ.get("CHOROK_LEDGER", DEFAULT_LEDGER))


def open_ledger(path: Path) -> Ledger:
    """Open the ledger at a path; one with invented purchases is called so. Raises LedgerError when there is none."""
    ledger = Ledger.open(path)
    if ledger.synthetic:
        note("word.synthetic", day=ledger.synthetic)
    return ledger
