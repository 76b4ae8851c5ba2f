"""What the two cities' 2019 activity reports print: Table 1 and Table 2, as data."""

from __future__ import annotations

from dataclasses import dataclass

from chorok.core.money import Consistency, check_published_share
from chorok.demo.day import WON_PER_USD

WON_PER_CENT = WON_PER_USD * 10_000
"""Won in 0.01 million USD, the unit of Table 1."""


def _hundredths(number: int) -> str:
    """Return an amount in hundredths as it is printed: 3250 -> '32.50'."""
    return f"{number // 100}.{number % 100:02d}"


@dataclass(frozen=True)
class Row1:
    """One row of Table 1. Amounts in 0.01 million USD; `share` is the text as printed, in percent."""

    city: str
    year: int
    total: int
    green: int
    share: str

    @property
    def consistency(self) -> Consistency:
        """Whether the printed share fits the printed amounts beside it."""
        return check_published_share(_hundredths(self.green), _hundredths(self.total), self.share)

    @property
    def won(self) -> tuple[int, int]:
        """Total and green in whole won, at the demo's one rate (Daejeon 2015: the pair that fits its share)."""
        return WON.get((self.city, self.year), (self.total * WON_PER_CENT, self.green * WON_PER_CENT))

    @property
    def calibrated_share(self) -> str:
        """The share that the demo's ledger gives; differs from `share` only where no ledger can give that."""
        return FINDINGS.get((self.city, self.year), self.share)


@dataclass(frozen=True)
class Row2:
    """One row of Table 2: rates in percent as printed. `item` is an item group's English name, or 'total'."""

    city: str
    item: str
    base_2018: str
    target_2019: str
    result_2019: str
    target_2020: str


WON = {("Daejeon", 2015): (44_222_882_000, 13_607_697_000)}
FINDINGS = {("Daejeon", 2016): "36.86"}

TABLE_1 = (
    Row1("Busan", 2015, 11252, 4001, "35.56"),
    Row1("Busan", 2016, 9707, 4659, "48"),
    Row1("Busan", 2017, 8804, 4817, "54.7"),
    Row1("Busan", 2018, 8308, 4295, "51.7"),
    Row1("Busan", 2019, 7246, 4682, "64.6"),
    Row1("Daejeon", 2015, 3628, 1116, "30.77"),
    Row1("Daejeon", 2016, 3250, 1198, "36.89"),
    Row1("Daejeon", 2017, 3680, 1404, "38.2"),
    Row1("Daejeon", 2018, 3865, 1870, "48.4"),
    Row1("Daejeon", 2019, 3943, 2288, "58.0"),
)

TABLE_2 = (
    Row2("Busan", "total", "51.7", "55.5", "64.6", "60"),
    Row2("Busan", "asphalt concrete", "9.8", "46.9", "10.7", "17"),
    Row2("Busan", "drainpipe", "14.7", "40.6", "12.9", "25"),
    Row2("Busan", "chairs", "34", "59.8", "30.8", "47"),
    Row2("Daejeon", "total", "48.4", "50", "58", "53"),
    Row2("Daejeon", "asphalt concrete", "44.1", "45", "51.2", "50"),
    Row2("Daejeon", "drainpipe", "17.1", "18", "38.5", "25"),
    Row2("Daejeon", "lighting fixtures", "23.8", "30", "24.2", "50"),
)
