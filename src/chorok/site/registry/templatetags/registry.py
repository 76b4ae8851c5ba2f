"""Tags of the registry's pages: states of certificates, bases in words, moved figures, validity as a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context

from chorok import wording
from chorok.core.money import written
from chorok.site.config import language
from chorok.site.config.language import say
from chorok.site.config.templatetags import look
from chorok.site.config.written import with_unit
from chorok.site.registry.models import ListFile

register = template.Library()

TONES = {"valid": "good", "not_yet": "warn", "uncertain": "warn", "revoked": "bad", "expired": "bad", "none": "plain"}
"""What a certificate's state on a day looks like."""

STEPS = {"reading": "info", "read": "warn", "posting": "info", "posted": "good", "dismissed": "plain"}
"""What the state of an uploaded list looks like."""

BAR, AXIS = 40, 24
"""Height of a certificate in the chart, and of the years below them."""


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


@register.inclusion_tag("krds/badge.html")
def list_badge(file: ListFile) -> dict[str, Any]:
    """Return how far an uploaded list is."""
    if file.error:
        return look.badge(say("site.registry.list.unread"), "bad")
    return look.badge(say(f"site.registry.list.state.{file.state}"), STEPS[file.state])


@register.simple_tag
def in_language(thing: object, name: str) -> str:
    """Return `<name>_ko` or `<name>_en` of a thing, as the page speaks."""
    return str(getattr(thing, f"{name}_{language.current()}"))


@register.simple_tag(takes_context=True)
def kept_query(context: Context, base: str = "", **changed: str) -> str:
    """Return the page's query with some of it changed; with `base` another page and only what is given."""
    if base:
        return f"{base}?{urlencode(changed)}"
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag
def code_kind(code: str) -> str:
    """Return what a code of an item group is, by its length."""
    return say(f"site.registry.code.{ {8: 'class', 10: 'detail'}.get(len(code), 'category') }")


@register.filter
def source_name(source: str) -> str:
    """Return what a source is called: lists without a name go by their kind, changes on the site by what was done."""
    for family in ("list_kind", "registry_table", "site.action"):
        if wording.knows(f"{family}.{source}", language.current()):
            return say(f"{family}.{source}")
    return source


@register.filter
def money(amount: int, currency: str | None) -> str:
    """Return an amount of the smallest unit with its currency."""
    return with_unit(written(amount, currency or "KRW"), currency or "KRW")


@register.filter
def money_change(amount: int, currency: str) -> str:
    """Return a change of an amount, with its sign."""
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}" if amount else "0"


@register.filter
def share(value: Decimal | None) -> str:
    """Return a share in percent, or that there is none."""
    return say("site.registry.effect.undefined") if value is None else f"{value}%"


@register.filter
def points(value: Decimal | None) -> str:
    """Return a difference of shares."""
    return "-" if value is None else f"{'+' if value > 0 else ''}{value}%p"


@register.simple_tag
def moved(move: Mapping[str, Any], currency: str) -> str:
    """Return lines that went from one state to another, in words."""
    return say(
        "site.registry.effect.moved",
        before=say(f"site.registry.line.{move['before']}"),
        after=say(f"site.registry.line.{move['after']}"),
        lines=f"{move['lines']:,}",
        amount=money(move["amount"], currency),
    )


@register.simple_tag
def chart_height(bars: Sequence[object], less: int = 0) -> int:
    """Return the height of a chart of bars, less something."""
    return len(bars) * BAR + AXIS + less


@register.simple_tag
def bar_top(place: int, below: int) -> int:
    """Return a height within the part of the chart that belongs to a bar."""
    return place * BAR + below
