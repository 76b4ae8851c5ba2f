"""Definitions as they were: an old snapshot keeps its rules, whatever the program says today."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from builders import CARBON, GREEN, ask, keyed, take, write_csv
from chorok.core import definitions
from chorok.ledger import shelf
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

DAY = "2020-08-03"


@pytest.fixture
def bought(ledger: Ledger, tmp_path: Path) -> Ledger:
    lines = [keyed(1, product=CARBON, day=DAY, amount=700), keyed(2, product=GREEN, day="2019-08-03", amount=300)]
    take(ledger, write_csv(tmp_path / "lines.csv", lines))
    return ledger


def test_each_state_of_the_definitions_is_kept_once(bought: Ledger) -> None:
    kept = sorted(file.name for file in (bought.path / "definitions").glob("*/*.toml"))
    assert kept == sorted(f"{name}.toml" for name in definitions.names())
    assert shelf.keep(bought) == shelf.current() == Published.at(bought).snapshot.definitions


@pytest.mark.parametrize("definition", ["national", "busan"])
def test_an_old_snapshot_is_answered_by_its_own_definitions(definition: str, bought: Ledger) -> None:
    """As if the program had once not known low-carbon products: also the local definition that builds on it."""
    (year,) = ask(bought, definition="national", organisation="T-26").figures
    assert year.amounts.green == 1000
    (folder,) = (bought.path / "definitions").iterdir()
    once = (folder / "national.toml").read_text(encoding="utf-8")
    (folder / "national.toml").write_text(once.replace('"low_carbon"', '"not_thought_of_yet"'), encoding="utf-8")
    shutil.rmtree(bought.path / "derived")
    answer = ask(bought, definition=definition, organisation="T-26")
    assert "low_carbon" not in answer.definition.basis_names()
    if definition == "national":
        assert [figure.amounts.green for figure in answer.figures] == [300]


def test_a_ledger_without_a_shelf_takes_the_definitions_of_the_program(bought: Ledger) -> None:
    shutil.rmtree(bought.path / "definitions")
    assert Published.at(bought).definition("seoul") == definitions.load("seoul")


def test_a_file_of_a_citys_own_is_read_as_it_is(bought: Ledger, tmp_path: Path) -> None:
    own = tmp_path / "ours.toml"
    own.write_text(definitions.texts()["busan"].replace('id = "busan"', 'id = "ours"'), encoding="utf-8")
    assert Published.at(bought).definition(str(own)).id == "ours"
