"""Numbers that stand in an address, where anybody may have typed anything."""

from __future__ import annotations

from django.http import HttpRequest


def whole(text: str) -> int | None:
    """Return a whole number from 0 on that a database can hold; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def page_number(request: HttpRequest) -> int:
    """Return the page that is asked for, from 1 on, where rows are read before a paginator can count them."""
    return min(max(whole(request.GET.get("page", "")) or 1, 1), 1_000_000)
