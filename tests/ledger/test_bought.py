"""What was bought of each product, against counting the lines one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import CITY, GREEN, keyed, take, write_csv
from chorok.ledger import bought
from chorok.ledger.drilldown import Wanted
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

OTHER = "80000099"


@pytest.fixture
def lines(ledger: Ledger, tmp_path: Path) -> Published:
    rows = [
        keyed(
            number, day=f"2019-0{number}-01", org=CITY, product=product, amount=100 * number, quantity=number, unit="개"
        )
        for number, product in enumerate((GREEN, OTHER, GREEN, GREEN, OTHER), 1)
    ]
    take(ledger, write_csv(tmp_path / "lines.csv", rows))
    return Published.at(ledger)


def test_products_come_by_what_was_spent_with_their_last_purchase(lines: Published) -> None:
    found, count = bought.products(lines, Wanted(organisation=CITY), 10)
    told = [(one.product_id, one.times, one.sum, one.last.month, one.quantity, one.amount) for one in found]
    assert (told, count) == ([(GREEN, 3, 800, 4, 4, 400), (OTHER, 2, 700, 5, 5, 500)], 2)


def test_pages_and_chosen_products(lines: Published) -> None:
    first, second = bought.products(lines, Wanted(organisation=CITY), 10)[0]
    assert bought.products(lines, Wanted(organisation=CITY), 1, 1) == ([second], 2)
    assert bought.products(lines, Wanted(organisation=CITY), 10, keys=[first.key]) == ([first], 1)
    assert bought.products(lines, Wanted(organisation=CITY), 10, keys=[]) == ([], 0)
