"""Puts the actor on each request, ends idle sessions, and refuses views that do not say which right they need."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from chorok.site.accounts.rights import actor_of, rights_of
from chorok.site.config import ledger

TRUSTED = ("allauth.account.", "allauth.mfa.", "django.contrib.staticfiles.", "django.views.")
"""Modules whose views guard themselves."""

SEEN = "seen_at"
BEGAN = "began_at"


class ActorMiddleware:
    """Knows who asks."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request that knows who asks."""
        _end_when_due(request)
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Refuse a view that does not say who may see it: forgetting to say so must not open it."""
        if rights_of(view) is None and not view.__module__.startswith(TRUSTED):
            raise PermissionDenied("undeclared")


def _actor(request: HttpRequest) -> Any:
    user_id = request.user.pk if request.user.is_authenticated else None
    return actor_of(user_id, ledger.ledger().today, ledger.tree())


def _end_when_due(request: HttpRequest) -> None:
    """Sign out 12 h after sign-in, and after 3 h without a request."""
    if not request.user.is_authenticated:
        return
    now = int(time.time())
    began = request.session.setdefault(BEGAN, now)
    seen = request.session.get(SEEN, now)
    if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE:
        logout(request)
    elif now - seen >= 60 or SEEN not in request.session:
        request.session[SEEN] = now
