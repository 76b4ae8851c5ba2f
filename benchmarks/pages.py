"""The pages of figures on a big ledger: the dashboard from its cube, the lines behind a figure from the lines.

The ledger is written directly in the shape that imports leave: lines by year, each organisation's lines together as
they come from one office's file, products with one to three stretches; then published as any other.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks import data
from chorok.ledger import cube, publishing, purchases, registry, schema
from chorok.ledger.engines import connect, quoted
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger, sql_type

SIZES = {"small": (1_000_000, 50_000), "full": (100_000_000, 1_000_000)}
CITIES, ORGANISATIONS = 20, 400
DASHBOARD_MS, LINES_MS = 300, 1000
"""What p95 of a page may take."""


def run(size: str) -> list[dict[str, object]]:
    """Return one row a page: median and p95 of its answers, each question asked for the first time."""
    lines, products = SIZES[size]
    ledger = _ledger(lines, products)
    command = [sys.executable, "-m", "benchmarks.pages", str(ledger.path)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    aims = {"dashboard": DASHBOARD_MS, "items": DASHBOARD_MS, "lines": LINES_MS}
    return [{"what": f"{name}; {lines:,} lines", **row, "aim_p95_ms": aims[name]} for name, row in found.items()]


def _ledger(lines: int, products: int) -> Ledger:
    folder = data.FOLDER / f"pages-{lines}-{products}"
    if (folder / "done").exists():
        return Ledger.open(folder / "ledger")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ledger = Ledger.create(folder / "ledger", "2019-11-02")
    data.fill_registry(ledger.path, products)
    rows = pa.Table.from_pylist(_organisations(), schema.REGISTRY["organisations"])
    registry.replace_source(ledger.path, "organisations", rows, "bench")
    _lines(ledger, folder, lines, products)
    publishing.publish(ledger, "import", "bench")
    published = Published.at(ledger)
    cube.build(published, published.definition("national"), published.tree.change_dates())
    (folder / "done").touch()
    return ledger


def _organisations() -> list[dict[str, object]]:
    each = ORGANISATIONS // CITIES
    found: list[dict[str, object]] = [{"code": "B-NET", "name_ko": "가상망", "name_en": "Bench", "kind": "network"}]
    for number in range(ORGANISATIONS):
        city, place = divmod(number, each)
        kind, parent = ("district", f"B-{city:02d}-00") if place else ("city", "B-NET")
        name = f"가상{'구' if place else '시'}{city}-{place}"
        found.append({"code": f"B-{city:02d}-{place:02d}", "name_ko": name, "name_en": name, "kind": kind,
                      "parent": parent})  # fmt: skip
    return found


def _lines(ledger: Ledger, folder: Path, lines: int, products: int) -> None:
    """Post the lines as one batch: files by year, those of an organisation next to each other."""
    connection = connect(memory_limit="6GB", temp=folder / "spill")
    each, years = ORGANISATIONS // CITIES, range(2015, 2020)
    count = lines // len(years)
    columns = {
        "batch": "'bench'",
        "date_kind": "'order'",
        "organisation": f"'B-' || lpad((n // {each})::VARCHAR, 2, '0') || '-' || lpad((n % {each})::VARCHAR, 2, '0')",
        "department": "'부서' || (i % 5)",
        "kind": "'goods'",
        "supplier_name": "'주식회사 예시' || (p % 5000)",
        "product_id": "(10000000 + p)::VARCHAR",
        "class_code": f"'9900' || lpad((p % {data.GROUPS})::VARCHAR, 4, '0')",
        "description": f"'제품군' || (p % {data.GROUPS}) || ' 제품'",
        "specification": "'BX-' || p || 'K'",
        "quantity": "(1 + i % 9)",
        "unit": "'개'",
        "amount": "(100 + hash(i * 11) % 5000000)",
        "currency": "'KRW'",
        "source": "'bench'",
        "product_key": "hash(p) % 1152921504606846975",
    }
    for year in years:
        made = {**columns, "line_id": f"i + {year * 10**9}", "bought_on": f"DATE '{year}-01-01' + (hash(i) % 365)::INT"}
        listed = ", ".join(
            f"({made.get(field.name, 'NULL')})::{sql_type(field.type)} AS {field.name}"
            for field in schema.PURCHASES
            if field.name != "year"
        )
        place = folder / "staged" / f"year={year}"
        place.mkdir(parents=True)
        connection.execute(
            f"COPY (SELECT {listed} FROM (SELECT i, i // {count // ORGANISATIONS} AS n, hash(i * 3) % {products} AS p "
            f"FROM range({count}) t(i))) TO {quoted(place / '0.parquet')} (FORMAT parquet, COMPRESSION zstd)"
        )
    connection.close()
    with ledger.writing():
        purchases.post(ledger, "bench", 1, folder / "staged")


def _ask(folder: Path) -> None:
    """Ask each page as officers of all cities and some districts do, and print how long the answers took."""
    with tempfile.TemporaryDirectory() as work:
        os.environ |= {"CHOROK_LEDGER": str(folder), "CHOROK_SITE": work, "CHOROK_HOSTS": "testserver",
                       "DJANGO_SETTINGS_MODULE": "chorok.site.config.settings"}  # fmt: skip
        from django.core.management import call_command

        import chorok.site.config.wsgi  # noqa: F401 - with the bounds of a web process

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        print(json.dumps({name: _timed(path) for name, path in PAGES.items()}))


PAGES = {"dashboard": "/performance/", "items": "/performance/items/", "lines": "/performance/lines/"}


def _timed(path: str) -> dict[str, object]:
    clients = [_client(f"B-{city:02d}-00") for city in range(0, CITIES, 4)]
    _answer(clients[0], path, {"period": "2015"})  # templates and modules are loaded once
    asked = [
        (client, {"period": str(year), "organisation": f"B-{number * 4:02d}-{place:02d}"})
        for number, client in enumerate(clients)
        for year in range(2016, 2020)
        for place in (0, 1 + number, 7 + year % 5)
    ]
    taken = [_answer(client, path, query) for client, query in asked]
    wall, processor = (sorted(one[place] for one in taken) for place in (0, 1))
    middle, last = len(taken) // 2, len(taken) * 95 // 100
    return {
        "asked": len(taken),
        "median_ms": round(wall[middle]),
        "p95_ms": round(wall[last]),
        "processor_median_ms": round(processor[middle]),
        "processor_p95_ms": round(processor[last]),
    }


def _client(city: str) -> Any:
    from datetime import date

    from django.test import Client

    from chorok.site.accounts.models import Membership, User

    user, made = User.objects.get_or_create(email=f"{city}@example.org", defaults={"name": city})
    if made:
        Membership.objects.create(user=user, role="officer", organisation=city, valid_from=date(2015, 1, 1))
    client = Client()
    client.force_login(user)
    return client


def _answer(client: Any, path: str, query: dict[str, str]) -> tuple[float, float]:
    """Return the milliseconds of an answer: by the clock, and of the processor, which others on it do not lengthen."""
    started = time.perf_counter(), time.process_time()
    answer = client.get(path, query)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} {query}: {answer.status_code}")
    return (time.perf_counter() - started[0]) * 1000, (time.process_time() - started[1]) * 1000


if __name__ == "__main__":
    _ask(Path(sys.argv[1]).resolve())
