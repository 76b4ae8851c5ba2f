"""What is laid out for a desk: made once for a state, read on by who has it open, made again when damaged."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import builders
from builders import CHAIR, PLAIN, keyed, take, write_csv
from chorok.core.definitions import load
from chorok.core.errors import LedgerError
from chorok.core.screening.policy import preset
from chorok.ledger.asked import Asked
from chorok.ledger.registry import replace_source
from chorok.ledger.screening import Desk, Wish
from chorok.ledger.store import Ledger

OFFICE = "9000000101"
DAY = date(2019, 6, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "장부", DAY.isoformat())
    builders.register(made)
    return made


def desk_of(ledger: Ledger) -> Desk:
    return Desk.open(ledger, load("national"))


def state(desk: Desk, **line: Any) -> str:
    found = desk.screen([Asked(1, description="의자", **line)], Wish(preset("legal"), DAY)).lines[0]
    return found.decision.outcome


def index_of(ledger: Ledger) -> set[str]:
    return {place.name for place in ledger.path.glob("index/*-*")}


def test_it_is_laid_out_once_for_a_state(ledger: Ledger) -> None:
    desk_of(ledger).warm()
    made = index_of(ledger)
    assert {name.partition("-")[0] for name in made} == {"listed", "stock"}
    desk_of(ledger).warm()
    assert index_of(ledger) == made
    replace_source(ledger.path, "suppliers", builders.rows("suppliers", [{"name": "초록"}]), "test")
    desk_of(ledger).warm()
    assert index_of(ledger) == made, "it does not rest on the suppliers"


def test_who_has_it_open_reads_on_when_it_is_gone(ledger: Ledger) -> None:
    desk = desk_of(ledger)
    desk.warm()
    shutil.rmtree(ledger.path / "index")
    assert state(desk, product_id=builders.GREEN) == "pass_green"
    assert state(desk_of(ledger), product_id=builders.GREEN) == "pass_green"


def test_a_damaged_one_is_said_with_its_folder(ledger: Ledger) -> None:
    desk_of(ledger).warm()
    for family, file in (("stock", "held-begins.npy"), ("listed", "rows.arrow")):
        (place,) = ledger.path.glob(f"index/{family}-*/{file}")
        place.write_bytes(b"x")
        with pytest.raises(LedgerError, match="index_unreadable") as error:
            desk_of(ledger).warm()
        assert error.value.params["folder"] == place.parent


def test_a_detailed_item_is_learnt_from_what_was_bought_and_an_old_desk_stays_old(ledger: Ledger) -> None:
    first = [keyed(1, name="의자", product=builders.GREEN)]
    take(ledger, write_csv(ledger.path.parent / "하나.csv", first))
    before = desk_of(ledger)
    before.warm()
    take(
        ledger, write_csv(ledger.path.parent / "둘.csv", [keyed(2, name="의자", product=builders.GREEN, detail=OFFICE)])
    )
    after = desk_of(ledger)
    assert after.source.stock.detail_of(builders.GREEN) == OFFICE
    assert before.source.stock.detail_of(builders.GREEN) is None
    assert after.source.stock.detail_of(PLAIN) is None
    assert len(after.source.stock.by_detail.holding(OFFICE)) == 1
    assert len(after.source.stock.by_group.holding(CHAIR)) > 1


def test_an_emptied_registry_tells_nothing(ledger: Ledger) -> None:
    for name in ("certificates", "offers"):
        replace_source(ledger.path, name, builders.rows(name, []), "test")
    assert state(desk_of(ledger), product_id=builders.GREEN) == "cannot_tell"
