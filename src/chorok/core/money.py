"""Amounts and shares: integers of the smallest currency unit, ONE rounding rule, one place that divides."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

DECIMALS = {"KRW": 0, "JPY": 0}
"""Decimals of a currency's smallest unit (ISO 4217) where they are not two."""

Consistency = Literal["ok", "possible", "impossible", "not_defined"]


def decimals_of(currency: str) -> int:
    """Return how many decimals a currency has; one that a file does not name (ISO 4217's no currency) has two."""
    return DECIMALS.get(currency, 2)


def round_half_away(value: Fraction, digits: int) -> Decimal:
    """Round a fraction once, half away from zero, to a Decimal with exactly `digits` decimals (rules 1.1)."""
    return _rounded(value.numerator, value.denominator, digits)


def _rounded(numerator: int, denominator: int, digits: int) -> Decimal:
    whole = (2 * abs(numerator) * 10**digits + denominator) // (2 * denominator)
    return Decimal(-whole if numerator < 0 else whole).scaleb(-digits)


def ratio(part: int, whole: int) -> Fraction | None:
    """Return part / whole exactly, or None when the whole is not positive: then it is not defined (rules 1.1)."""
    return Fraction(part, whole) if whole > 0 else None


def percent(value: Fraction | None, digits: int = 2) -> Decimal | None:
    """Return a ratio in percent, rounded once, or None when it is not defined."""
    return None if value is None else _rounded(value.numerator * 100, value.denominator, digits)


@dataclass(frozen=True)
class Share:
    """A green share with its bounds (rules 1.1). All amounts are integers of the smallest currency unit.

    `unknown` is the amount whose item group is not known: outside the denominator, inside the bounds.
    """

    green: int
    not_green: int
    undetermined: int = 0
    unknown: int = 0

    @property
    def denominator(self) -> int:
        """E = green + not green + undetermined of known item group."""
        return self.green + self.not_green + self.undetermined

    @property
    def value(self) -> Fraction | None:
        """Green / E, or None when E is not positive."""
        return ratio(self.green, self.denominator)

    @property
    def low(self) -> Fraction | None:
        """Green / (E + V): nothing open turns out green."""
        return ratio(self.green, self.denominator + self.unknown)

    @property
    def high(self) -> Fraction | None:
        """(Green + undetermined + V) / (E + V): all that is open turns out green."""
        return ratio(self.green + self.undetermined + self.unknown, self.denominator + self.unknown)

    def __add__(self, other: Share) -> Share:
        return Share(
            self.green + other.green,
            self.not_green + other.not_green,
            self.undetermined + other.undetermined,
            self.unknown + other.unknown,
        )


def decimals_shown(text: str) -> int:
    """Return how many decimals a printed number has: '35.56' -> 2, '48' -> 0."""
    return len(text.partition(".")[2])


def rounding_interval(text: str) -> tuple[Fraction, Fraction]:
    """Return the values that print as `text`: half a unit of its last digit to either side, both ends taken in."""
    half = Fraction(1, 2 * 10 ** decimals_shown(text))
    return Fraction(text) - half, Fraction(text) + half


def check_published_share(green: str, total: str, share: str) -> Consistency:
    """Tell whether a printed share fits the printed amounts beside it (domain 5.2).

    'ok': it is the rounded quotient; 'possible': amounts that print the same can give it; 'impossible': none can.
    """
    if Fraction(total) <= 0:
        return "not_defined"
    if percent(Fraction(green) / Fraction(total), decimals_shown(share)) == Decimal(share):
        return "ok"
    (green_low, green_high), (total_low, total_high) = rounding_interval(green), rounding_interval(total)
    if total_low <= 0:
        return "possible"
    low, high = rounding_interval(share)
    fits = green_low / total_high * 100 <= high and green_high / total_low * 100 >= low
    return "possible" if fits else "impossible"


def written(amount: int, currency: str = "KRW") -> str:
    """Return an amount as people write it: 1234567 KRW -> '1,234,567', 123450 GBP -> '1,234.50'."""
    decimals = decimals_of(currency)
    if not decimals:
        return f"{amount:,}"
    whole, rest = divmod(abs(amount), 10**decimals)
    return f"{'-' if amount < 0 else ''}{whole:,}.{rest:0{decimals}d}"
