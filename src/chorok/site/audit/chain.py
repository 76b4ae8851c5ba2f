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


def digest(seq: int, at: datetime, *fields: Any) -> str:
    """Return the SHA-256 of an event, in hex; the fields as in FIELDS, without the last."""
    return sealed(seq, at.astimezone(UTC).isoformat(timespec="microseconds"), *fields)


def moment(kept: str) -> str:
    """Return the time of an event as it is hashed, from the text that a database keeps or shows of it, in UTC.

    SQLite keeps `2020-11-02 09:00:00.000001`, PostgreSQL shows `2020-11-02 09:00:00.000001+00`; zeros at the end may
    be missing. Raises ValueError for what is no time written so.
    """
    if kept[10:11] != " ":
        raise ValueError(kept)
    if kept[20:26].isdigit() and kept[26:] in {"", "+00"} and len(kept) >= _ON_SQLITE:
        return f"{kept[:10]}T{kept[11:_ON_SQLITE]}+00:00"
    read = datetime.fromisoformat(kept)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="microseconds")


_ON_SQLITE = len("2020-11-02 09:00:00.000001")


def sealed(
    seq: int,
    at: str,
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
    """Return the SHA-256 of an event, its time as `moment` gives it.

    The text is what `json.dumps(event, sort_keys=True, separators=(",", ":"))` writes; it is put together by hand
    because a million of them are verified in seconds.
    """
    text = (
        f'{{"action":{quoted(action)},"actor_id":{"null" if actor_id is None else actor_id},"at":"{at}",'
        f'"facts":{facts},"on_behalf":{"null" if on_behalf is None else on_behalf},'
        f'"organisation":{quoted(organisation)},"previous":"{previous}","seq":{seq},'
        f'"subject_id":{quoted(subject_id)},"subject_kind":{quoted(subject_kind)},"via":{quoted(via)}}}'
    )
    return hashlib.sha256(text.encode()).hexdigest()
