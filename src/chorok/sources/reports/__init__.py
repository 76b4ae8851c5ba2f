"""Published reports read as data: `read` takes text, Markdown, TOML, JSON or a workbook."""

from __future__ import annotations

import json
import tempfile
import tomllib
from dataclasses import fields
from pathlib import Path

from chorok.core.checks.report import Report
from chorok.core.errors import BadInputError
from chorok.sources.reports.prose import read_lines
from chorok.sources.reports.structured import report_of
from chorok.sources.reports.workbook import read_workbook
from chorok.sources.tables import BINARY_MARKS, DRM, OLE, PDF, ZIP, must_be_file
from chorok.sources.text import as_utf8, is_wide

_SAYS_NOTHING = ("name", "organisation", "year", "sections", "unread", "status", "as_of", "population")
"""What any text may hold by chance: a heading, a place, a year. A report says more."""


def read(path: Path) -> Report:
    """Return what a published report says, as far as it was understood; `unread` names the rest.

    The content decides what the file is, not its name; only TOML is told by its name. Raises BadInputError:
    missing_file, is_directory, empty_file, report_binary, drm_protected, report_broken, broken_json, report_key,
    report_key_missing, report_value, report_sheets, report_empty, and those of `chorok.sources.text.as_utf8`.
    """
    must_be_file(path)
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if not head.strip():
        raise BadInputError("empty_file", file=path.name)
    if any(mark in head[:512] for mark in DRM):
        raise BadInputError("drm_protected", file=path.name)
    if head.startswith((ZIP, OLE)):
        return read_workbook(path)
    if head.startswith((PDF, *BINARY_MARKS)) or _is_binary(head):
        raise BadInputError("report_binary", file=path.name)
    return _written(path, _text(path))


def _is_binary(head: bytes) -> bool:
    odd = sum(byte < 9 or 13 < byte < 27 for byte in head)
    return odd * 50 > len(head) and not is_wide(head)


def _text(path: Path) -> str:
    with tempfile.TemporaryDirectory(prefix="chorok-") as work:
        return as_utf8(path, Path(work)).path.read_text(encoding="utf-8-sig")


def _written(path: Path, text: str) -> Report:
    if text.lstrip()[:1] == "{":
        return report_of(_json(path.name, text), path.name)
    if path.suffix.lower() == ".toml":
        return report_of(_toml(path.name, text), path.name)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = read_lines(path.name, [(str(number), line) for number, line in enumerate(lines, 1)])
    if not any(getattr(found, field.name) for field in fields(found) if field.name not in _SAYS_NOTHING):
        raise BadInputError("report_empty", file=path.name)
    return found


def _json(file: str, text: str) -> dict[str, object]:
    """Parse JSON, keeping the decimals of numbers as written."""
    try:
        data = json.loads(text, parse_float=str, object_pairs_hook=lambda pairs: _once(file, pairs))
    except json.JSONDecodeError as error:
        raise BadInputError("broken_json", file=file, line=error.lineno, reason=error.msg) from None
    if not isinstance(data, dict):
        raise BadInputError("report_empty", file=file)
    return data


def _once(file: str, pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the pairs as a table. A key given twice would lose a value in silence."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise BadInputError("report_key_twice", file=file, key=key)
        found[key] = value
    return found


def _toml(file: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise BadInputError("report_broken", file=file, reason=str(error)) from None
