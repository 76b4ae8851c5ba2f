"""Events as CSV and JSON, sent while they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse

from chorok.site.audit import chain
from chorok.site.audit.models import Event
from chorok.site.config import downloads

FORMS = ("csv", "json")
CHUNK = 2_000


def sent(events: QuerySet[Event], form: str) -> HttpResponseBase:
    """Return the answer that sends events in a form."""
    rows = (_plain(row) for row in events.values_list(*chain.FIELDS).iterator(chunk_size=CHUNK))
    if form == "csv":
        return downloads.long_sheet("chorok-audit", form, chain.FIELDS, rows)
    headers = {"Content-Disposition": 'attachment; filename="chorok-audit.json"'}
    return StreamingHttpResponse(_json(rows), content_type="application/json", headers=headers)


def _plain(row: Iterable[Any]) -> list[Any]:
    return [
        value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
        for value in row
    ]


def _json(rows: Iterable[list[Any]]) -> Iterator[str]:
    before = "["
    for row in rows:
        event = dict(zip(chain.FIELDS, row, strict=True))
        yield before + "\n" + json.dumps({**event, "facts": json.loads(event["facts"])}, ensure_ascii=False)
        before = ","
    yield ("[" if before == "[" else "") + "\n]\n"
