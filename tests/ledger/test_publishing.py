"""Publishing makes anew only what another registry, decision or file can have changed, and comes to the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import builders
from builders import CHAIR, CITY, EAST, WEST, keyed, write_csv
from chorok.ledger import decisions, publishing, review, schema
from chorok.ledger.published import Published
from chorok.ledger.registry import replace_source
from chorok.ledger.store import Ledger

ROWS = [
    keyed(1, day="2019-03-02", amount=9000, name="사무용 책상 DX-100", supplier="초록가구", org=WEST),
    keyed(2, day="2019-03-03", amount=-4000, name="사무용 책상 DX-100", supplier="초록가구", org=EAST),
    keyed(3, day="2019-04-03", amount=500, name="회의용 탁자", org=builders.OTHER_WEST),
    keyed(4, day="2019-05-03", amount=70, name="의자 접이식", org=WEST),
    keyed(5, day="2019-05-03", amount=80, product=builders.GREEN, name="의자", org=WEST),
]


@pytest.fixture
def taken(ledger: Ledger, tmp_path: Path) -> Ledger:
    builders.take(ledger, write_csv(tmp_path / "구매.csv", ROWS), language="ko")
    return ledger


def derived(ledger: Ledger, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(Published.at(ledger).derived(name)).to_pylist()
    return sorted(rows, key=str)


def decide(ledger: Ledger, key: int, put_back: tuple[int, ...] = (), **values: Any) -> None:
    row = {"product_key": key, "item_group": CHAIR, "outcome": "green", "valid_from": dt.date(2019, 1, 1),
           "reason": "시험성적서", "decided_by": "시험", "decided_on": dt.date(2020, 1, 1), **values}  # fmt: skip
    decisions.write(ledger, pa.Table.from_pylist([row] if not put_back else [], schema=schema.DECISIONS), put_back)
    publishing.publish(ledger, "decisions", "")


def whole(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """What is derived from nothing but the truth."""
    publishing.derive(publishing.Draft(ledger, Published.at(ledger).snapshot, None))
    return {name: derived(ledger, name) for name in (*publishing.DERIVED, "timeline-national")}


def test_a_decision_and_its_undoing_come_to_what_deriving_all_anew_comes_to(taken: Ledger) -> None:
    before = {name: derived(taken, name) for name in publishing.DERIVED}
    key = review.queue(Published.at(taken)).rows[0]["product_key"]
    for step in (lambda: decide(taken, key), lambda: decide(taken, key, outcome="not_green", valid_from=None)):
        step()
        found = {name: derived(taken, name) for name in (*publishing.DERIVED, "timeline-national")}
        assert found == whole(taken)
    decide(taken, key, put_back=(key,))
    assert {name: derived(taken, name) for name in publishing.DERIVED} == before


def test_only_products_decided_anew_are_judged_again(taken: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    judge = publishing.verdicts.judge

    def counting(connection: Any, *rest: Any) -> None:
        seen.extend(row[0] for row in connection.execute("SELECT product_key FROM products").fetchall())
        judge(connection, *rest)

    monkeypatch.setattr(publishing.verdicts, "judge", counting)
    key = review.queue(Published.at(taken)).rows[0]["product_key"]
    decide(taken, key)
    assert seen == [key]
    seen.clear()
    moved = [{**one, "parent": builders.OTHER_CITY if one["code"] == WEST else one.get("parent")}
             for one in builders.ORGANISATIONS]  # fmt: skip
    replace_source(taken.path, "organisations", builders.rows("organisations", moved), "test")
    publishing.publish(taken, "organisations", "")
    assert seen == []
    assert CITY not in Published.at(taken).tree.ancestors(WEST)


def test_the_queue_of_some_organisations_holds_their_lines_alone(taken: Ledger) -> None:
    published = Published.at(taken)
    every = review.queue(published, None)
    assert (every.products, every.lines, every.amount) == (3, 4, 5570)
    west = review.page(published, review.Wanted(organisations={WEST}))
    assert [(row["amount"], row["gross"], row["lines"]) for row in west.rows] == [(9000, 9000, 1), (70, 70, 1)]
    city = review.page(published, review.Wanted(organisations=published.tree.subtree(CITY)))
    assert [(row["amount"], row["gross"], row["lines"]) for row in city.rows] == [(5000, 13000, 2), (70, 70, 1)]
    assert review.page(published, review.Wanted(organisations=())).products == 0


def test_the_queue_is_filtered_sorted_and_cut_without_losing_its_sums(taken: Ledger) -> None:
    published = Published.at(taken)
    second = review.page(published, review.Wanted(), limit=1, start=1)
    assert ([row["amount"] for row in second.rows], second.products, second.amounts) == ([500], 3, {"KRW": 5570})
    rising = review.page(published, review.Wanted(descending=False))
    assert [row["amount"] for row in rising.rows] == [70, 500, 5000]
    assert [row["amount"] for row in review.page(published, review.Wanted(words="dx-100 초록")).rows] == [5000]
    keys = review.keys(published, review.Wanted(words="탁자"))
    assert [row["amount"] for row in review.page(published, review.Wanted(keys=keys)).rows] == [500]
    counted, groups = review.reasons(published, review.Wanted())
    assert (sum(counted.values()), sum(groups.values())) == (3, 3)
