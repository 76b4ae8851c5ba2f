"""What an event's hash is taken over: canonical JSON of all its fields and of the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path
from typing import Any
from uuid import UUID

FIELDS = (
    "seq",
    "at",
    "actor_id",
    "on_behalf",
    "via",
    "action",
    "subject_kind",
    "subject_id",
    "organisation",
    "facts",
    "previous",
    "hash",
)
"""The fields of an event, as `digest` takes them; the last is what it gives."""


def written(facts: Mapping[str, Any]) -> str:
    """Return facts as canonical JSON: keys sorted, no blanks, ASCII. Raises TypeError for what JSON cannot hold."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, (date, UUID, Path)):
        return str(value)
    raise TypeError(f"an event cannot hold a {type(value).__name__}")


def digest(
    seq: int,
    at: datetime,
    actor_id: int | None,
    on_behalf: int | None,
    via: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    organisation: str,
    facts: str,
    previous: str,
) -> str:
    """Return the SHA-256 of an event, in hex.

    The text is what `json.dumps(event, sort_keys=True, separators=(",", ":"))` writes; it is put together by hand
    because a million of them are verified in seconds.
    """
    moment = (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")
    text = (
        f'{{"action":{quoted(action)},"actor_id":{"null" if actor_id is None else actor_id},"at":"{moment}",'
        f'"facts":{facts},"on_behalf":{"null" if on_behalf is None else on_behalf},'
        f'"organisation":{quoted(organisation)},"previous":"{previous}","seq":{seq},'
        f'"subject_id":{quoted(subject_id)},"subject_kind":{quoted(subject_kind)},"via":{quoted(via)}}}'
    )
    return hashlib.sha256(text.encode()).hexdigest()
