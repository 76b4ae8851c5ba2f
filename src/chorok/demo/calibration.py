"""The spend of every city, year and item group in whole won, such that the published tables come out."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources

from chorok.demo.published import TABLE_1, WON_PER_CENT, Row1

YEARS = (2015, 2016, 2017, 2018, 2019)
CITIES = ("Busan", "Daejeon")
DETAILED_YEARS = (2018, 2019)
"""The years whose item rates are published; earlier ones take their pattern from 2018."""


@dataclass(frozen=True)
class Cell:
    """The spend of one city on one item group (English name) in one year, in won."""

    city: str
    year: int
    item_group: str
    total: int
    green: int


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total into whole parts in proportion to weights, by largest remainder; the parts sum to the total."""
    weight = sum(weights)
    parts = [total * one // weight for one in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % weight), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def allocation() -> list[Cell]:
    """Return the cells of 2018 and 2019: a plausible split that gives every printed total and item rate."""
    text = resources.files(__package__).joinpath("data/allocation.csv").read_text(encoding="utf-8")
    return [
        Cell(row["city"], int(row["year"]), row["item_group"], _won(row["total_musd"]), _won(row["green_musd"]))
        for row in csv.DictReader(text.splitlines())
    ]


def _won(million_usd: str) -> int:
    return int(Decimal(million_usd) * 100) * WON_PER_CENT


def cells() -> list[Cell]:
    """Return the calibrated cells of both cities, 2015 to 2019."""
    detailed = allocation()
    derived: list[Cell] = []
    for row in TABLE_1:
        if row.year not in DETAILED_YEARS:
            derived += scaled([c for c in detailed if (c.city, c.year) == (row.city, 2018)], row)
    return derived + detailed


def scaled(pattern: Sequence[Cell], row: Row1) -> list[Cell]:
    """Stretch one year's cells to another year's totals; each group keeps 0 <= green <= total.

    A lower share shrinks the green parts, a higher one the parts that are not green: neither can pass its total.
    """
    total, green = row.won
    totals = apportion(total, [cell.total for cell in pattern])
    old_total, old_green = sum(c.total for c in pattern), sum(c.green for c in pattern)
    if green * old_total <= old_green * total:
        greens = apportion(green, [cell.green for cell in pattern])
    else:
        others = apportion(total - green, [cell.total - cell.green for cell in pattern])
        greens = [one - other for one, other in zip(totals, others, strict=True)]
    return [
        Cell(row.city, row.year, cell.item_group, one, part)
        for cell, one, part in zip(pattern, totals, greens, strict=True)
    ]


def preliminary() -> list[Cell]:
    """Return plausible cells for January to October 2020; not calibrated to anything published."""
    return [
        Cell(c.city, 2020, c.item_group, c.total * 80 // 100, min(c.green * 82, c.total * 78) // 100)
        for c in allocation()
        if c.year == 2019
    ]
