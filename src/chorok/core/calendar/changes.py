"""The question on a change of the results: green amounts of two years, and whether the ministry may ask.

Decree, article 11-2: a rise of half or more, or a fall of three tenths or more, against the year before.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from chorok.core.money import Share

RISE, FALL = Fraction(1, 2), Fraction(-3, 10)
"""Changes from which on a question may come (decree, article 11-2); both ends are taken in."""

Outcome = Literal["likely", "possible", "unlikely", "not_defined"]
OUTCOMES: tuple[Outcome, ...] = ("likely", "possible", "unlikely", "not_defined")


@dataclass(frozen=True)
class Changed:
    """The change of a green amount between two years, with its bounds: what is undetermined may turn out green."""

    before: Share
    now: Share

    @property
    def value(self) -> Fraction | None:
        """(now - before) / before; None where the year before has no green amount."""
        return _change(self.before.green, self.now.green)

    @property
    def low(self) -> Fraction | None:
        """All that is open in the year before turns out green, nothing of this year."""
        return _change(_most(self.before), self.now.green)

    @property
    def high(self) -> Fraction | None:
        """All that is open this year turns out green, nothing of the year before."""
        return _change(self.before.green, _most(self.now))

    @property
    def outcome(self) -> Outcome:
        """`likely`: as the figures stand; `possible`: only if what is undetermined turns out so."""
        if self.value is None:
            return "not_defined"
        if asks(self.value):
            return "likely"
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        return "possible" if any(map(asks, bounds)) else "unlikely"


def asks(change: Fraction) -> bool:
    """Tell whether a change is one that the ministry may ask about."""
    return change >= RISE or change <= FALL


def _most(share: Share) -> int:
    return share.green + share.undetermined + share.unknown


def _change(before: int, now: int) -> Fraction | None:
    return Fraction(now - before, before) if before > 0 else None
