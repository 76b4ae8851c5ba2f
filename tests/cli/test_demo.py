"""The example network by the command line: Table 1 and Table 2 of both cities to the printed digit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import builders
from chorok.cli import main
from chorok.core.money import decimals_shown, percent
from chorok.demo.published import TABLE_1, TABLE_2
from chorok.demo.run import CITY_CODES
from chorok.demo.vocabulary import item_groups
from chorok.ledger import batches
from chorok.ledger.batches import Tally
from chorok.ledger.store import Ledger


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("예시") / "demo network"


def test_the_tables_come_out_of_the_lines(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", str(demo), "--scale", "0.02", "--json", "-q", "--lang", "en"]) == 0
    rows = json.loads(capsys.readouterr().out)
    tables = rows if isinstance(rows, list) else rows["table_1"]
    found = {(row["city"], row["year"]): row for row in tables}
    assert len(found) == len(TABLE_1) == 10
    for row in TABLE_1:
        ours = found[row.city, str(row.year)]
        assert ours["share"] == row.calibrated_share
        assert ours["published"] == row.share
        assert float(ours["low"]) <= float(ours["share"]) <= float(ours["high"])
    assert found["Daejeon", "2016"]["share"] == "36.86", "no ledger can give 36.89"
    ledger = Ledger.open(demo / "ledger")
    _table_2(ledger)
    _nothing_lost(ledger)


def _table_2(ledger: Ledger) -> None:
    codes = {group.name_en: group.code for group in item_groups()}
    found = builders.amounts(builders.ask(ledger, "city", "year", "item"))
    compared = 0
    for row in TABLE_2:
        for year, printed in (("2018", row.base_2018), ("2019", row.result_2019)):
            if row.item != "total":
                share = found[CITY_CODES[row.city], year, codes[row.item]].share()
                assert str(percent(share.value, decimals_shown(printed))) == printed, (row.city, year, row.item)
                compared += 1
    assert compared >= 10


def _nothing_lost(ledger: Ledger) -> None:
    every = batches.every(ledger)
    assert all(account.balanced for batch in every for account in batch.accounts)
    accepted = sum((batch.total().accepted for batch in every), Tally())
    lines, amount = builders.totals(ledger)
    replaced = [batch for batch in every if batch.replaces]
    assert replaced, "a replacing file is among them"
    assert lines < accepted.lines
    assert amount <= accepted.amount
