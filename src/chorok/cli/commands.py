"""All commands, put together, and the way errors end them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from chorok import __version__
from chorok.cli import (
    attached,
    calendar,
    checks,
    core_items,
    drivers,
    figures,
    forecast,
    imports,
    network,
    periods,
    reconcile,
    replay,
    scorecard,
    screening,
    targets,
    usage,
)
from chorok.cli import audit as audit_room
from chorok.cli import demo as demo_room
from chorok.cli import products as products_room
from chorok.cli import registry as registry_room
from chorok.cli import site as site_room
from chorok.cli.options import LanguageOption
from chorok.cli.speech import err, language, say
from chorok.core.errors import ChorokError, LedgerError
from chorok.wording import say_error

EXIT_UNEXPECTED = 70
"""Exit code of a fault of the program itself (EX_SOFTWARE of sysexits.h)."""

usage.speak()
app = typer.Typer(
    name="chorok",
    help=say("help.chorok"),
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
ROOMS: tuple[Any, ...] = (
    demo_room,
    imports,
    products_room,
    figures,
    targets,
    core_items,
    drivers,
    network,
    scorecard,
    forecast,
    replay,
    screening,
    calendar,
    periods,
    reconcile,
    checks,
    registry_room,
    site_room,
    audit_room,
)
for room in ROOMS:
    room.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"chorok {__version__}")  # noqa: T201 - the result itself
        raise typer.Exit


@app.callback()
def root(
    lang: LanguageOption = None,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help=say("help.option.version")),
) -> None:
    """Choose the language before anything else is said."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; return 0, or the exit code of what went wrong (docs/formats.md)."""
    try:
        result = app(args=_language_first(arguments), standalone_mode=False, prog_name="chorok")
    except typer.Exit as ended:
        return ended.exit_code
    except (KeyboardInterrupt, typer.Abort):
        err().print(say("word.interrupted"), markup=False)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        return _explained(error)
    finally:
        attached.tell_site(arguments)
    return int(result) if isinstance(result, int) else 0


def _explained(error: Exception) -> int:
    """Say an error in one sentence and return its exit code. With CHOROK_DEBUG a fault is raised again."""
    if isinstance(error, usage.Mistake):
        err().print(usage.said(error), markup=False, style="red")
        return int(error.exit_code)
    if isinstance(error, ChorokError):
        return _told(error)
    if os.environ.get("CHOROK_DEBUG"):
        raise error
    if isinstance(error, OSError) and error.filename:
        return _told(LedgerError("system_refused", path=error.filename, why=error.strerror))
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    err().print(say("word.unexpected", what=what), markup=False, style="red")
    return EXIT_UNEXPECTED


def _told(error: ChorokError) -> int:
    err().print(f"{say('word.error')}: {say_error(error, language())}", markup=False, style="red")
    return error.exit_code


def _language_first(arguments: Sequence[str]) -> list[str]:
    """Let `--lang ko` stand anywhere, also behind the command."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--lang":
            front += [word, next(words, "")]
        elif word.startswith("--lang="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest
