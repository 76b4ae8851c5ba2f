"""Quantities as people write them."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def counted(quantity: Decimal | None, unit: str = "") -> str:
    """Return a quantity with its unit, `1,200.5 m`; a dash where there is none."""
    if quantity is None:
        return "–"
    whole, _, rest = f"{quantity:,f}".partition(".")
    return " ".join(part for part in (f"{whole}.{rest.rstrip('0')}".rstrip("."), unit) if part)
