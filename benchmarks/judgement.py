"""The commands of judgement on a big network, from its cube, beside one plain query over the same cube.

20 cities, 400 organisations, 160 item groups, 60 months: the sizes of the aim. The cube is written directly, with
the columns and the spread that a ledger of some ten million lines would leave; the commands read it as they do any.
"""

from __future__ import annotations

import contextlib
import functools
import io
import shutil
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow as pa

from benchmarks import data
from chorok.cli import main
from chorok.core.cities import City
from chorok.core.definitions import load
from chorok.core.measures.replay import SUMS as REPLAYED
from chorok.core.measures.share import SUMS
from chorok.core.measures.targets import Target
from chorok.ledger import cube, kept, registry, replay, schema
from chorok.ledger.engines import connect, quoted
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger
from chorok.sources import intake
from chorok.sources.intake import Wish

CITIES, ORGANISATIONS, ITEMS, YEARS = 20, 400, 160, range(2015, 2020)
TARGET = 1.0
"""Seconds a command may take after start-up."""

COMMANDS = (
    ("targets", "--year", "2019"),
    ("targets", "suggest", "--organisation", "B-00", "--year", "2020"),
    ("core-items", "--organisation", "B-00", "--year", "2018"),
    ("drivers", "--from", "2015", "--to", "2019", "--organisation", "B-00"),
    ("network", "--year", "2019"),
    ("network", "--by", "year"),
    ("scorecard", "--scheme", "joint", "--year", "2019"),
    ("scorecard", "--scheme", "bsc", "--unit", "organisation", "--year", "2019"),
    ("forecast", "--organisation", "B-00", "--year", "2019"),
    ("forecast", "--by", "city", "--year", "2019"),
    ("replay", "--by", "city", "--period", "2019"),
)


def run(_size: str) -> list[dict[str, object]]:
    """Return one row a command: its seconds, those of one group-by over the cube, their ratio."""
    ledger = _ledger()
    file = cube.file_of(Published.at(ledger), load("national"))
    plain = _best(lambda: _plain(file))
    rows: list[dict[str, object]] = []
    for words in COMMANDS:
        seconds = _best(functools.partial(_quietly, [*words, "--ledger", str(ledger.path), "--json"]))
        rows.append(
            {
                "what": " ".join(("chorok", *words)),
                "seconds": round(seconds, 2),
                "yardstick": round(plain, 2),
                "ratio": round(seconds / plain, 1),
                "target_seconds": TARGET,
            }
        )
    return rows


def _best(work: Callable[[], object]) -> float:
    """The shorter of two runs, the first of which also loads what is loaded once."""
    taken = []
    for _ in range(2):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def _quietly(words: list[str]) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = main(words)
    if code not in (0, 1):
        raise RuntimeError(f"chorok {' '.join(words)} ended with {code}")


def _plain(file: Path) -> object:
    sums = ", ".join(f"sum({name})::BIGINT" for name in SUMS)
    return (
        connect()
        .execute(f"SELECT period // 12, organisation, currency, {sums} FROM read_parquet({quoted(file)}) GROUP BY ALL")
        .to_arrow_table()
    )


def _ledger() -> Ledger:
    """A ledger with the registry of the network, one line so that there is a snapshot, and the cube in full size."""
    folder = data.FOLDER / "judgement"
    if (folder / "done").exists():
        return Ledger.open(folder / "ledger")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ledger = Ledger.create(folder / "ledger", "2019-11-02")
    for table, rows in _registry().items():
        registry.replace_source(ledger.path, table, pa.Table.from_pylist(rows, schema.REGISTRY[table]), "bench")
    one = folder / "one.csv"
    one.write_text("구매일자,기관코드,품명,금액\n2019-01-02,B-00-01,의자,1000\n", encoding="utf-8")
    intake.take_in(ledger, one, Wish(source="bench"))
    for number in range(CITIES):
        code = f"B-{number:02d}"
        kept.add(ledger, "targets", Target(code, 2019, Fraction(50 + number), set_on=date(2019, 2, 1), set_by="bench"))
        kept.add(ledger, "cities", City(code, 2019, population=100_000 * (number + 1), budget=10**12, source="bench"))
    file = cube.file_of(Published.at(ledger), load("national"))
    _cube(file)
    _replayed(file, replay.file_of(Published.at(ledger), load("national")))
    (folder / "done").touch()
    return ledger


