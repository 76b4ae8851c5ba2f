"""Numbers of a city profile."""

from __future__ import annotations

from fractions import Fraction

from django import template

from chorok.core.money import round_half_away

register = template.Library()


@register.filter
def decimal(value: Fraction) -> str:
    """Return a fraction with at most three decimals: 769.89."""
    text = f"{round_half_away(value, 3):,f}"
    return text.rstrip("0").rstrip(".")
