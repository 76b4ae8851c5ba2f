"""The language of this run, and how things are said: sentences, tables, JSON, CSV, progress."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from chorok import wording
from chorok.cli import tables
from chorok.publications import sheets
from chorok.wording import Language

Form = Literal["table", "json", "csv"]


@dataclass
class _Speech:
    language: Language = "en"


_SPEECH = _Speech()


def choose_language(arguments: Sequence[str]) -> Language:
    """Set the language from `--lang ko`, else from CHOROK_LANG or the locale."""
    wish = None
    for place, word in enumerate(arguments):
        if word == "--lang" and place + 1 < len(arguments):
            wish = arguments[place + 1]
        elif word.startswith("--lang="):
            wish = word.removeprefix("--lang=")
    _SPEECH.language = wording.language_of(wish)
    return _SPEECH.language


def language() -> Language:
    """Return the language of this run."""
    return _SPEECH.language


def say(code: str, /, **params: object) -> str:
    """Return a sentence in the language of this run."""
    return wording.say(code, language(), **params)


def named(row: Any, prefix: str = "name_") -> str:
    """Return the name of a row or object that has `name_ko` and `name_en`, in the language of this run."""
    read = row.get if isinstance(row, dict) else lambda key: getattr(row, key)
    return str(read(prefix + language()) or read(prefix + "ko") or read(prefix + "en") or "")


def out() -> Console:
    """Return the console of results: as wide as the terminal, or wide enough for a table in a file or pipe."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


PIPED_WIDTH = 160


def err() -> Console:
    """Return the console of progress, notes and errors."""
    return Console(stderr=True, highlight=False)


def tell(code: str, /, **params: object) -> None:
    """Print a sentence as part of the result."""
    out().print(say(code, **params), markup=False)


def note(code: str, /, **params: object) -> None:
    """Print a remark beside the result, on standard error."""
    err().print(say(code, **params), markup=False, style="dim")


@dataclass(frozen=True)
class Column:
    """A column of a result: its key in JSON and CSV, how it is headed (`column.<key>`), where it stands."""

    key: str
    right: bool = False


def show(columns: Sequence[Column], rows: Sequence[dict[str, Any]], form: Form, *, title: str = "") -> None:
    """Print rows as a table, as JSON (a list of objects) or as CSV."""
    if form == "json":
        print(json.dumps(list(rows), ensure_ascii=False, indent=1, default=str))  # noqa: T201 - the result itself
    elif form == "csv":
        sys.stdout.write(as_csv(columns, rows))
    else:
        _table(columns, rows, title)


def as_csv(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as CSV with the columns' keys as header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.key for column in columns])
    writer.writerows([_safe(row.get(column.key)) for column in columns] for row in rows)
    return buffer.getvalue()


def _safe(value: Any) -> Any:
    """A number written as text is no formula; all else is as in files."""
    return value if isinstance(value, str) and _numeric(value) else sheets.safe(value)


def _numeric(text: str) -> bool:
    return text.lstrip("+-").replace(",", "").replace(".", "", 1).isdigit()


def _table(columns: Sequence[Column], rows: Sequence[dict[str, Any]], title: str) -> None:
    heads = [say(f"column.{column.key}") for column in columns]
    cells = [[_cell(row.get(column.key)) for column in columns] for row in rows]
    tables.show(tables.Sheet(heads, [column.right for column in columns], cells, title), out())


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


Told = Callable[[str, int, int], None]


class Telling:
    """Progress on standard error: a bar on a terminal, one line a step elsewhere, nothing when quiet."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=err(),
            transient=True,
        )
        self.task = self.bar.add_task("", total=None)
        self.step = ""

    def __enter__(self) -> Telling:
        if not self.quiet and err().is_terminal:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Tell how far a step is; `step` is worded as `step.<code>`."""
        if self.quiet:
            return
        said = say(f"step.{step}") if wording.knows(f"step.{step}", language()) else step
        if self.bar.live.is_started:
            self.bar.update(self.task, description=said, completed=done, total=total if total > 1 else None)
        elif step != self.step:
            err().print(f"· {said}", style="dim")
        self.step = step
