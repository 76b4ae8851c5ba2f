"""What figures would be without an import is what they are once it is undone, change orders across files included."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import builders
from builders import CITY, EAST, OTHER_CITY, WEST
from chorok.ledger import batches, publishing, without
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger


def _bought(folder: Path, chance: random.Random) -> Ledger:
    """Two files; orders of a request, some of them changes, lie in either."""
    ledger = Ledger.create(folder / "ledger")
    builders.register(ledger)
    orders = [
        builders.keyed(
            request,
            change=change,
            day=f"{chance.choice([2018, 2019])}-0{1 + change}-{chance.randint(1, 28):02d}",
            org=chance.choice([CITY, WEST, EAST, OTHER_CITY]),
            product=chance.choice([builders.GREEN, builders.PLAIN]),
            class_=chance.choice(["90000001", ""]),
            amount=chance.randint(100, 5000),
        )
        for request in range(30)
        for change in range(chance.choice([1, 1, 2, 3]))
    ]
    chance.shuffle(orders)
    for number in range(2):
        builders.take(ledger, builders.write_csv(folder / f"{number}.csv", orders[number::2]))
    return ledger


@pytest.mark.parametrize("number", range(2))
def test_sums_are_those_after_undoing(number: int, tmp_path: Path) -> None:
    ledger = _bought(tmp_path, random.Random(number))
    batch = batches.every(ledger)[number]
    before = builders.amounts(builders.ask(ledger, "year", organisation=CITY))
    told = {(one.year,): one for one in without.by_year(Published.at(ledger), batch, CITY)}
    assert {year: one.now for year, one in told.items()} == before
    with ledger.writing():
        publishing.withdraw(ledger, batch)
    assert {year: one.then for year, one in told.items()} == builders.amounts(
        builders.ask(ledger, "year", organisation=CITY)
    )
