"""Exact figures as people read them: rounded once, with their unit, and in words where they are not defined."""

from __future__ import annotations

from fractions import Fraction

from django import template

from chorok.core.measures.share import Amounts
from chorok.core.money import Share, percent, round_half_away, written
from chorok.site.config.language import say

register = template.Library()


@register.filter
def rate(value: Fraction | None) -> str:
    """Return a ratio of one in percent: `44.22%`; in words where it is not defined."""
    rounded = percent(value)
    return say("word.not_defined") if rounded is None else f"{rounded}%"


@register.filter
def plain_percent(value: Fraction | None) -> str:
    """Return a number that is percent already: `44.22%`; a dash where there is none."""
    return "–" if value is None else f"{round_half_away(value, 2)}%"


@register.filter
def points(value: Fraction | None) -> str:
    """Return a difference of two ratios of one: `+3.10 %p`."""
    return "–" if value is None else f"{round_half_away(value * 100, 2):+} %p"


@register.filter
def money(amount: int | Fraction | None, currency: str = "KRW") -> str:
    """Return an amount of smallest units as people write it; a dash where there is none."""
    return "–" if amount is None else written(int(round_half_away(Fraction(amount), 0)), currency)


@register.filter
def share(amounts: Amounts, basis: str) -> str:
    """Return the share of sums on a basis; in words where the definition was not known yet."""
    return say("word.definition_not_known") if amounts.not_known else rate(amounts.share(basis).value)


@register.filter
def bounds(found: Share) -> str:
    """Return the bounds of a share, `40.10–52.00%`; nothing where they are the share itself."""
    low, high = percent(found.low), percent(found.high)
    return "" if low is None or high is None or low == high else f"{low}–{high}%"


@register.filter
def at(found: dict[object, object], key: object) -> object:
    """Return what a mapping has for a key, else the key itself."""
    return found.get(key, key)
