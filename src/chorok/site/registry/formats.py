"""The formats of lists that the registry reads, as a page shows them, and a preview in words."""

from __future__ import annotations

from typing import Any

from chorok import wording
from chorok.core.errors import ChorokError
from chorok.site.config import language
from chorok.site.config.language import say
from chorok.site.registry.models import ListFile
from chorok.sources import known_lists
from chorok.sources.known_lists import ListFormat

PLAIN = "template_"


def known() -> list[tuple[str, str]]:
    """Return (title, needed headers) of the lists that public sites offer."""
    return [(title(one), _needed(one)) for one in _sorted() if not one.name.startswith(PLAIN)]


def templates() -> list[tuple[str, str, str]]:
    """Return (name, title, needed headers) of the plain templates that people fill in."""
    return [(one.name, title(one), _needed(one)) for one in _sorted() if one.name.startswith(PLAIN)]


def header(name: str) -> list[str] | None:
    """Return the headers of a plain template; None for another name."""
    found = next((one for one in known_lists.known() if one.name == name and name.startswith(PLAIN)), None)
    return [*found.columns, *found.label_columns] if found else None


def title(form: ListFormat) -> str:
    """Return the title of a format in the request's language."""
    return form.title_en if language.current() == "en" else form.title_ko


def preview(file: ListFile) -> dict[str, Any]:
    """Return what a page shows of a list that was read: its kind, reasons and notes in words, rows as they came out."""
    account = file.account
    return {
        **account,
        "error": _error(file),
        "kind": say(f"list_kind.{file.kind}") if file.kind else "",
        "rejects": [_reject(row) for row in account.get("rejects", [])],
        "notes": [say(f"registry_note.{code}", **params) for code, params in account.get("notes", [])],
        "samples": [_sample(name, rows) for name, rows in account.get("samples", {}).items()],
        "nothing": not any(one["added"] or one["removed"] or one["changed"] for one in account.get("changes", [])),
    }


def _error(file: ListFile) -> str:
    if not file.error:
        return ""
    return wording.say_error(ChorokError(file.error, **file.error_params), language.current())


def _reject(row: dict[str, Any]) -> dict[str, Any]:
    reason = row["reason"]
    return {**row, "reason": say(f"registry_reject.{reason}"), "remedy": say(f"registry_remedy.{reason}")}


def _sample(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns = [column for column in rows[0] if any(row[column] not in (None, [], "") for row in rows)]
    return {"table": name, "columns": columns, "rows": [[_cell(row[column]) for column in columns] for row in rows]}


def _cell(value: Any) -> str:
    return "-" if value is None else ", ".join(value) if isinstance(value, list) else str(value)


def _needed(form: ListFormat) -> str:
    return ", ".join(wanted if isinstance(wanted, str) else " / ".join(wanted) for wanted in form.requires)


def _sorted() -> list[ListFormat]:
    return sorted(known_lists.known(), key=lambda one: one.name)
