"""The chain of events: written with its change, whole, and never to be changed unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import GENESIS, Event
from chorok.site.audit.services import examined, record, verify

pytestmark = pytest.mark.django_db


def test_an_event_is_the_next_of_the_chain_and_anybody_can_compute_its_hash(
    site_ledger: Ledger, actor: Callable[..., Actor]
) -> None:
    who = actor("officer", "CITY")
    first = record(None, "system.woke")
    second = record(who, "목표.정함", subject=("target", 7), organisation="CITY", value=12, text='"가\\나"')
    assert (first.seq, first.previous) == (1, GENESIS)
    assert (second.seq, second.previous, second.actor_id, second.via) == (2, first.hash, who.user_id, "page")
    by_hand = {
        **{name: getattr(second, name) for name in ("seq", "actor_id", "on_behalf", "via", "action", "previous")},
        **{name: getattr(second, name) for name in ("subject_kind", "subject_id", "organisation")},
        "at": second.at.isoformat(timespec="microseconds"),
        "facts": {"text": '"가\\나"', "value": 12},
    }
    text = json.dumps(by_hand, sort_keys=True, separators=(",", ":"))
    assert second.hash == hashlib.sha256(text.encode()).hexdigest()
    assert verify() == []
