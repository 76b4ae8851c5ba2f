"""How many notes wait, for the head of every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from chorok.site.notices import selectors


def waiting(request: HttpRequest) -> dict[str, Any]:
    """Return the count of unread notes of who is signed in, asked for only where it is shown."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {"waiting_notices": SimpleLazyObject(lambda: selectors.waiting(user.pk) if user.is_authenticated else 0)}
