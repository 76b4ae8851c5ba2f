"""A figure opens to lines that add up to it, wherever its organisations stood on the day."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from builders import CITY, GREEN, MOVED, OTHER_CITY, ask, keyed, take, write_csv
from chorok.ledger import drilldown, quantities
from chorok.ledger.drilldown import Wanted
from chorok.ledger.engines import open_engine
from chorok.ledger.figures import Question
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger


@pytest.fixture
def moved(ledger: Ledger, tmp_path: Path) -> Ledger:
    """Purchases of an institution that went from one city to the other on 2019-07-01, and of both cities."""
    days = ("2019-03-02", "2019-06-30", "2019-07-01", "2019-11-11")
    lines = [
        keyed(10 * place + number, day=day, org=org, product=GREEN, amount=100 + 10 * place + number, quantity=1,
              unit="개")
        for place, org in enumerate((MOVED, CITY, OTHER_CITY, "공원공단"))
        for number, day in enumerate(days)
    ]  # fmt: skip
    take(ledger, write_csv(tmp_path / "lines.csv", lines))
    return ledger


@pytest.mark.parametrize("city", [CITY, OTHER_CITY, MOVED])
@pytest.mark.parametrize("tree", ["then", "now"])
def test_lines_and_quantities_add_up_to_the_figure(city: str, tree: Literal["then", "now"], moved: Ledger) -> None:
    (figure,) = ask(moved, organisation=city, tree=tree).figures
    published = Published.at(moved)
    found = drilldown.lines(published, Wanted(organisation=city, tree=tree), 5)
    assert (found.lines, found.amount) == (figure.amounts.lines, figure.amounts.amount)
    assert sum(batch.num_rows for batch in drilldown.batches_of(published, Wanted(organisation=city, tree=tree))) > 0
    question = Question((), organisation=city, tree=tree)
    (counted,) = quantities.answer(published, open_engine(), question)
    assert (counted["lines"], counted["quantity"]) == (figure.amounts.lines, figure.amounts.lines)


def test_a_move_counts_on_the_day(moved: Ledger) -> None:
    published = Published.at(moved)
    sizes = {
        (city, tree): drilldown.lines(published, Wanted(organisation=city, tree=tree), 0).lines
        for city in (CITY, OTHER_CITY)
        for tree in ("then", "now")
    }
    assert sizes == {(CITY, "then"): 8, (CITY, "now"): 4, (OTHER_CITY, "then"): 8, (OTHER_CITY, "now"): 12}
