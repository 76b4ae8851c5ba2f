"""Screening single lines on a big registry, beside one plain query of DuckDB for the same products.

Run `python -m benchmarks --only screening --size small|full`. The registry has certified products with one mall offer
each; lines name a product by identification number, by certificate number, by name and model, or only a kind of thing.
"""

from __future__ import annotations

import functools
import gc
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks import data, synthetic_names
from chorok.core.definitions import load
from chorok.core.screening import policy
from chorok.ledger import lookup, registry, schema
from chorok.ledger.asked import Asked
from chorok.ledger.engines import connect
from chorok.ledger.registry import Registry
from chorok.ledger.screening import Desk, Wish
from chorok.ledger.store import Ledger

SIZES = {"small": (20_000, 200), "full": (1_000_000, 2_000)}
"""Certified products, and lines of each kind."""
DAY = date(2016, 6, 1)
LINE_MS, MANY_S, MEMORY_MB = 15, 5, 700
MANY = 5_000
WARM = 20
"""Lines asked before the clock counts: the first touch of pages of the disk."""
CITIES = ("부산광역시", "대전광역시", "서울특별시", "인천광역시")
AREAS = (*CITIES, "전국", "부산광역시, 경상남도", "영남권")

Row = dict[str, object]
Taken = tuple[float, float]
Known = dict[str, str]


def run(size: str) -> list[Row]:
    """Return what laying out takes, one row a kind of line, and 5,000 lines at once; processes of their own."""
    certified, each = SIZES[size]
    ledger = _ledger(certified * 2)
    shutil.rmtree(ledger / "index", ignore_errors=True)
    rows: list[Row] = []
    for job in ("lay_out", "ask"):
        command = [sys.executable, "-m", "benchmarks.screening", job, str(ledger), str(each)]
        rows += json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return rows


def _ledger(products: int) -> Path:
    folder = data.FOLDER / f"screening-{products}"
    if (folder / "done").exists():
        return folder / "ledger"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ledger = Ledger.create(folder / "ledger", DAY.isoformat())
    data.fill_registry(ledger.path, products)
    cities = [{"code": name, "name_ko": name, "name_en": name, "kind": "city"} for name in CITIES]
    tables = {"organisations": pa.Table.from_pylist(cities, schema.REGISTRY["organisations"])}
    certificates = _as_printed(Registry.open(ledger.path).table("certificates"))
    tables["certificates"] = certificates
    numbers = certificates["product_id"].drop_null()
    places = np.arange(len(numbers))
    tables["offers"] = pa.table(
        {
            "offer_no": [f"M-{place}" for place in places],
            "product_id": numbers,
            "price": 1000 + places * 37 % 500_000,
            "currency": ["KRW"] * len(places),
            "unit": ["개"] * len(places),
            "supply_area": [AREAS[place % len(AREAS)] for place in places],
            "contract_from": [date(2015, 1, 1)] * len(places),
            "contract_until": [date(2018, 12, 31)] * len(places),
        }
    )
    for name, rows in tables.items():
        registry.replace_source(ledger.path, name, rows, "bench")
    (folder / "done").touch()
    return ledger.path


def _as_printed(certificates: pa.Table) -> pa.Table:
    """Give certificates numbers as they are printed, five detailed items a class, and names of many kinds."""
    places = [int(number.removeprefix("BENCH-")) for number in certificates["certificate_no"].to_pylist()]
    named = synthetic_names.products(len(places))
    given = {
        "certificate_no": [f"EL-1-{place}" for place in places],
        "detail_code": [_detail(place) for place in places],
        "product_name": [one.name for one in named],
        "model": [one.model for one in named],
        "supplier_name": [one.supplier for one in named],
        "supplier_no": [None] * len(places),
    }
    for name, values in given.items():
        column = pa.array(values, schema.CERTIFICATES.field(name).type)
        certificates = certificates.set_column(certificates.column_names.index(name), name, column)
    return certificates


def _detail(place: int) -> str:
    return f"9900{place % data.GROUPS:04d}{place // data.GROUPS % 5:02d}"


def _number(place: int, _: Known) -> Asked:
    code = _detail(place)
    return Asked(1, description="제품", product_id=str(10_000_000 + place), class_code=code[:8], detail_code=code)


def _certificate(place: int, one: Known) -> Asked:
    return Asked(1, one["product_name"], f"EL-1-{place}", item_hint=f"제품군{place % data.GROUPS}")


def _model(place: int, one: Known) -> Asked:
    model = one["model"] if place < ABSENT else one["model"] + "Q"
    hint = f"제품군{place % data.GROUPS}"
    return Asked(1, one["product_name"], model, item_hint=hint, supplier_name=one["supplier_name"])


def _kind(place: int, _: Known) -> Asked:
    return Asked(1, description=f"제품군{place % data.GROUPS} 제품 {1 + place % 90} 개")


KINDS = {
    "identification number": _number,
    "certificate number": _certificate,
    "name and model": _model,
    "a kind of thing": _kind,
}
"""How a line of each kind is typed."""
ABSENT = 5_000_000
"""Every other line names a product that never was: a number so much higher, or a model that goes on."""


