"""What every page's template can use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from chorok.core.errors import ChorokError
from chorok.site.accounts.selectors import standing
from chorok.site.config import language, ledger
from chorok.site.config.navigation import navigation


def shared(request: HttpRequest) -> dict[str, Any]:
    """Return the language, the demo's fixed day if it is one, and the navigation of who asks."""
    return {
        "language": language.current(),
        "synthetic": _synthetic(),
        "navigation": navigation(request),
        "standing": _standing(request),
    }


def _standing(request: HttpRequest) -> str:
    """Return as what a person is here, for the head of the page."""
    actor = getattr(request, "actor", None)
    return standing(actor) if actor is not None and actor.user_id is not None else ""


def _synthetic() -> str | None:
    try:
        return ledger.ledger().synthetic
    except ChorokError:
        return None
