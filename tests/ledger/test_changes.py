"""Changes between two years, for every organisation with all below it, against adding up by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

from builders import CITY, EAST, GREEN, MOVED, MOVED_ON, OTHER_CITY, WEST, keyed, take, write_csv
from chorok.ledger import changes
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

BOUGHT = [
    (WEST, "2018-05-01", 100),
    (WEST, "2019-05-01", 160),
    (EAST, "2018-06-01", 1000),
    (EAST, "2019-06-01", 690),
    (MOVED, "2018-06-01", 40),
    (MOVED, "2019-06-30", 50),
    (MOVED, "2019-07-01", 60),
    (OTHER_CITY, "2018-01-01", 7),
]


def above(code: str, day: date) -> list[str]:
    city = {WEST: CITY, EAST: CITY, MOVED: CITY if day < MOVED_ON else OTHER_CITY}.get(code)
    return [code, *([city] if city else []), "T-NET"]


def test_against_adding_up_by_hand(ledger: Ledger, tmp_path: Path) -> None:
    lines = [
        keyed(number, org=org, day=day, product=GREEN, amount=amount)
        for number, (org, day, amount) in enumerate(BOUGHT)
    ]
    take(ledger, write_csv(tmp_path / "구매.csv", lines))
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for org, day, amount in BOUGHT:
        for code in above(org, date.fromisoformat(day)):
            sums[code, int(day[:4])] += amount
    found = changes.of_year(Published.at(ledger), 2019)
    assert {code for code, _ in found} == {code for code, year in sums if (code, 2018) in sums and (code, 2019) in sums}
    for (code, currency), change in found.items():
        assert currency == "KRW"
        assert (change.before.green, change.now.green) == (sums[code, 2018], sums[code, 2019])
    outcomes = {code: change.outcome for (code, _), change in found.items()}
    assert outcomes[WEST] == "likely"
    assert outcomes[EAST] == "likely"
    assert outcomes[CITY] == "unlikely"
