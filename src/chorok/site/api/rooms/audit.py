"""The head of the audit: what a second place keeps, so that nothing can be taken out of the chain unnoticed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from ninja import Schema

from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import Room
from chorok.site.audit import heads
from chorok.site.audit.models import Event
from chorok.site.audit.selectors import RIGHT
from chorok.site.audit.services import record

room = Room(tags=["audit"])


class HeadOut(Schema):
    """The newest event's place in the chain."""

    site: str
    seq: int
    hash: str
    at: datetime | None


@room.answers("GET", "/audit/head", RIGHT, of=HeadOut)
def audit_head(request: AskingRequest) -> dict[str, Any]:
    """Return the newest event's number and hash; that it was read is an event itself, as on the page."""
    now = heads.current()
    event = Event.objects.filter(seq=now.seq).first()
    with transaction.atomic():
        record(request.actor, "audit.head_exported", subject=("event", now.seq), hash=now.hash)
    return {"site": str(now.site), "seq": now.seq, "hash": now.hash, "at": event.at if event else None}
