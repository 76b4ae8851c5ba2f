"""The replay from lines, beside the plain share on the same lines, same memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks import data, share
from chorok.ledger.engines import connect, quoted

SIZES = {"small": (1_000_000, 50_000), "full": (10_000_000, 200_000)}
REGIONS, DETAILS = 20, 5
TARGET = 3.0


def run(size: str) -> list[dict[str, object]]:
    """Return one row: seconds of the replay with the share it starts from, of the share alone, and their ratio."""
    lines, products = SIZES[size]
    folder = _files(lines, products)
    best: dict[str, dict[str, float]] = {}
    for _ in range(2):
        for who in ("share", "replay"):  # a process each, in turn: neither finds the other's memory
            command = [sys.executable, "-m", "benchmarks.replay_once", who, str(folder), share.MEMORY]
            found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            if who not in best or found["seconds"] < best[who]["seconds"]:
                best[who] = found
    plain, replayed = best["share"], best["replay"]
    return [
        {
            "what": f"replay by year, org, item; {lines:,} lines, {products:,} products, {REGIONS} regions",
            "seconds": round(replayed["seconds"] + plain["seconds"], 2),
            "replay_alone": round(replayed["seconds"], 2),
            "yardstick": round(plain["seconds"], 2),
            "ratio": round((replayed["seconds"] + plain["seconds"]) / plain["seconds"], 2),
            "target": TARGET,
            "peak_mb": int(replayed["peak_mb"]),
            "equal": replayed["open"] == plain["open"],
        }
    ]


def _files(lines: int, products: int) -> Path:
    """The files of the share, with detailed items; an availability of some stretches a key; organisations' regions."""
    plain = share._files(lines, products)
    folder = data.FOLDER / f"replay-{lines}-{products}"
    if (folder / "done").exists():
        return folder
    (folder / "lines").mkdir(parents=True, exist_ok=True)
    connection = connect(memory_limit="4GB", temp=folder / "spill")
    detail = f"'9900' || lpad(((product_key * 31) % {data.GROUPS * DETAILS})::VARCHAR, 6, '0')"
    for year in sorted((plain / "lines").iterdir()):
        connection.execute(
            f"COPY (SELECT * REPLACE ({detail} AS detail_code), NULL::BOOLEAN AS furnished_material "
            f"FROM read_parquet({quoted(year / '*.parquet')}, hive_partitioning = false)) "
            f"TO {quoted(folder / 'lines' / f'{year.name}.parquet')} (FORMAT parquet, COMPRESSION zstd)"
        )
    connection.execute(
        f"""
        COPY (
          SELECT g AS of_group, d AS of_detail, r AS region, since, until,
            CASE n WHEN 0 THEN 'none' WHEN 1 THEN 'possible' ELSE 'sure' END AS alternative,
            CASE WHEN n = 2 THEN 2::DECIMAL(18, 4) END AS minimum
          FROM (SELECT DISTINCT t.item_group AS g, l.detail_code AS d
            FROM read_parquet({quoted(folder / "lines" / "*.parquet")}) l
            JOIN read_parquet({quoted(plain / "timeline.parquet")}) t USING (product_key)
            WHERE t.item_group IS NOT NULL),
            range({REGIONS}) x(r), (VALUES (0, DATE '0001-01-01', DATE '2016-01-01'),
            (1, DATE '2016-01-01', DATE '2017-07-01'), (2, DATE '2017-07-01', DATE '9999-12-31')) AS v(n, since, until)
        ) TO {quoted(folder / "availability.parquet")} (FORMAT parquet)
        """
    )
    connection.execute(
        f"COPY (SELECT 'BENCH-' || lpad(i::VARCHAR, 3, '0') AS written, 0::BIGINT AS era, i % {REGIONS} AS region "
        f"FROM range({data.ORGANISATIONS}) t(i)) TO {quoted(folder / 'places.parquet')} (FORMAT parquet)"
    )
    (folder / "timeline.parquet").unlink(missing_ok=True)
    (folder / "timeline.parquet").hardlink_to(plain / "timeline.parquet")
    (folder / "done").touch()
    return folder
