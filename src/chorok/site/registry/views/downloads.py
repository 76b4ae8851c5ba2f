"""Tables as files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest

from chorok.publications import sheets

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def wanted(request: HttpRequest) -> str | None:
    """Return the kind of file that the address asks for with `?file=csv`, if any."""
    kind = request.GET.get("file", "")
    return kind if kind in KINDS else None


def answer(name: str, kind: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """Return rows as a file to be kept; it leaves the disk when it is sent."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.{kind}"
        sheets.write(file, header, rows)
        handle = file.open("rb")
    return FileResponse(handle, as_attachment=True, filename=f"{name}.{kind}", content_type=KINDS[kind])
