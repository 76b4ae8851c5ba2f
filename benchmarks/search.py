"""Searching a registry while somebody types, beside DuckDB's LIKE over the same rows.

Run `python -m benchmarks.search --size small|full`. Every keystroke of every query is one search, as the page makes it:
the first page of results, ranked, counted, read from disk. The page of the site adds its template to that.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.synthetic_names import Product, products
from chorok.ledger.catalogue import Catalogue, Wanted
from chorok.ledger.engines import connect
from chorok.ledger.registry import Registry, replace_source
from chorok.ledger.schema import CERTIFICATES, ITEM_GROUPS
from chorok.ledger.store import Ledger

SIZES = {"small": (40_000, 60), "full": (1_000_000, 120)}
TODAY = date(2020, 11, 2)
PAGE = 20

Row = dict[str, Any]


def run(size: str = "small") -> list[Row]:
    """Return one row of figures a method. Each runs in a process of its own, so that its memory is its own."""
    rows = []
    for job in (_ours, _like):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            rows.append(pool.apply(job, SIZES[size]))
    return rows


def _ours(count: int, asked: int) -> Row:
    items = products(count)
    with tempfile.TemporaryDirectory() as folder:
        ledger = _ledger(Path(folder) / "ledger", items)
        registry = Registry.open(ledger.path)
        began = time.perf_counter()
        Catalogue.of(ledger, registry)
        built = time.perf_counter() - began
        disk = sum(path.stat().st_size for path in ledger.path.glob("index/catalogue-*/*"))
        began = time.perf_counter()
        catalogue = Catalogue.of(ledger, registry)
        catalogue.search(Wanted("의자"), TODAY)
        opened = time.perf_counter() - began
        seconds = []
        for text in keystrokes(items, asked):
            began = time.perf_counter()
            catalogue.search(Wanted(text), TODAY, limit=PAGE)
            seconds.append(time.perf_counter() - began)
    return _row("chorok", count, seconds) | {
        "build_s": round(built, 1),
        "open_ms": round(opened * 1000),
        "disk_mb": disk // 10**6,
    }


def _like(count: int, asked: int) -> Row:
    items = products(count)
    with connect() as engine:
        texts = pa.table({"text": [f"{one.name} {one.model} {one.supplier} {one.label}".lower() for one in items]})
        engine.register("given", texts)
        engine.execute("CREATE TEMP TABLE texts AS SELECT * FROM given")
        seconds = []
        for text in keystrokes(items, max(asked // 8, 8)):
            fits = " AND ".join("contains(text, ?)" for _ in text.split())
            began = time.perf_counter()
            engine.execute(f"SELECT text, count(*) OVER () FROM texts WHERE {fits} LIMIT {PAGE}", text.lower().split())
            engine.fetchall()
            seconds.append(time.perf_counter() - began)
    return _row("duckdb contains", count, seconds)


def keystrokes(items: list[Product], count: int) -> list[str]:
    """Return what stands in the box after each key: products by name, maker and model, numbers, and slips."""
    dice = random.Random(7)
    typed: list[str] = []
    for place in dice.sample(range(len(items)), count):
        item = items[place]
        whole = dice.choice(
            (
                item.name,
                item.label,
                item.model,
                f"{item.supplier} {item.label}",
                f"{item.label} {item.model}",
                _number(place),
                f"EL-{place:07d}",
                item.name[:-2] + "쀍",
            )
        )
        typed += [whole[:end] for end in range(1, len(whole) + 1)]
    return typed


def _number(place: int) -> str:
    return str(20_000_000 + place)


def _ledger(folder: Path, items: list[Product]) -> Ledger:
    ledger = Ledger.create(folder, TODAY.isoformat())
    labels = sorted({item.label for item in items})
    codes = {label: f"G-{place:03d}" for place, label in enumerate(labels)}
    groups = [{"code": code, "name_ko": label, "derived": False} for label, code in codes.items()]
    replace_source(ledger.path, "item_groups", pa.Table.from_pylist(groups, schema=ITEM_GROUPS), "bench")
    replace_source(ledger.path, "certificates", _certificates(items, codes), "bench")
    return ledger


def _certificates(items: list[Product], codes: dict[str, str]) -> pa.Table:
    count = len(items)
    begins = [TODAY - timedelta(days=place * 37 % 1500) for place in range(count)]
    known = {
        "certificate_no": [f"EL-{place:07d}" for place in range(count)],
        "basis": ["eco_label"] * count,
        "status": ["certified"] * count,
        "valid_from": begins,
        "valid_until": [day + timedelta(days=1095) for day in begins],
        "item_group": [codes[item.label] for item in items],
        "item_label": [item.label for item in items],
        "product_id": [_number(place) for place in range(count)],
        "product_name": [item.name for item in items],
        "model": [item.model for item in items],
        "supplier_name": [item.supplier for item in items],
    }
    return pa.table({name: pa.array(values) for name, values in known.items()}).select(
        [name for name in CERTIFICATES.names if name in known]
    )


def _row(method: str, count: int, seconds: list[float]) -> Row:
    at = {name: round(float(np.quantile(seconds, part)) * 1000, 2) for name, part in _PARTS}
    return {
        "benchmark": "search",
        "method": method,
        "products": count,
        "keystrokes": len(seconds),
        **at,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
    }


_PARTS = (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99), ("worst_ms", 1.0))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    rows = run(parser.parse_args().size)
    for row in rows:
        print("  ".join(f"{key}={value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
