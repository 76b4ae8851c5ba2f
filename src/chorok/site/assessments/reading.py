"""Bills of materials as people have them: a spreadsheet of any layout that purchases have, or pasted text."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from chorok.core.errors import BadInputError, UsageError
from chorok.core.matching import typed
from chorok.site.assessments.models import Material
from chorok.sources import requests

LARGEST = 20 * 1024**2
"""Bytes of a file; 20,000 lines of a bill are about a tenth of it."""
FIELDS = (
    "description", "specification", "product_id", "class_code", "detail_code", "item_hint", "supplier_no",
    "supplier_name", "furnished", "no_goods", "quantity", "unit", "amount", "currency",
)  # fmt: skip
"""The fields of a material that people fill in."""
_LONGEST: dict[str, int] = {
    one.name: one.max_length for one in Material._meta.concrete_fields if one.name in FIELDS and one.max_length
}
_MOST = 10**15
"""Quantities and amounts beyond it are slips of the keyboard."""


@dataclass(frozen=True)
class Bill:
    """The lines of a bill, where they come from, and what of the file was left aside or not read."""

    lines: tuple[dict[str, Any], ...]
    source: str = ""
    aside: int = 0
    unread: tuple[tuple[str, BadInputError], ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


def of_file(sent: UploadedFile[Any], answers: Mapping[str, str] | None = None) -> Bill:
    """Read a file that was sent. Raises BadInputError, NeedsAnswerError as `sources.requests.read` does; UsageError."""
    if (sent.size or 0) > LARGEST:
        raise UsageError("assessment_file_large", most=LARGEST // 1024**2)
    name = PurePath(sent.name or "").name[-150:] or "bill"
    return _read(name, b"".join(sent.chunks()), name, answers)


def of_text(text: str) -> Bill:
    """Read pasted text: a table where cells are parted by tabs, else one material a line.

    Raises BadInputError assessment_empty where nothing is written, and for a table as `of_file` does.
    """
    rows = [row for row in text.splitlines() if row.strip()]
    if not rows:
        raise BadInputError("assessment_empty")
    if "\t" in rows[0]:
        try:
            return _read("pasted.tsv", "\n".join(rows).encode(), "")
        except BadInputError as error:
            if error.code not in _NO_HEADING:
                raise
    return Bill(tuple(checked(_typed(row), number) for number, row in enumerate(rows, 1)))


_NO_HEADING = ("request_no_product_column", "no_rows", "no_header", "no_amount_column", "no_table", "empty_file")
"""What is said of a table whose first row is no heading: its cells are read one by one instead."""


def _typed(row: str) -> dict[str, Any]:
    cells = row.split("\t")
    one = typed.unlabelled(cells) if len(cells) > 1 else typed.line(row)
    read = {name: getattr(one, name) for name in FIELDS if hasattr(one, name)}
    return read if any((one.description, one.product_id, one.detail_code)) else {**read, "description": one.text}


def _read(name: str, content: bytes, source: str, answers: Mapping[str, str] | None = None) -> Bill:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        work = Path(folder) / "read"
        work.mkdir()
        found = requests.read(file, work, answers)
    lines = [{name: getattr(one, name) for name in FIELDS} for one in found.lines]
    kept = tuple(checked(one, number) for number, one in enumerate(lines, 1))
    return Bill(kept, source, found.aside, found.unread, found.columns)


def checked(line: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a line as it can be kept, nothing cut. Raises BadInputError assessment_line_long, assessment_number."""
    kept: dict[str, Any] = {}
    for name in FIELDS:
        value = line.get(name)
        if name in _LONGEST:
            value = value or ("KRW" if name == "currency" else "")
            if len(value) > _LONGEST[name]:
                raise BadInputError("assessment_line_long", line=number, field=name, most=_LONGEST[name])
        elif name in ("quantity", "amount") and value is not None and abs(value) >= _MOST:
            raise BadInputError("assessment_number", line=number, value=value)
        elif name in ("furnished", "no_goods"):
            value = bool(value)
        kept[name] = value
    return kept


def lines_of(materials: Iterable[Material]) -> Bill:
    """Return materials that are kept as a bill."""
    return Bill(tuple({name: getattr(one, name) for name in FIELDS} for one in materials))
