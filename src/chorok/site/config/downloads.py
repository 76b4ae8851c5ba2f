"""Files that a page hands out: the one place that knows how they are made and named."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from chorok.publications import sheets

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def wanted(request: HttpRequest) -> str | None:
    """Return the form that the address asks for with `?as=csv`, if any. Raises Http404 for an unknown one."""
    form = request.GET.get("as")
    return known(form) if form else None


def known(form: str) -> str:
    """Return the form of a sheet, csv or xlsx. Raises Http404 for any other."""
    if form not in FORMS:
        raise Http404
    return form


def sheet(name: str, form: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """Return a table as CSV with BOM or XLSX; the file leaves the disk when it is sent. Raises Http404."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"table.{known(form)}"
        sheets.write(file, header, rows)
        handle = file.open("rb")
    return FileResponse(handle, as_attachment=True, filename=f"{name}.{form}", content_type=FORMS[form])


def long_sheet(name: str, form: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """Return a table of any length: CSV is sent while it is read, so rows must not speak. Raises Http404."""
    if known(form) != "csv":
        return sheet(name, form, header, rows)
    headers = {"Content-Disposition": _kept(f"{name}.csv")}
    return StreamingHttpResponse(sheets.csv_parts(header, rows), content_type=FORMS[form], headers=headers)


def text(name: str, content: str, kind: str) -> HttpResponse:
    """Return a text of a content type under a file's whole name."""
    headers = {"Content-Disposition": _kept(name)}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)


def _kept(name: str) -> str:
    return content_disposition_header(True, name) or "attachment"
