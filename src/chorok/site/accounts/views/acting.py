"""What the views of accounts have in common: whoever asks, and a password asked for again before an act."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase

from chorok.site.accounts.models import User
from chorok.site.accounts.rights import AskingRequest
from chorok.site.config.language import say

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def me(request: AskingRequest) -> User:
    """Return the person of a guarded view."""
    assert isinstance(request.user, User)
    return request.user


def fresh(view: View) -> View:
    """Ask for the password (or the second factor) again when it was last given too long ago."""

    @functools.wraps(view)
    def guarded(request: AskingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_fresh(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether whoever asks proved a short while ago that they are who they are."""
    records = get_authentication_records(request, me(request))  # type: ignore[arg-type]
    return any(time.time() - one["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for one in records)


def done(request: HttpRequest, code: str, **params: object) -> None:
    """Say on the next page what was done."""
    messages.success(request, say(f"site.accounts.done.{code}", **params))
