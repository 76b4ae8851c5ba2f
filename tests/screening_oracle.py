"""Screening's oracles: typed products by the SQL of an import, and alternatives row by row. Slow, and plain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from chorok.core.matching.areas import Place, reaches
from chorok.ledger import availability, decisions, timeline, verdicts
from chorok.ledger.alternatives import Sought
from chorok.ledger.asked import Asked, product_key
from chorok.ledger.engines import connect, quoted
from chorok.ledger.identity import Identity, Source
from chorok.ledger.schema import PRODUCT_COLUMNS

_PRODUCTS = pa.schema([("product_key", pa.int64()), *((name, pa.string()) for name in PRODUCT_COLUMNS)])
_DETAILS = """
CREATE TEMP TABLE details AS
SELECT product_id, min(detail_code) AS detail_code FROM (
  SELECT product_id, detail_code FROM certificates UNION ALL SELECT product_id, detail_code FROM offers{bought})
WHERE product_id IS NOT NULL AND detail_code IS NOT NULL GROUP BY product_id HAVING count(DISTINCT detail_code) = 1
"""
_ON_THE_DAY = """
SELECT p.product_key, t.state, t.item_group, t.valid_until, v.method, v.state AS verdict,
  coalesce(p.detail_code, d.detail_code) AS detail_code,
  (SELECT list(DISTINCT certificate_no ORDER BY certificate_no) FROM spans s JOIN bases b USING (basis)
   WHERE s.product_key = p.product_key AND s.certificate_no IS NOT NULL AND s.certain
     AND greatest(s.valid_from, b.since) <= $1 AND $1 < least(s.valid_until, b.until)) AS certificates
FROM products p JOIN verdicts v USING (product_key)
JOIN on_days t ON t.product_key = p.product_key AND t.valid_from <= $1 AND $1 < t.valid_until
LEFT JOIN details d ON d.product_id = p.product_id
"""


def identified(source: Source, asked: Sequence[Asked], day: date) -> list[Identity]:
    """Match typed products by the tables and statements of an import."""
    keys = [product_key(one) for one in asked]
    rows = {
        key: {"product_key": key, **{name: getattr(one, name) for name in PRODUCT_COLUMNS}, "kind": "goods"}
        for key, one in zip(keys, asked, strict=True)
    }
    snapshot, registry = source.snapshot, source.registry
    with source.ledger.connection() as connection:
        connection.register("product_rows", pa.Table.from_pylist(list(rows.values()), schema=_PRODUCTS))
        connection.execute("CREATE TEMP TABLE products AS FROM product_rows")
        held = decisions.read(source.ledger, snapshot.decisions if snapshot else None)
        verdicts.prepare(connection, registry, held)
        verdicts.judge(connection, source.lookup, registry.version)
        connection.execute(f"CREATE TEMP TABLE on_days AS {timeline.build(connection, source.definition)}")
        connection.register("offers", registry.table("offers"))
        file = source.products()
        bought = f" UNION ALL SELECT product_id, detail_code FROM read_parquet({quoted(file)})" if file else ""
        connection.execute(_DETAILS.format(bought=bought))
        found = connection.execute(_ON_THE_DAY, [day]).to_arrow_table().to_pylist()
    by_key = {row["product_key"]: _identity(row) for row in found}
    return [by_key[key] for key in keys]


def _identity(row: dict[str, Any]) -> Identity:
    until = row["valid_until"] - timedelta(days=1) if row["state"] == "green" else None
    return Identity(
        row["state"],
        row["method"],
        row["item_group"],
        row["detail_code"],
        None if until is None or until.year == 9999 else until,
        tuple(row["certificates"] or ()),
    )


_FOUND = """
SELECT DISTINCT c.product_id, coalesce(c.product_name, s.product_name) AS product_name, c.model,
  coalesce(s.maker, c.supplier_name) AS maker, c.certificate_no, c.basis, (c.u - 1)::DATE AS valid_until,
  s.price, s.currency, s.unit, s.supply_area, s.minimum, s.product_id IS NOT NULL AS offered,
  coalesce(c.detail_code = $2, false) AS same_item, c.u > $4 AND coalesce(s.u > $4, true) AS lasts
FROM certified c LEFT JOIN supplied s ON s.product_id = c.product_id AND s.f <= $3 AND $3 < s.u
WHERE (c.item_group = $1 OR c.detail_code = $2) AND c.f <= $3 AND $3 < c.u
"""
_RANK = {"sure": 0, "possible": 1, "none": 2}

Answer = tuple[str, list[dict[str, Any]], int, int]


def against(source: Source, sought: Sought, place: Place, quantity: Decimal | None, empty: Path) -> Answer:
    """Return kind, products in order, how many they are, and how many are certified; `empty`: a file to write."""
    with source.ledger.connection() as connection:
        availability.lay_out(connection, source.registry, source.definition, source.products() or _empty(empty))
        rows = connection.execute(_FOUND, list(sought)).to_arrow_table().to_pylist()
    best: dict[Any, dict[str, Any]] = {}
    for row in sorted(rows, key=_by_price):
        reached = reaches(row["supply_area"], place) if row["offered"] else None
        how = _kind(row, reached, quantity)
        key = row["product_id"] or (row["product_name"], row["model"], row["maker"])
        if key not in best or _RANK[how] < _RANK[best[key]["alternative"]]:
            best[key] = {**row, "in_reach": reached, "alternative": how}
    met = [row for row in best.values() if row["alternative"] != "none"]
    met.sort(key=lambda r: (_RANK[r["alternative"]], not r["same_item"], r["in_reach"] is None, _by_price(r)))
    kind = min((row["alternative"] for row in met), key=_RANK.__getitem__, default="none")
    return kind, met, len(met), len(best)


def _kind(row: dict[str, Any], reached: bool | None, quantity: Decimal | None) -> str:
    if row["offered"] and reached is False:
        return "none"
    enough = not row["minimum"] or (quantity is not None and quantity >= row["minimum"])
    return "sure" if reached and row["same_item"] and row["lasts"] and enough else "possible"


def _by_price(row: dict[str, Any]) -> tuple[bool, int, str]:
    text = f"{row['product_name']}{row['certificate_no']}{row['product_id']}"
    return row["price"] is None, row["price"] or 0, text


def _empty(file: Path) -> Path:
    with connect() as connection:
        nothing = "SELECT NULL::VARCHAR AS product_id, NULL::VARCHAR AS detail_code WHERE false"
        connection.execute(f"COPY ({nothing}) TO {quoted(file)} (FORMAT parquet)")
    return file
