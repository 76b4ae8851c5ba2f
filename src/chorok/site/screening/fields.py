"""Amounts and quantities as people write them in a form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from chorok.core.matching.typed import WON
from chorok.core.money import decimals_of, written
from chorok.site.config.language import say

WON_LIMIT = 10**15
"""Smallest units, and quantities, below which what people write stays."""


class AmountField(forms.CharField):
    """An amount of money in the smallest units of a currency, written as people do: '1,500,000'."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.currency = "KRW"
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        """Write an amount with separators; what a person wrote stays."""
        return written(value, self.currency) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Return smallest units. Raises ValidationError for what is no whole number of them."""
        if isinstance(value, int) or value in self.empty_values:
            return value if isinstance(value, int) else None
        number = _number(str(value).removesuffix(WON), "amount")
        units = number.scaleb(decimals_of(self.currency))
        if units % 1 or abs(units) >= WON_LIMIT:
            raise ValidationError(say("site.screening.ask.wrong.amount"))
        return int(units)


class QuantityField(forms.CharField):
    """How many: above zero, with at most four decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        """Write a quantity without zeros at its end."""
        return f"{value.normalize():,f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """Return the quantity. Raises ValidationError for what is none."""
        if isinstance(value, Decimal) or value in self.empty_values:
            return value if isinstance(value, Decimal) else None
        number = _number(str(value), "quantity")
        if number <= 0 or number >= WON_LIMIT or number != round(number, 4):
            raise ValidationError(say("site.screening.ask.wrong.quantity"))
        return number


def _number(text: str, wrong: str) -> Decimal:
    plain = text.replace(",", "").replace(" ", "")
    if not plain.removeprefix("-").replace(".", "", 1).isdecimal():
        raise ValidationError(say(f"site.screening.ask.wrong.{wrong}"))
    return Decimal(plain)
