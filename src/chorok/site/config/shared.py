"""What every page's template can use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from chorok.core.errors import ChorokError
from chorok.site.config import language, ledger
from chorok.site.config.navigation import navigation


def shared(request: HttpRequest) -> dict[str, Any]:
    """Return the language, the demo's fixed day if it is one, and the navigation of who asks."""
    return {
        "language": language.current(),
        "synthetic": _synthetic(),
        "navigation": navigation(request),
    }


def _synthetic() -> str | None:
    try:
        return ledger.ledger().synthetic
    except ChorokError:
        return None