def _lines(kinds: list[str], count: int, seed: int, known: list[Known]) -> list[Asked]:
    dice = random.Random(seed)
    lines = []
    for at in range(count):
        one = dice.choice(known)
        place = int(one["certificate_no"].rpartition("-")[2]) + ABSENT * (at % 2)
        typed = KINDS[kinds[at // 2 % len(kinds)]](place, one)
        city = CITIES[at // 2 % len(CITIES)]
        lines.append(replace(typed, number=at, organisation=city, quantity=Decimal(1 + at % 9)))
    return lines


def _desk(ledger: Ledger) -> Desk:
    desk = Desk.open(ledger, load("national"))
    desk.warm()
    gc.collect()
    gc.freeze()  # as the web process does
    return desk


def _lay_out(ledger: Ledger, _: int) -> list[Row]:
    """Lay out what is resident, as a job does after publishing; the text index apart, which imports make."""
    opened = Registry.open(ledger.path)
    names, names_cpu = _clocked(lambda: lookup.names_of(ledger, opened))
    wall, processor = _clocked(lambda: _desk(ledger))
    disk = sum(file.stat().st_size for kind in ("listed", "stock") for file in ledger.path.glob(f"index/{kind}-*/*"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    return [{"laid out": "resident arrays", "s": round(wall, 1), "processor_s": round(processor, 1),
             "disk_mb": disk // 10**6, "peak_mb": peak},
            {"laid out": "text index", "s": round(names, 1), "processor_s": round(names_cpu, 1)}]  # fmt: skip


def _ask(ledger: Ledger, each: int) -> list[Row]:
    """Ask each line for the first time, then 5,000 of all kinds at once."""
    wish = Wish(replace(policy.preset("legal"), registry_days=100_000), DAY)
    opened, _ = _clocked(lambda: _desk(ledger))
    desk = _desk(ledger)
    known = _certified(desk)
    timed: dict[str, list[Taken]] = {}
    for seed, kind in enumerate(KINDS):
        lines = _lines([kind], each + WARM, seed, known)
        taken = [_clocked(functools.partial(desk.screen, [one], wish)) for one in lines]
        timed[kind] = taken[WARM:]
    many = _lines(list(KINDS), MANY, 99, known)
    wall, processor = _clocked(lambda: desk.screen(many, wish))
    memory = _memory()
    plain = [one for one, _ in _yardstick(ledger, known)]
    rows: list[Row] = [{"lines": kind, **_quantiles(one, plain), "aim_p99_ms": LINE_MS} for kind, one in timed.items()]
    at_once = {"lines": f"{MANY:,} of all kinds at once", "s": round(wall, 2), "processor_s": round(processor, 2)}
    return [*rows, {**at_once, "aim_s": MANY_S, "open_ms": round(opened * 1000)}, {**memory, "aim_mb": MEMORY_MB}]


def _certified(desk: Desk) -> list[Known]:
    """Some products that have a certificate and an identification number."""
    count = desk.source.listed.rows.num_rows
    rows = random.Random(1).sample(range(count), min(count, 10_000))
    found = desk.source.listed.read(rows, ("certificate_no", "product_name", "model", "supplier_name", "product_id"))
    return [one for one in found if one["product_id"]]


def _yardstick(ledger: Ledger, known: list[Known]) -> list[Taken]:
    """One plain query for a product's certificate and offers, on tables that DuckDB holds in memory."""
    registry_ = Registry.open(ledger.path)
    with connect() as engine:
        for name in ("certificates", "offers"):
            engine.register("given", registry_.table(name))
            engine.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM given")
            engine.unregister("given")
        return [_clocked(lambda one=one: engine.execute(_PLAIN, [one["product_id"]]).fetchall()) for one in known[:60]][
            10:
        ]


_PLAIN = """
SELECT c.certificate_no, c.valid_until, o.price FROM certificates c LEFT JOIN offers o USING (product_id)
WHERE c.product_id = ?
"""


def _clocked(work: Callable[[], object]) -> Taken:
    """Return the seconds of some work: by the clock, and of the processor, which others on it do not lengthen."""
    began = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began[0], time.process_time() - began[1]


def _quantiles(taken: list[Taken], plain: list[float]) -> Row:
    wall, processor = zip(*taken, strict=True)
    middle = float(np.quantile(wall, 0.5))
    return {
        "p50_ms": round(middle * 1000, 2),
        "p99_ms": round(float(np.quantile(wall, 0.99)) * 1000, 2),
        "processor_mean_ms": round(sum(processor) / len(processor) * 1000, 2),
        "processor_p99_ms": round(float(np.quantile(processor, 0.99)) * 1000, 2),
        "plain_query_ms": round(float(np.median(plain)) * 1000, 2),
        "ratio": round(middle / float(np.median(plain)), 2),
    }


def _memory() -> Row:
    """Resident memory now: in all, and without what is mapped from files and shared by all processes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = dict(line.split(":", 1) for line in status.splitlines())
    return {f"{name}_mb": int(found[key].split()[0]) // 1000 for name, key in (("all", "VmRSS"), ("own", "RssAnon"))}


if __name__ == "__main__":
    job, place, count = sys.argv[1:]
    print(json.dumps({"lay_out": _lay_out, "ask": _ask}[job](Ledger.open(Path(place)), int(count))))