def _registry() -> dict[str, list[dict[str, object]]]:
    network: dict[str, object] = {"code": "B-NET", "name_ko": "가상 네트워크", "name_en": "Bench", "kind": "network"}
    organisations = [network]
    per_city = ORGANISATIONS // CITIES
    for city in range(CITIES):
        code = f"B-{city:02d}"
        organisations.append({"code": code, "name_ko": f"가상시{city}", "name_en": f"City {city}", "kind": "city",
                              "parent": "B-NET"})  # fmt: skip
        organisations += [
            {"code": f"{code}-{place:02d}", "name_ko": f"가상구{city}-{place}", "name_en": f"District {city}-{place}",
             "kind": "district", "parent": code}
            for place in range(1, per_city)
        ]  # fmt: skip
    groups: list[dict[str, object]] = [
        {"code": f"I-{item:03d}", "name_ko": f"품목{item}", "name_en": f"Item {item}", "codes": [], "derived": False}
        for item in range(ITEMS)
    ]
    return {"organisations": organisations, "item_groups": groups}


def _cube(file: Path) -> None:
    """Cells for every month, organisation and item, amounts from a hash: the same bytes each time."""
    months = f"range({YEARS[0] * 12}, {(YEARS[-1] + 1) * 12})"
    per_city = ORGANISATIONS // CITIES
    connect().execute(
        f"""
        COPY (
          SELECT m AS period, o AS organisation, NULL::VARCHAR AS department, 'goods' AS kind, i AS item_group,
            'KRW' AS currency, 0::BIGINT AS era, 3::BIGINT AS lines, total AS amount,
            green, total - green AS not_green,
            0::BIGINT AS undetermined, 0::BIGINT AS unknown, 0::BIGINT AS not_eligible, 0::BIGINT AS not_known,
            0::BIGINT AS exempt, 0::BIGINT AS materials_unknown
          FROM (
            SELECT m, o, i, (100000 + h % 5000000)::BIGINT AS total, (total * (20 + h % 60) // 100)::BIGINT AS green
            FROM (
              SELECT m, i, o, (hash(m * 100003 + n) % 1000003 + hash(i) % 1000)::BIGINT AS h
              FROM {months} t(m), (SELECT 'I-' || lpad(x::VARCHAR, 3, '0') AS i FROM range({ITEMS}) r(x)),
                (SELECT x AS n, 'B-' || lpad((x // {per_city})::VARCHAR, 2, '0') ||
                  CASE WHEN x % {per_city} = 0 THEN '' ELSE '-' || lpad((x % {per_city})::VARCHAR, 2, '0') END AS o
                 FROM range({ORGANISATIONS}) r(x)))))
        TO {quoted(file)} (FORMAT parquet, COMPRESSION zstd)
        """
    )


def _replayed(source: Path, file: Path) -> None:
    """The kept sums of a replay for the same cells: what is not green half surely, half possibly to be had green."""
    told = {
        "sure": "not_green // 2",
        "sure_lines": "1",
        "possible": "not_green - not_green // 2",
        "possible_lines": "1",
    }
    sums = ", ".join(f"({told.get(name, '0')})::BIGINT AS {name}" for name in REPLAYED)
    keys = ", ".join((*cube.KEYS, "era"))
    connect().execute(
        f"COPY (SELECT {keys}, {sums}, not_green AS amount FROM read_parquet({quoted(source)})) "
        f"TO {quoted(file)} (FORMAT parquet, COMPRESSION zstd)"
    )
