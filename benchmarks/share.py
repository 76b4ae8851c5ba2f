"""`share --by year,org,item` from the lines, beside the fastest SQL written by hand on the same files, same memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks import data
from chorok.ledger.engines import connect, quoted

SIZES = {"small": (5_000_000, 100_000), "full": (100_000_000, 1_000_000)}
MEMORY = "1500MB"
TARGET, TARGET_MB = 1.3, 2048

BY_HAND = """
SELECT year(l.bought_on) AS period, l.organisation, t.item_group, l.currency, count(*) AS lines,
  sum(l.amount)::BIGINT AS amount,
  sum(CASE WHEN t.state = 'green' THEN l.amount ELSE 0 END)::BIGINT AS green,
  sum(CASE WHEN t.state = 'not_green' THEN l.amount ELSE 0 END)::BIGINT AS not_green,
  sum(CASE WHEN t.state = 'undetermined' AND t.item_group IS NOT NULL THEN l.amount ELSE 0 END)::BIGINT AS undetermined,
  sum(CASE WHEN t.state = 'undetermined' AND t.item_group IS NULL THEN l.amount ELSE 0 END)::BIGINT AS unknown,
  sum(CASE WHEN t.state = 'not_eligible' THEN l.amount ELSE 0 END)::BIGINT AS not_eligible,
  sum(CASE WHEN t.state = 'not_known' THEN l.amount ELSE 0 END)::BIGINT AS not_known,
  sum(CASE WHEN t.state = 'not_green' AND l.ground IS NOT NULL THEN l.amount ELSE 0 END)::BIGINT AS exempt,
  sum(CASE WHEN t.state = 'not_eligible' AND l.kind <> 'goods' AND l.product_id IS NULL AND l.class_code IS NULL
    AND l.detail_code IS NULL THEN l.amount ELSE 0 END)::BIGINT AS materials_unknown
FROM read_parquet({lines}) l JOIN read_parquet({timeline}) t
  ON l.product_key = t.product_key AND t.valid_from <= l.bought_on AND l.bought_on < t.valid_until
GROUP BY ALL
"""


def run(size: str) -> list[dict[str, object]]:
    """Return one row: seconds of ours and of the SQL by hand, ratio, peak memory of ours, whether rows are equal."""
    lines, products = SIZES[size]
    folder = _files(lines, products)
    best: dict[str, dict[str, float]] = {}
    for _ in range(2):
        for who in ("hand", "ours"):  # a process each, in turn: neither finds the other's memory
            found = json.loads(_ask(who, folder))
            if who not in best or found["seconds"] < best[who]["seconds"]:
                best[who] = found
    ours, hand = best["ours"], best["hand"]
    return [
        {
            "what": f"share by year, org, item; {lines:,} lines, {products:,} products, {int(ours['rows']):,} groups",
            "seconds": round(ours["seconds"], 2),
            "yardstick": round(hand["seconds"], 2),
            "ratio": round(ours["seconds"] / hand["seconds"], 2),
            "target": TARGET,
            "peak_mb": int(ours["peak_mb"]),
            "equal": ours["sum"] == hand["sum"] and ours["rows"] == hand["rows"],
        }
    ]


def _ask(who: str, folder: Path) -> str:
    command = [sys.executable, "-m", "benchmarks.share_once", who, str(folder), MEMORY]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _files(lines: int, products: int) -> Path:
    """Lines and timeline as the ledger lays them down: Parquet a year, one to three stretches a product."""
    folder = data.FOLDER / f"share-{lines}-{products}"
    if (folder / "done").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    connection = connect(memory_limit="4GB", temp=folder / "spill")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(
        f"""
        COPY (
          SELECT i AS line_id, DATE '2015-01-01' + (hash(i) % 1826)::INT AS bought_on,
            'BENCH-' || lpad((hash(i * 7) % {data.ORGANISATIONS})::VARCHAR, 3, '0') AS organisation,
            NULL::VARCHAR AS department,
            'goods' AS kind, (10000000 + hash(i * 3) % {products})::VARCHAR AS product_id, NULL::VARCHAR AS class_code,
            NULL::VARCHAR AS detail_code, (100 + hash(i * 11) % 5000000)::BIGINT AS amount, 'KRW' AS currency,
            NULL::VARCHAR AS ground, NULL::VARCHAR AS unit, (1 + hash(i * 13) % 9)::DECIMAL(18, 4) AS quantity,
            ((hash(i * 3) % {products}) * 1099511627 % 1152921504606846975)::BIGINT AS product_key,
            year(DATE '2015-01-01' + (hash(i) % 1826)::INT) AS year
          FROM range({lines}) t(i)
        ) TO {quoted(folder / "lines")} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (year))
        """
    )
    connection.execute(
        f"""
        COPY (
          WITH p AS (SELECT p, (p::HUGEINT * 1099511627 % 1152921504606846975)::BIGINT AS product_key,
            'G' || lpad((p % {data.GROUPS})::VARCHAR, 3, '0') AS item_group,
            DATE '2014-06-01' + (hash(p) % 1400)::INT AS f
            FROM range({products}) t(p))
          SELECT product_key, item_group, DATE '0001-01-01' AS valid_from, f AS valid_until, 'not_green' AS state
            FROM p WHERE p % 2 = 0
          UNION ALL SELECT product_key, item_group, f, f + 1095, 'green' FROM p WHERE p % 2 = 0
          UNION ALL SELECT product_key, item_group, f + 1095, DATE '9999-12-31', 'not_green' FROM p WHERE p % 2 = 0
          UNION ALL SELECT product_key, CASE WHEN p % 5 <> 0 THEN item_group END, DATE '0001-01-01', DATE '9999-12-31',
            CASE WHEN p % 5 = 0 OR p % 7 = 0 THEN 'undetermined' ELSE 'not_green' END FROM p WHERE p % 2 = 1
        ) TO {quoted(folder / "timeline.parquet")} (FORMAT parquet, COMPRESSION zstd)
        """
    )
    (folder / "done").touch()
    return folder
