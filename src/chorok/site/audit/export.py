"""Events as CSV and JSON, sent while they are read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from chorok.publications import sheets
from chorok.site.audit import chain
from chorok.site.audit.models import Event

FORMS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
CHUNK = 2_000


class _Echo:
    """A file that gives back what is written, for the csv module."""

    def write(self, text: str) -> str:
        return text


def sent(events: QuerySet[Event], form: str) -> StreamingHttpResponse:
    """Return the answer that sends events in a form."""
    rows = (_plain(row) for row in events.values_list(*chain.FIELDS).iterator(chunk_size=CHUNK))
    pieces = _csv(rows) if form == "csv" else _json(rows)
    headers = {"Content-Disposition": f'attachment; filename="chorok-audit.{form}"'}
    return StreamingHttpResponse(pieces, content_type=FORMS[form], headers=headers)


def _plain(row: Iterable[Any]) -> list[Any]:
    return [
        value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
        for value in row
    ]


def _csv(rows: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(chain.FIELDS)
    for row in rows:
        yield writer.writerow([sheets.safe(value) for value in row])


def _json(rows: Iterable[list[Any]]) -> Iterator[str]:
    before = "["
    for row in rows:
        event = dict(zip(chain.FIELDS, row, strict=True))
        yield before + "\n" + json.dumps({**event, "facts": json.loads(event["facts"])}, ensure_ascii=False)
        before = ","
    yield ("[" if before == "[" else "") + "\n]\n"
