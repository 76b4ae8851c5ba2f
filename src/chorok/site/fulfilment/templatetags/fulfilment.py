"""What was found of a delivery or a purchase, in words."""

from __future__ import annotations

from decimal import Decimal

from django import template

from chorok.core.money import written
from chorok.core.screening.decide import Said
from chorok.core.screening.fulfilment import Agreed
from chorok.publications.screening_words import sentence
from chorok.site.config import ledger as site
from chorok.site.config.language import say
from chorok.site.fulfilment.models import Inspection, Match
from chorok.site.fulfilment.parts import Part
from chorok.site.screening.models import Line

register = template.Library()
TONES = {"proved": "good", "not_proved": "bad", "wanted": "warn", "not_wanted": "plain"}


@register.filter
def differences(found: Match) -> list[str]:
    """Return what was bought otherwise than screened, a sentence each."""
    return [sentence("screen_reason", Said(one["code"], one["params"]), say) for one in found.differences]


@register.filter
def signs(found: Match) -> str:
    """Return what speaks for a match."""
    return ", ".join(say(f"match_sign.{one}") for one in found.signs)


@register.filter
def finding(found: Inspection) -> str:
    """Return what came of an inspection in one sentence."""
    if found.finding:
        return say(f"certificate_finding.{found.finding}")
    return say(f"site.fulfilment.proof_means.{found.proof}")


@register.filter
def buyer(code: str) -> str:
    """Return the name of an organisation; its code before anything is published."""
    return (site.names().show("organisation", code) if site.is_published() else None) or code


@register.filter
def pieces(value: Decimal | str | None, unit: str) -> str:
    """Return how many with the unit; nothing where it is not known."""
    return "" if value in (None, "") else f"{Decimal(value).normalize():,f} {unit}".strip()


@register.filter
def amounts(found: Part | Agreed | Line, line: Line) -> str:
    """Return a quantity and an amount of a line, what is known of them."""
    amount = None if found.amount is None else f"{written(found.amount, line.currency)} {line.currency}"
    return " · ".join(part for part in (pieces(found.quantity, line.unit), amount) if part) or "–"


@register.filter
def tone(standing: str) -> str:
    """Return the tone of how far the proof of a line is."""
    return TONES[standing]
