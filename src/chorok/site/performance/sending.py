"""Tables and lines as files: CSV in UTF-8 with BOM, and XLSX. Lines that leave are an event (rules 5)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from chorok.core.errors import UsageError
from chorok.ledger import drilldown
from chorok.publications import sheets
from chorok.site.audit.services import record
from chorok.site.performance.lines import Narrowed
from chorok.site.performance.shown import Table

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table(found: Table, name: str, form: str) -> HttpResponseBase:
    """Send a table as a file."""
    return _sent([column.head for column in found.columns], found.lines, name, form)


def lines(narrowed: Narrowed, form: str) -> HttpResponseBase:
    """Send all lines of a question as a file, row by row, and record that they left."""
    if form not in FORMS:
        raise UsageError("ending_unknown", file=form, known=", ".join(FORMS))
    scope = narrowed.scope
    with transaction.atomic():
        record(
            scope.actor,
            "lines.downloaded",
            subject=("snapshot", scope.published.snapshot.number),
            organisation=scope.organisation,
            period=scope.written,
            form=form,
            narrowed=sorted(narrowed.given),
        )
    name = f"lines-{scope.organisation}-{scope.written}"
    return _sent(drilldown.SHOWN, _rows(narrowed), name, form)


def _rows(narrowed: Narrowed) -> Iterator[Sequence[Any]]:
    for batch in drilldown.batches_of(narrowed.scope.published, narrowed.wanted):
        yield from (tuple(row.values()) for row in batch.to_pylist())


def _sent(header: Sequence[str], rows: Iterable[Sequence[Any]], name: str, form: str) -> HttpResponseBase:
    if form == "csv":
        response: HttpResponseBase = StreamingHttpResponse(sheets.csv_parts(header, rows), content_type=FORMS[form])
    elif form == "xlsx":
        handle = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - gone when the response is sent
        sheets.write_xlsx(Path(handle.name), header, rows)
        response = FileResponse(handle, content_type=FORMS[form])
    else:
        raise UsageError("ending_unknown", file=form, known=", ".join(FORMS))
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.{form}')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
