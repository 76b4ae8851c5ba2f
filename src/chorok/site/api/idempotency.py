"""Writes with an `Idempotency-Key`: carried out once, answered the same again.

The key is kept in the transaction of what it stands for: both are there or neither. Of two calls with one key at the
same time the second waits for the first (SQLite: for its transaction; PostgreSQL: for its row) and gets its answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from chorok.site.accounts.rights import Actor
from chorok.site.api.models import IdempotentCall
from chorok.site.api.refusals import RefusedError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(hours=24)
FORM = re.compile(r"[\x21-\x7e]{8,200}")
HEADERS = ("Content-Type", "Content-Language", "Location")


class _UndoneError(Exception):
    """Carries an answer that did nothing out of the transaction, so that its key is free again."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


def once(
    request: HttpRequest, actor: Actor, body_hash: str, carry_out: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Carry a write out, or give the answer it was given before. Raises RefusedError for a key used for another."""
    key = request.headers.get(HEADER)
    if key is None:
        return carry_out()
    if not FORM.fullmatch(key):
        raise RefusedError("key_bad")
    call = f"{request.method} {request.path}"[:300]
    asked = _hash(f"{call}?{request.META.get('QUERY_STRING', '')}\n{body_hash}")
    try:
        return _first(actor.person, _hash(key), call, asked, carry_out)
    except _KnownError:
        known = _again(actor.person, _hash(key), asked)
        return once(request, actor, body_hash, carry_out) if known is None else known  # it ran out just now
    except _UndoneError as undone:
        return undone.response


class _KnownError(Exception):
    """The key is in use."""


def _first(person: int, key: str, call: str, asked: str, carry_out: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    with transaction.atomic():
        IdempotentCall.objects.filter(expires_at__lte=timezone.now()).delete()
        until = timezone.now() + KEPT
        try:
            with transaction.atomic():
                kept = IdempotentCall.objects.create(
                    actor_id=person, key_hash=key, call=call, request_hash=asked, expires_at=until
                )
        except IntegrityError:
            raise _KnownError from None
        response = carry_out()
        if not 200 <= response.status_code < 300 or not isinstance(response, HttpResponse):
            raise _UndoneError(response)
        kept.status, kept.response = response.status_code, response.content.decode()
        kept.headers = {name: response[name] for name in HEADERS if name in response}
        kept.save(update_fields=["status", "response", "headers"])
        return response


def _again(person: int, key: str, asked: str) -> HttpResponse | None:
    kept = IdempotentCall.objects.filter(actor_id=person, key_hash=key).first()
    if kept is None:
        return None
    if kept.request_hash != asked:
        raise RefusedError("key_reused")
    return HttpResponse(kept.response, status=kept.status, headers={**kept.headers, REPLAYED: "true"})


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
