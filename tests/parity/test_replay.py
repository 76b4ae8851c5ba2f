"""The replay on DuckDB and on Spark Connect gives the same rows."""

from __future__ import annotations

import importlib.util
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
from builders import CITY, EAST, MOVED, OTHER_CITY, keyed, take, write_csv
from chorok.core.definitions import load
from chorok.core.measures import replay
from chorok.ledger import figures
from chorok.ledger import replay as replays
from chorok.ledger.engines import Engine, open_engine
from chorok.ledger.figures import Question
from chorok.ledger.published import Published
from chorok.ledger.registry import replace_source

if importlib.util.find_spec("pysail") is None:
    if os.environ.get("CI") == "true":
        pytest.fail("pysail is not installed: parity cannot be shown", pytrace=False)
    pytest.skip("pysail is not installed", allow_module_level=True)

DETAILS = ["9000000101", "9000000201", ""]


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    """An engine on a Spark Connect server of our own on this machine."""
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    with pytest.MonkeyPatch.context() as patch:
        # A worker of xdist has no main file; the client takes that for its own doctests, unless there is a prompt.
        patch.setattr(sys, "ps1", "", raising=False)
        opened = open_engine(f"sc://127.0.0.1:{port}")
        yield opened
        opened.close()
    server.stop()


@pytest.fixture(scope="module")
def published(registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    ledger = builders.copy(registered, tmp_path_factory.mktemp("재심사") / "ledger")
    offers = [
        {"offer_no": f"M-{number}", "product_id": f"8000000{number}", "detail_code": DETAILS[number % 2],
         "supply_area": area, "contract_from": date(2018, 1, 1), "contract_until": date(2019, 9, 30),
         "minimum_order": number if number % 2 else None, "currency": "KRW", "price": 5, "read_on": date(2019, 1, 1)}
        for number, area in enumerate(["전국", "가람시", "없는곳", None], 1)
    ]  # fmt: skip
    replace_source(ledger.path, "offers", builders.rows("offers", offers), "mall")
    draw = random.Random(4)
    lines = [
        keyed(
            number, day=date(2017, 1, 1) + timedelta(draw.randrange(1400)), amount=draw.randrange(-100, 10**12),
            org=draw.choice([CITY, EAST, MOVED, OTHER_CITY, "없는기관"]), product=draw.choice(["80000099", "80000005"]),
            detail=draw.choice(DETAILS), class_=draw.choice(["90000001", "90000002"]), name="ㅁㅁ",
            quantity=draw.choice(["", "1", "2.5"]), unit="개", ground=draw.choice(["", "1", "②"]),
            kind=draw.choice(["물품", "공사"]),
        )
        for number in range(250)
    ]  # fmt: skip
    take(ledger, write_csv(ledger.path.parent / "1.csv", lines))
    return Published.at(ledger)


def rows(frame: nw.LazyFrame[Any]) -> list[tuple[str, ...]]:
    collected = frame.collect("pyarrow")
    names = sorted(collected.columns)
    return sorted(tuple(str(row[name]) for name in names) for row in collected.rows(named=True))


def test_cells_and_outcomes(published: Published, spark: Engine) -> None:
    definition, tree = load("national"), figures.tree_of(published, Question())
    cells, outcomes = [], []
    for engine in (Engine(threads=1), spark):
        judged = replays.judged(published, engine, definition, tree)
        cells.append(rows(replay.cells(judged, {"item_group": nw.col("item_group"), "era": nw.col("era")})))
        told = judged.with_columns(replay.outcome("legal"))
        outcomes.append(rows(told.select("line_id", "alternative", "outcome")))
    assert cells[0] == cells[1]
    assert outcomes[0] == outcomes[1]
    assert {row[0] for row in outcomes[0]} == set(replay.ALTERNATIVES)
    assert {row[2] for row in outcomes[0]} == set(replay.OUTCOMES)
