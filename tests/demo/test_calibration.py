"""The cells add up to the published tables."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.demo.calibration import allocation, apportion, cells, preliminary
from chorok.demo.lines import split
from chorok.demo.published import TABLE_1, TABLE_2, Row1, Row2


def rounded(green: int, total: int, printed: str) -> str:
    digits = len(printed.partition(".")[2])
    return str((Decimal(green) * 100 / total).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


@pytest.mark.parametrize("row", TABLE_1, ids=lambda row: f"{row.city} {row.year}")
def test_cells_give_table_1(row: Row1) -> None:
    mine = [cell for cell in cells() if (cell.city, cell.year) == (row.city, row.year)]
    total, green = sum(cell.total for cell in mine), sum(cell.green for cell in mine)
    assert (total, green) == row.won
    assert rounded(green, total, row.share) == row.calibrated_share
    assert all(0 < cell.green < cell.total for cell in mine)
    assert len(mine) == 25


def test_only_daejeon_2016_cannot_be_given() -> None:
    impossible = [row for row in TABLE_1 if row.share != row.calibrated_share]
    assert [(row.city, row.year) for row in impossible] == [("Daejeon", 2016)]
    assert (impossible[0].share, impossible[0].calibrated_share) == ("36.89", "36.86")


@pytest.mark.parametrize("row", TABLE_2, ids=lambda row: f"{row.city} {row.item}")
def test_allocation_gives_table_2(row: Row2) -> None:
    for year, printed in ((2018, row.base_2018), (2019, row.result_2019)):
        mine = [
            cell
            for cell in allocation()
            if (cell.city, cell.year) == (row.city, year) and row.item in ("total", cell.item_group)
        ]
        assert rounded(sum(cell.green for cell in mine), sum(cell.total for cell in mine), printed) == printed


def test_core_items_of_2018_are_the_reports() -> None:
    """High spend (top quarter) and a share below the city's own pick exactly the printed core items."""
    for city in ("Busan", "Daejeon"):
        mine = [cell for cell in allocation() if (cell.city, cell.year) == (city, 2018)]
        total, green = sum(cell.total for cell in mine), sum(cell.green for cell in mine)
        bar = float(np.percentile([cell.total for cell in mine], 75))
        chosen = {cell.item_group for cell in mine if cell.total >= bar and cell.green * total < green * cell.total}
        assert chosen == {row.item for row in TABLE_2 if row.city == city} - {"total"}


def test_preliminary_cells_are_possible() -> None:
    assert {cell.year for cell in preliminary()} == {2020}
    assert all(0 < cell.green < cell.total for cell in preliminary())


@given(st.integers(0, 10**15), st.lists(st.integers(1, 10**12), min_size=1, max_size=30))
def test_apportion_keeps_the_total_and_is_fair(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


@given(st.integers(4, 400), st.integers(40_000, 2_000_000), st.integers(0, 2**32))
def test_split_keeps_the_total(count: int, mean: int, seed: int) -> None:
    amounts, top = split(count * mean, count, np.random.Generator(np.random.PCG64(seed)))
    assert amounts.sum() == count * mean
    assert amounts.min() > 0
    assert all(amount % 10 == 0 for i, amount in enumerate(amounts.tolist()) if i != top)
