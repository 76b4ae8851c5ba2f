"""Who calls: the holder of a token, or whoever is signed in; how often; and whether a page of ours sent it."""

from __future__ import annotations

import hashlib
import math
import time
from typing import Any, Literal

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from chorok.site.accounts.rights import Actor, AskingRequest, requires_second_factor
from chorok.site.accounts.services import actor_of_token
from chorok.site.api import counting
from chorok.site.api.refusals import RefusedError
from chorok.site.config import ledger

CHALLENGE = {"WWW-Authenticate": "Bearer"}
SAFE = ("GET", "HEAD", "OPTIONS")
Pool = Literal["calls", "screenings"]
"""What is counted apart: a system that asks before every approval asks often, and each question is a small one."""


def recognised(request: AskingRequest) -> Actor:
    """Return who calls, and put it on the request. Raises RefusedError not_signed_in, token_bad, csrf, second_factor.

    A token goes before a session: a program that sends one means it.
    """
    scheme, _, raw = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        actor = _held(raw.strip()) if scheme.lower() == "bearer" else None
        if actor is None:
            raise RefusedError("token_bad", CHALLENGE)
        request.actor = actor
        return actor
    if request.actor.user_id is None:
        raise RefusedError("not_signed_in", CHALLENGE)
    if request.method not in SAFE and _Csrf(_nothing).refuses(request):
        raise RefusedError("csrf")
    if requires_second_factor(request.actor) and not is_mfa_enabled(request.user):
        raise RefusedError("second_factor")
    return request.actor


HELD = 2.0
"""Seconds for which a process takes a token for what it was: one that is revoked is refused everywhere after that.

A system that asks hundreds of times a second would else have its roles read as often.
"""
KEPT = 1_000
_known: dict[str, tuple[float, Actor]] = {}


def _held(raw: str) -> Actor | None:
    """Return whom a token acts for, looked up again when that was some time ago, or the ledger is another since."""
    key, now = hashlib.sha256(raw.encode()).hexdigest(), time.monotonic()
    until, actor = _known.get(key, (0.0, None))
    if actor is not None and now < until and actor.tree is ledger.tree() and actor.today == ledger.ledger().today:
        return actor
    actor = actor_of_token(raw)
    if len(_known) >= KEPT:
        _known.clear()
    _known.pop(key, None)
    if actor is not None:
        _known[key] = now + HELD, actor
    return actor


def counted(request: HttpRequest, actor: Actor, pool: Pool = "calls", by: int = 1) -> dict[str, str]:
    """Count a call, or `by` of a pool; return the headers that say how many are left. Raises RefusedError too_many."""
    most = settings.API_SCREENINGS_A_MINUTE if pool == "screenings" else settings.API_CALLS_A_MINUTE
    calls = counting.count(f"{pool}:{_caller(request, actor)}", most, by)
    headers = {"RateLimit-Limit": str(most), "RateLimit-Remaining": str(max(most - calls, 0))}
    if calls > most:
        wait = str(math.ceil(counting.left()))
        raise RefusedError("too_many", {**headers, "Retry-After": wait}, limit=most, seconds=int(wait))
    return headers


def _caller(request: HttpRequest, actor: Actor) -> str:
    """Return what calls are counted by: each token by itself, a signed-in person as one."""
    if actor.via != "token":
        return f"user:{actor.user_id}"
    return hashlib.sha256(request.headers["Authorization"].partition(" ")[2].strip().encode()).hexdigest()


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class _Csrf(CsrfViewMiddleware):
    """Django's check, asked for by hand: the views are exempt because a token needs none."""

    def refuses(self, request: HttpRequest) -> bool:
        """Tell whether a write does not come from a page of this site."""
        self.process_request(request)
        return self.process_view(request, _nothing, (), {}) is not None

    def _reject(self, _request: HttpRequest, reason: str) -> Any:
        return HttpResponse(reason)
