"""A table as a file that offices open, for download."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse

from chorok.publications import sheets

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(kind: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return a table as CSV with BOM or XLSX. Raises Http404 for another kind."""
    if kind not in KINDS:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"table.{kind}"
        sheets.write(file, header, rows)
        content = file.read_bytes()
    return HttpResponse(
        content,
        content_type=KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )
