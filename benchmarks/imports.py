"""From a CSV to a posted, matched, published ledger, beside DuckDB alone turning the same UTF-8 file into Parquet."""

from __future__ import annotations

import contextlib
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from benchmarks import data
from chorok.ledger import verdicts
from chorok.ledger.engines import connect, quoted
from chorok.ledger.lookup import Lookup
from chorok.ledger.registry import Registry
from chorok.ledger.store import Ledger
from chorok.sources import intake

SIZES = {"small": (500_000, 20_000), "full": (10_000_000, 200_000)}
TARGETS = {"utf-8": 2.5, "cp949": 4.0}


def run(size: str) -> list[dict[str, object]]:
    """Return one row an encoding: seconds of wall and processor, of the yardstick, and their ratios.

    Names that no code decides are looked up one by one in any tool; what that takes is shown apart.
    """
    lines, products = SIZES[size]
    plain, korean = data.purchases_csv(lines, products), data.purchases_csv(lines, products, cp949=True)
    yardstick = min(_spent(lambda: _to_parquet(plain)) for _ in range(2))
    rows = []
    for name, file in (("utf-8", plain), ("cp949", korean)):
        ledger = _ledger(products)
        steps: dict[str, float] = {}
        with _names_timed() as names:
            seconds, processor = _spent(lambda file=file, ledger=ledger, steps=steps: _import(ledger, file, steps))
        rows.append(
            {
                "what": f"import {name}, {lines:,} lines, {products:,} products",
                "seconds": round(seconds, 2),
                "yardstick": round(yardstick[0], 2),
                "ratio": round(seconds / yardstick[0], 2),
                "names": round(names[0], 2),
                "ratio_without_names": round((seconds - names[0]) / yardstick[0], 2),
                "ratio_of_processor_time": round(processor / yardstick[1], 2),
                "target": TARGETS[name],
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "steps": ", ".join(f"{step} {value:.1f}" for step, value in steps.items()),
            }
        )
    return rows


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds by the clock and of the processors, helper processes included, that a piece of work takes."""
    started, used = time.perf_counter(), _processor()
    work()
    return time.perf_counter() - started, _processor() - used


def _processor() -> float:
    own, helpers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + helpers.ru_utime + helpers.ru_stime


@contextlib.contextmanager
def _names_timed() -> Iterator[list[float]]:
    """Put the seconds that all look-ups by name take into the one number that is yielded."""
    look_up, seconds = verdicts._looked_up, [0.0]

    def timed(*given: Any) -> pa.Table:
        started = time.perf_counter()
        found = look_up(*given)
        seconds[0] = time.perf_counter() - started
        return found

    verdicts._looked_up = timed
    try:
        yield seconds
    finally:
        verdicts._looked_up = look_up


def _to_parquet(file: object) -> None:
    target = data.FOLDER / "yardstick.parquet"
    connect().execute(
        f"COPY (FROM read_csv({quoted(str(file))})) TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)"
    )
    target.unlink()


def _ledger(products: int) -> Ledger:
    """An empty ledger with a registry; the text index belongs to the registry and is built before the clock starts."""
    folder = data.FOLDER / "ledger"
    shutil.rmtree(folder, ignore_errors=True)
    ledger = Ledger.create(folder)
    data.fill_registry(folder, products)
    Lookup.open(ledger, Registry.open(folder))
    return ledger


def _import(ledger: Ledger, file: object, steps: dict[str, float]) -> None:
    last = ["", time.perf_counter()]

    def told(step: str, _done: int, _total: int) -> None:
        if step != last[0]:
            now = time.perf_counter()
            if last[0]:
                steps[str(last[0])] = now - float(last[1])
            last[:] = [step, now]

    done = intake.take_in(ledger, file, told=told)
    steps[str(last[0])] = time.perf_counter() - float(last[1])
    assert done.batch.total().balanced
