"""Decisions of people, read from the review list as it comes back."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from builders import CHAIR, GREEN, ask, keyed, take, write_csv
from chorok.core.errors import BadInputError
from chorok.ledger import decisions, publishing, tallies
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger
from chorok.sources import decided
from chorok.sources.decided import DecisionFile, Known

KNOWN = Known(frozenset({11, 12}), frozenset({CHAIR}), frozenset({"T-1"}))
GOOD = {"product_key": "P11", "outcome": "not_green", "item_group": CHAIR, "reason": "규격서 확인"}


def written(folder: Path, *rows: dict[str, str]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / "decisions.csv").open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, names)
        writer.writeheader()
        writer.writerows(rows)
    return folder / "decisions.csv"


def read(folder: Path, *rows: dict[str, str], by: str | None = "김초록") -> DecisionFile:
    return decided.read(written(folder, *rows), KNOWN, decided_by=by, decided_on=date(2020, 11, 2))


def test_a_good_row_is_typed_and_filled_up(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, {**GOOD, "product_key": "12", "outcome": "green", "certificate_no": "T-1",
                                  "decided_by": "이나무", "decided_on": "2020-01-02"})  # fmt: skip
    assert found.refused == []
    one, two = found.decisions.to_pylist()
    assert (one["product_key"], one["decided_by"], one["decided_on"]) == (11, "김초록", date(2020, 11, 2))
    assert (two["product_key"], two["decided_by"], two["decided_on"]) == (12, "이나무", date(2020, 1, 2))


def test_rows_without_an_outcome_are_not_decided_yet(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, {**GOOD, "outcome": ""}, {**GOOD, "outcome": " "})
    assert (found.decisions.num_rows, found.undecided, found.refused) == (1, 2, [])


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"product_key": "99"}, "product_key", "product_unknown"),
        ({"product_key": "1.1E1"}, "product_key", "product_unknown"),
        ({"outcome": "yes"}, "outcome", "outcome_unknown"),
        ({"reason": ""}, "reason", "reason_missing"),
        ({"item_group": "X"}, "item_group", "item_group_unknown"),
        ({"item_group": ""}, "item_group", "item_group_missing"),
        ({"outcome": "green"}, "certificate_no", "evidence_missing"),
        ({"outcome": "green", "certificate_no": "T-9"}, "certificate_no", "certificate_unknown"),
        ({"outcome": "green", "valid_from": "봄"}, "valid_from", "date_bad"),
        ({"decided_on": "어제"}, "decided_on", "date_bad"),
    ],
)
def test_what_cannot_be_used_is_said_with_row_and_column(
    tmp_path: Path, change: dict, column: str, reason: str
) -> None:
    found = read(tmp_path, GOOD, {**GOOD, **change})
    assert found.decisions.num_rows == 1
    (refused,) = found.refused
    assert (refused.row, refused.column, refused.reason) == (3, column, reason)


def test_nobody_decided(tmp_path: Path) -> None:
    (refused,) = read(tmp_path, GOOD, by=None).refused
    assert refused.reason == "author_missing"


def test_a_file_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as told:
        read(tmp_path, {"품명": "의자", "금액": "5"})
    assert told.value.code == "decision_columns_missing"


class TestApplied:
    @pytest.fixture
    def product(self, ledger: Ledger, tmp_path: Path) -> int:
        rows = [keyed(n, day=day, name="ㅁㅁㅁ") for n, day in enumerate(("2019-03-02", "2020-03-02", "2021-03-02"))]
        take(ledger, write_csv(tmp_path / "1.csv", rows))
        (key,) = tallies.product_keys(Published.at(ledger))
        return key

    def decide(self, ledger: Ledger, folder: Path, product: int, **values: str) -> decisions.Written:
        known = Known(frozenset({product}), frozenset({CHAIR}), frozenset({"T-1"}))
        row = {**GOOD, "product_key": f"P{product}", **values}
        found = decided.read(written(folder, row), known, decided_by="김", decided_on=date(2020, 1, 1))
        assert found.refused == []
        with ledger.writing():
            done = decisions.write(ledger, found.decisions)
            publishing.publish(ledger, "decisions", "")
        return done

    def greens(self, ledger: Ledger) -> list[tuple[int, int, int]]:
        return [(f.amounts.green, f.amounts.not_green, f.amounts.unknown) for f in ask(ledger, "year").figures]

    def test_before_and_after(self, ledger: Ledger, tmp_path: Path, product: int) -> None:
        assert self.greens(ledger) == [(0, 0, 1000)] * 3
        assert self.decide(ledger, tmp_path, product) == decisions.Written(1, 0, 0)
        assert self.greens(ledger) == [(0, 1000, 0)] * 3

    def test_green_by_certificate_is_green_while_it_holds(self, ledger: Ledger, tmp_path: Path, product: int) -> None:
        self.decide(ledger, tmp_path, product, outcome="green", certificate_no="T-1")
        assert self.greens(ledger) == [(1000, 0, 0), (0, 1000, 0), (0, 1000, 0)]

    def test_green_by_proof_is_green_in_its_span(self, ledger: Ledger, tmp_path: Path, product: int) -> None:
        self.decide(ledger, tmp_path, product, outcome="green", valid_from="2020-03-02", valid_until="2020-03-02")
        assert self.greens(ledger) == [(0, 1000, 0), (1000, 0, 0), (0, 1000, 0)]

    def test_out_of_scope_needs_no_group(self, ledger: Ledger, tmp_path: Path, product: int) -> None:
        self.decide(ledger, tmp_path, product, outcome="out_of_scope", item_group="")
        assert ask(ledger).figures[0].amounts.not_eligible == 3000

    def test_the_newest_decision_holds_and_older_states_stay(
        self, ledger: Ledger, tmp_path: Path, product: int
    ) -> None:
        self.decide(ledger, tmp_path, product)
        assert self.decide(ledger, tmp_path, product) == decisions.Written(0, 0, 1)
        assert self.decide(ledger, tmp_path, product, outcome="out_of_scope") == decisions.Written(0, 1, 0)
        assert ask(ledger).figures[0].amounts.not_eligible == 3000
        assert ask(ledger, at="2").figures[0].amounts.not_green == 3000

    def test_a_person_overrules_the_list(self, ledger: Ledger, tmp_path: Path) -> None:
        take(ledger, write_csv(tmp_path / "2.csv", [keyed(n, product=GREEN) for n in range(3)]))
        (key,) = tallies.product_keys(Published.at(ledger))
        self.decide(ledger, tmp_path, key)
        assert self.greens(ledger) == [(0, 3000, 0)]
