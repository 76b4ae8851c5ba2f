"""What typed products are on a day: matched as an import matches them, with nothing written."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from chorok.core.definitions import Definition
from chorok.ledger import decisions, learning, timeline, verdicts
from chorok.ledger.asked import Asked, product_key
from chorok.ledger.engines import Connection, quoted
from chorok.ledger.lookup import Lookup
from chorok.ledger.publishing import derived
from chorok.ledger.registry import Registry
from chorok.ledger.schema import PRODUCT_COLUMNS
from chorok.ledger.snapshots import Snapshot
from chorok.ledger.store import Ledger


@dataclass(frozen=True)
class Identity:
    """What matching says of a product on the day: its state in the timeline, its group, detailed item, certificates."""

    state: str
    method: str
    item_group: str | None
    detail_code: str | None
    until: date | None
    certificates: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """What products are matched against: the registry, decisions and model of a snapshot (None: none is published)."""

    ledger: Ledger
    registry: Registry
    snapshot: Snapshot | None
    definition: Definition

    @functools.cached_property
    def lookup(self) -> Lookup:
        """The text index and the model, read once for any number of requests."""
        model = learning.model(self.ledger, self.snapshot.model) if self.snapshot else None
        return Lookup.open(self.ledger, self.registry, model)

    def products(self) -> Path | None:
        """Return the file of products that were bought so far, which name detailed items too."""
        return derived(self.ledger, self.snapshot) / "products.parquet" if self.snapshot else None


def identify(source: Source, asked: Sequence[Asked], day: date) -> list[Identity]:
    """Match typed products as an import would, and read their state on a day, in order."""
    keys = [product_key(one) for one in asked]
    # A line of a request is one product, whatever contract it is part of: only its key keeps the kind.
    rows = {
        key: {"product_key": key, **{name: getattr(one, name) for name in PRODUCT_COLUMNS}, "kind": "goods"}
        for key, one in zip(keys, asked, strict=True)
    }
    connection = source.ledger.connection()
    try:
        connection.register("product_rows", pa.Table.from_pylist(list(rows.values()), schema=_PRODUCTS))
        connection.execute("CREATE TEMP TABLE products AS FROM product_rows")
        _judge(connection, source)
        found = connection.execute(_ON_THE_DAY, [day]).to_arrow_table().to_pylist()
    finally:
        connection.close()
    by_key = {row["product_key"]: _identity(row) for row in found}
    return [by_key[key] for key in keys]


def _judge(connection: Connection, source: Source) -> None:
    snapshot, registry = source.snapshot, source.registry
    verdicts.prepare(connection, registry, decisions.read(source.ledger, snapshot.decisions if snapshot else None))
    verdicts.judge(connection, source.lookup, registry.version)
    connection.execute(f"CREATE TEMP TABLE on_days AS {timeline.build(connection, source.definition)}")
    connection.register("offers", registry.table("offers"))
    file = source.products()
    bought = f" UNION ALL SELECT product_id, detail_code FROM read_parquet({quoted(file)})" if file else ""
    connection.execute(_DETAILS.format(bought=bought))


_PRODUCTS = pa.schema([("product_key", pa.int64()), *((name, pa.string()) for name in PRODUCT_COLUMNS)])

_DETAILS = """
CREATE TEMP TABLE details AS  -- where the lists do not agree nothing is known
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


def _identity(row: Mapping[str, Any]) -> Identity:
    until = row["valid_until"] - timedelta(days=1) if row["state"] == "green" else None
    return Identity(
        row["state"],
        row["method"],
        row["item_group"],
        row["detail_code"],
        None if until is None or until.year == 9999 else until,
        tuple(row["certificates"] or ()),
    )
