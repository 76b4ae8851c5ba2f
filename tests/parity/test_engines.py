"""The same measures on DuckDB and on Spark Connect give the same numbers, row for row."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest

import builders
from builders import (
    BOTH,
    CARBON,
    CITY,
    EAST,
    GIVEN_UP,
    GREEN,
    LABELLED,
    MOVED,
    OTHER_CITY,
    PLAIN,
    REVOKED,
    UNDATED,
    keyed,
    take,
    write_csv,
)  # fmt: skip
from chorok.cli import main
from chorok.core import periods
from chorok.core.definitions import load
from chorok.core.measures import quantity, share
from chorok.ledger import figures, quantities
from chorok.ledger.engines import Engine, open_engine
from chorok.ledger.figures import Question
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

if importlib.util.find_spec("pysail") is None:
    if os.environ.get("CI") == "true":
        pytest.fail("pysail is not installed: parity cannot be shown", pytrace=False)
    pytest.skip("pysail is not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a Spark Connect server of our own on this machine."""
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    with pytest.MonkeyPatch.context() as patch:
        # A worker of xdist has no main file; the client takes that for its own doctests, unless there is a prompt.
        patch.setattr(sys, "ps1", "", raising=False)
        yield f"sc://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(scope="module")
def spark(url: str) -> Iterator[Engine]:
    opened = open_engine(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def bought(registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger of lines of every kind, with change orders and furnished quantities."""
    ledger = builders.copy(registered, tmp_path_factory.mktemp("두 엔진") / "ledger")
    draw = random.Random(3)
    places = [CITY, EAST, MOVED, OTHER_CITY, "서구", "없는기관"]
    rows = [
        keyed(
            number, day=date(2017, 1, 1) + timedelta(draw.randrange(1800)), change=0, final=draw.choice("YYN"),
            org=draw.choice(places), amount=draw.randrange(-(10**6), 10**12),
            product=draw.choice([GREEN, BOTH, REVOKED, UNDATED, GIVEN_UP, CARBON, LABELLED, PLAIN, ""]),
            class_=draw.choice(["", "90000001", "90000002", "90000003", "99999999"]), name="ㅁㅁㅁ",
            kind=draw.choice(["물품", "공사", "용역"]), department=draw.choice(["", "환경과"]),
            quantity=draw.choice(["", "1", "2.5"]), unit=draw.choice(["개", "대"]), ground=draw.choice(["", "2"]),
        )
        for number in range(250)
    ]  # fmt: skip
    rows += [{**row, "change": "1", "amount": "5"} for row in rows[:40]]
    assert take(ledger, write_csv(ledger.path.parent / "1.csv", rows)).batch.total().accepted.lines == 290
    return ledger


def read(frame: nw.LazyFrame[Any]) -> list[tuple[str, ...]]:
    """Return the rows of a frame in an order that does not depend on the engine."""
    collected = frame.collect("pyarrow")
    names = sorted(collected.columns)
    return sorted(tuple(str(row[name]) for name in names) for row in collected.rows(named=True))


@pytest.mark.parametrize("grain", periods.GRAINS)
@pytest.mark.parametrize("definition", ["national", "busan"])
def test_cells_of_shares(bought: Ledger, spark: Engine, grain: str, definition: str) -> None:
    published, duckdb, found = Published.at(bought), Engine(threads=1), []
    for engine in (duckdb, spark):
        by = {
            "period": periods.number(grain),
            "organisation": nw.col("organisation"),
            "item_group": nw.col("item_group"),
            "era": share.era([date(2019, 7, 1), date(2020, 1, 1)]),
        }
        found.append(read(share.cells(published.lines(engine), published.timeline(engine, load(definition)), by)))
    assert len(found[0]) > 20
    assert found[0] == found[1]


def test_cells_of_quantities(bought: Ledger, spark: Engine) -> None:
    published, found = Published.at(bought), []
    for engine in (Engine(threads=1), spark):
        lines, timeline = published.lines(engine), published.timeline(engine, load("national"))
        rows = quantity.cells(lines, timeline, ["organisation", "item_group"]).collect("pyarrow").rows(named=True)
        found.append(sorted(tuple(_plain(row[name]) for name in sorted(row)) for row in rows))
    assert len(found[0]) > 10
    assert found[0] == found[1]


def _plain(value: Any) -> str:
    return format(value.normalize(), "f") if hasattr(value, "normalize") else str(value)


@pytest.mark.parametrize(
    "question",
    [
        Question(("year", "city")),
        Question(("quarter", "organisation", "item"), "all_goods"),
        Question(("month", "department", "kind"), organisation=CITY, period=periods.parse("2018..2019")),
        Question(("network",), tree="now", definition="busan"),
        Question((), "eligible_less_grounds"),
    ],
    ids=lambda question: "-".join(question.by) or "whole",
)
def test_answers(bought: Ledger, spark: Engine, question: Question) -> None:
    published = Published.at(bought)
    ours, theirs = (figures.answer(published, engine, question) for engine in (Engine(threads=1), spark))
    assert ours.figures
    assert ours == theirs


def test_quantities(bought: Ledger, spark: Engine) -> None:
    published, question = Published.at(bought), Question(("year", "city", "item"), tree="now")
    ours, theirs = (quantities.answer(published, engine, question) for engine in (Engine(threads=1), spark))
    assert ours
    assert ours == theirs


def test_an_empty_ledger(registered: Path, tmp_path: Path, spark: Engine) -> None:
    ledger = builders.copy(registered, tmp_path / "ledger")
    fixed = builders.profile("key", "no", "day", "org", "amount")
    take(ledger, write_csv(tmp_path / "1.csv", [keyed(n, day="미정") for n in range(3)]), profile=fixed)
    published = Published.at(ledger)
    assert figures.answer(published, spark, Question()) == figures.answer(published, Engine(threads=1), Question())


def test_by_the_command_line(bought: Ledger, url: str, spark: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for engine in ("duckdb", url):
        for more in ((), ("--quantity",)):
            words = ["share", "--by", "year,city", "--tree", "now", "--ledger", str(bought.path), "--engine", engine]
            assert main([*words, *more, "--json", "--lang", "ko"]) == 0
            said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[2]
    assert said[1] == said[3]
