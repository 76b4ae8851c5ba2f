"""Puts the actor on each request, ends idle sessions, and refuses views that do not say which right they need."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from chorok.site.accounts.rights import actor_of, requires_second_factor, rights_of
from chorok.site.audit.services import record
from chorok.site.config import ledger
from chorok.site.config.language import say

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

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Refuse a view that does not say who may see it: forgetting to say so must not open it."""
        if view.__module__.startswith(TRUSTED):
            return None
        rights = rights_of(view)
        if rights is None:
            raise PermissionDenied("undeclared")
        if rights and not getattr(view, "answers_itself", False) and _lacks_second_factor(request):
            messages.warning(request, say("site.accounts.second_factor_first"))
            return redirect("mfa_activate_totp")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Note who was refused what."""
        actor = getattr(request, "actor", None)
        if isinstance(error, PermissionDenied) and actor is not None and actor.user_id is not None:
            asked = request.resolver_match.view_name if request.resolver_match else ""
            with transaction.atomic():
                record(actor, "accounts.denied", subject=("route", asked), right=str(error))


def _actor(request: HttpRequest) -> Any:
    user_id = request.user.pk if request.user.is_authenticated else None
    return actor_of(user_id, ledger.ledger().today, ledger.tree())


def _lacks_second_factor(request: HttpRequest) -> bool:
    """Tell whether who asks holds a role that is to have a second factor, and has none."""
    if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
        return False
    return requires_second_factor(request.actor) and not is_mfa_enabled(request.user)  # type: ignore[attr-defined]


def _end_when_due(request: HttpRequest) -> None:
    """Sign out 12 h after sign-in, and after 3 h without a request."""
    if not request.user.is_authenticated:
        return
    now = int(time.time())
    began = request.session.setdefault(BEGAN, now)
    seen = request.session.get(SEEN, now)
    if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE:
        logout(request)
        messages.info(request, say("site.accounts.session_ended"))
    elif now - seen >= 60 or SEEN not in request.session:
        request.session[SEEN] = now
