"""How units of money and moments are written on pages, in the request's language."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from chorok import wording
from chorok.site.config.language import current, say


def unit_of(currency: str) -> str:
    """Return a currency as people write it beside an amount: `원` for KRW in Korean; else its three letters."""
    code = f"site.unit.{currency}"
    return say(code) if wording.knows(code, current()) else currency


def with_unit(amount: str | None, currency: str) -> str:
    """Return a written amount with its unit; nothing where there is none."""
    return "" if amount is None else f"{amount} {unit_of(currency)}"


def moment(at: str) -> str:
    """Return a moment of the ledger, such as `2020-11-01T23:59:59Z`, to the minute where the site is."""
    return timezone.localtime(datetime.fromisoformat(at)).strftime("%Y-%m-%d %H:%M")
