"""What was read of a line, in words."""

from __future__ import annotations

from decimal import Decimal

from django import template

from chorok.core.money import written
from chorok.site.config.language import say
from chorok.site.screening.models import Line
from chorok.site.screening.views.shown import tone

register = template.Library()


@register.filter
def counted(line: Line) -> str:
    """Return quantity and unit; in words where none is known."""
    if line.quantity is None:
        return say("site.screening.ask.not_read")
    return f"{line.quantity.normalize():,f} {line.unit}".strip()


@register.filter
def price_of(line: Line) -> str:
    """Return the unit price with its currency."""
    return _money(line.unit_price, line.currency)


@register.filter
def amount_of(line: Line) -> str:
    """Return the amount with its currency."""
    return _money(line.amount, line.currency)


def _money(value: int | None, currency: str) -> str:
    return say("site.screening.ask.not_read") if value is None else f"{written(value, currency)} {currency}"


@register.filter
def quantity(value: Decimal | None, unit: str | None) -> str:
    """Return how many of what; a dash where it is not known."""
    return "–" if value is None else f"{value.normalize():,f} {unit or ''}".strip()


@register.filter
def money(value: int | None, currency: str | None) -> str:
    """Return an amount with its currency."""
    return "–" if value is None else f"{written(value, currency or 'KRW')} {currency or ''}".strip()


@register.filter
def tone_of(state: str) -> str:
    """Return how the badge of a state looks."""
    return tone(state)
