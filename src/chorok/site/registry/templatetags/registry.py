"""Tags of the registry's pages: states of certificates, bases in words."""

from __future__ import annotations

from typing import Any

from django import template

from chorok import wording
from chorok.site.config import language
from chorok.site.config.language import say
from chorok.site.config.templatetags import look

register = template.Library()

TONES = {"valid": "good", "not_yet": "warn", "uncertain": "warn", "revoked": "bad", "expired": "bad", "none": "plain"}
"""What a certificate's state on a day looks like."""


@register.filter
def basis_name(basis: str | None) -> str:
    """Return what a basis is called; one that a city added is called what it wrote."""
    if not basis:
        return "-"
    return say(f"basis.{basis}") if wording.knows(f"basis.{basis}", language.current()) else basis


@register.inclusion_tag("krds/badge.html")
def state_badge(state: str) -> dict[str, Any]:
    """Return the state of a certificate on the day of the page."""
    return look.badge(say(f"site.registry.state.{state}"), TONES[state])
