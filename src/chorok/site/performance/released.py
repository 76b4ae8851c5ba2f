"""What a release holds: sums of a city's year, whole or by item group, its targets, and what its figures rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from chorok.core import periods
from chorok.core.measures.share import Amounts
from chorok.core.money import Share
from chorok.ledger.figures import summary
from chorok.site.performance import aims, grounds
from chorok.site.performance.models import Level
from chorok.site.performance.reading import Reading

EVERYTHING = "*"
"""Key of a release of the whole city; item groups stand under their codes, '' is what has none."""


@dataclass(frozen=True)
class Figures:
    """The released figures of one city and year."""

    currency: str
    sums: Mapping[str, Amounts]
    lines: int  # eligible ones
    months: tuple[int, int]  # numbers of the first and the last month with purchases
    closing: str
    aim: Fraction | None  # of the whole share, percent

    @property
    def total(self) -> Amounts:
        """The sums of the city."""
        return sum(self.sums.values(), Amounts())

    def item(self, code: str) -> Share | None:
        """Return the share of an item group; None where only the city was released, or nothing bought."""
        found = self.sums.get(code)
        return found.share() if found else None

    def written(self) -> dict[str, Any]:
        """Return them as they are kept."""
        return {
            "currency": self.currency,
            "sums": {code: asdict(amounts) for code, amounts in self.sums.items()},
            "lines": self.lines,
            "months": list(self.months),
            "closing": self.closing,
            "aim": None if self.aim is None else str(self.aim),
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Figures:
        """Read them again."""
        return cls(
            kept["currency"],
            {code: Amounts(**sums) for code, sums in kept["sums"].items()},
            kept["lines"],
            (kept["months"][0], kept["months"][1]),
            kept["closing"],
            None if kept["aim"] is None else Fraction(kept["aim"]),
        )


def of(reading: Reading, level: str) -> Figures:
    """Return the figures of a city's year as a release of a level holds them."""
    scope = reading.scope
    items = {code or "": amounts for code, amounts in reading.items.items()}
    lines = sum(amounts.lines for amounts in items.values() if amounts.share().denominator)
    months = [
        number[1]
        for one in summary(scope.published, scope.question("month")).figures
        if (number := periods.numbered(periods.parse(str(one.keys[0])))) and one.currency == reading.currency
    ]
    return Figures(
        reading.currency,
        items if level == Level.ITEM else {EVERYTHING: reading.whole},
        lines,
        (min(months, default=0), max(months, default=0)),
        grounds.closing(reading),
        aims.wholes(aims.rows(scope)).get(int(scope.written)),
    )
