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
    if form == "csv":
        return downloads.long_sheet("chorok-audit", form, chain.FIELDS, rows(events))
    headers = {"Content-Disposition": 'attachment; filename="chorok-audit.json"'}
    return StreamingHttpResponse(_json(rows(events)), content_type="application/json", headers=headers)


def rows(events: QuerySet[Event]) -> Iterator[list[Any]]:
    """Yield the fields of events, as `chain.FIELDS` names them; times in UTC, as they are hashed."""
    return (_plain(row) for row in events.values_list(*chain.FIELDS).iterator(chunk_size=CHUNK))


def told(row: Iterable[Any]) -> dict[str, Any]:
    """Return a row with its names, and its facts read."""
    event = dict(zip(chain.FIELDS, row, strict=True))
    return {**event, "facts": json.loads(event["facts"])}


def _plain(row: Iterable[Any]) -> list[Any]:
    return [
        value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
        for value in row
    ]


def _json(found: Iterable[list[Any]]) -> Iterator[str]:
    before = "["
    for row in found:
        yield before + "\n" + json.dumps(told(row), ensure_ascii=False)
        before = ","
    yield ("[" if before == "[" else "") + "\n]\n"
