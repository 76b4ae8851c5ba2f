"""What can be had, laid out on disk for `ledger.alternatives`: certified products by item, and the mall's offers.

One folder `index/stock-<key>` for each state of registry and products bought so far; it holds for any definition.
The certificates whose days are known stand by product, so that all of one product stand together, and name the row
of `Listed` that they are; the offers stand by product too. Days are counted from 1970-01-01, `ends` is exclusive.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chorok.core.errors import LedgerError
from chorok.ledger import availability, folders
from chorok.ledger.engines import Connection
from chorok.ledger.keyed import Keyed, array
from chorok.ledger.listed import Listed, versions
from chorok.ledger.registry import Registry
from chorok.ledger.store import Ledger
from chorok.ledger.words import mapped, write_mapped

FORMAT = 1
"""Version of the folder's layout and of what is in it."""
KEPT = 3
LAST = (1 << 30) - 1
"""Rank of what has no price."""
SCALE = 10_000
"""Quantities are decimals of four places."""

Array = npt.NDArray[Any]

_CERTIFIED = ("row", "begins", "ends", "basis", "product", "text", "offers", "first_offer")
_OFFERED = ("since", "until", "area", "minimum", "price_rank")
_SHOWN = ("product_name", "maker", "price", "currency", "unit", "supply_area", "minimum")

# The order by price is broken by what people read: product name, certificate number, identification number.
_LAY_OUT = f"""
CREATE TEMP TABLE offered AS
SELECT *, (row_number() OVER (ORDER BY product_id, price NULLS LAST, supply_area, f, u) - 1)::INTEGER AS place,
  CASE WHEN price IS NULL THEN {LAST} ELSE (dense_rank() OVER (ORDER BY price))::INTEGER END AS price_rank
FROM supplied;

CREATE TEMP TABLE held AS
SELECT *, (row_number() OVER (ORDER BY product, certificate_row) - 1)::INTEGER AS place,
  (dense_rank() OVER (ORDER BY written))::INTEGER AS text
FROM (SELECT c.*, (dense_rank() OVER (ORDER BY c.product_id, CASE WHEN c.product_id IS NULL THEN
      [coalesce(c.product_name, chr(0)), coalesce(model, chr(0)), coalesce(supplier_name, chr(0))] END))::INTEGER
      AS product,
    coalesce(o.offers, 0) AS offers, coalesce(o.first_offer, 0) AS first_offer,
    coalesce(c.product_name, o.product_name, 'None') || coalesce(certificate_no, 'None')
      || coalesce(c.product_id, 'None') AS written
  FROM certain c LEFT JOIN (SELECT product_id, count(*)::INTEGER AS offers, min(place) AS first_offer,
    min(product_name) AS product_name FROM offered GROUP BY product_id) o USING (product_id));

CREATE TEMP TABLE bases AS
SELECT basis, (row_number() OVER (ORDER BY basis) - 1)::INTEGER AS number FROM (SELECT DISTINCT basis FROM certain);
CREATE TEMP TABLE areas AS SELECT supply_area, (row_number() OVER (ORDER BY supply_area) - 1)::INTEGER AS number
FROM (SELECT DISTINCT supply_area FROM supplied)
"""

_DAYS = "({0} - DATE '1970-01-01')::INTEGER AS {1}"
_HELD = f"""
SELECT certificate_row::INTEGER AS "row", {_DAYS.format("begins", "begins")}, {_DAYS.format("ends", "ends")},
  b.number AS basis, product, text, offers, first_offer FROM held JOIN bases b USING (basis) ORDER BY place
"""
_OFFERS = f"""
SELECT {_DAYS.format("f", "since")}, {_DAYS.format("u", "until")}, a.number AS area,
  ceil(minimum * {SCALE})::BIGINT AS minimum, price_rank FROM offered JOIN areas a USING (supply_area) ORDER BY place
"""


@dataclass(frozen=True)
class Stock:
    """Certified products and offers of one state; read-only and memory-mapped, threads may share it.

    `held` and `offers` are columns by name; `held["offers"]` offers from `held["first_offer"]` on are of the product.
    `by_detail` has the certificates of a detailed item, `detail_of` the detailed item of an identification number.
    """

    held: dict[str, Array]
    offers: dict[str, Array]
    shown: pa.Table
    by_group: Keyed
    by_detail: Keyed
    details: Keyed
    detail_codes: list[str]
    bases: list[str]
    areas: list[str]

    @classmethod
    def of(cls, ledger: Ledger, registry: Registry, listed: Listed, products: Path | None) -> Stock:
        """Open it, laying it out when that was not done yet. `products`: the derived file of what was bought so far.

        Raises LedgerError index_unreadable.
        """
        bought = products.parent.name if products else ""
        folder = folders.place(ledger, "stock", {"format": FORMAT, "bought": bought, **versions(registry)})
        if not folder.exists():
            offers = Registry.open(ledger.path, registry.versions).table("offers")  # read to be let go of again
            folders.make(folder, lambda draft: _write(draft, ledger, listed, offers, products), KEPT)
        try:
            facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
            return cls(
                held={name: array(folder / f"held-{name}.npy") for name in _CERTIFIED},
                offers={name: array(folder / f"offers-{name}.npy") for name in _OFFERED},
                shown=mapped(folder / "offers.arrow"),
                by_group=Keyed.open(folder, "group"),
                by_detail=Keyed.open(folder, "item"),
                details=Keyed.open(folder, "details"),
                detail_codes=facts["details"],
                bases=facts["bases"],
                areas=facts["areas"],
            )
        except (OSError, ValueError, KeyError, pa.ArrowException) as error:
            raise LedgerError("index_unreadable", folder=folder, why=str(error)) from error

    def detail_of(self, product_id: str) -> str | None:
        """Return the detailed item on which all lists agree that name one."""
        found = self.details.holding(product_id)
        return self.detail_codes[found[0]] if len(found) else None


def _write(folder: Path, ledger: Ledger, listed: Listed, offers: pa.Table, products: Path | None) -> None:
    with ledger.connection() as engine:
        engine.execute("SET enable_progress_bar = false")
        availability.lay_certain(engine, listed.rows, offers, products)
        engine.execute(_LAY_OUT)
        _save(folder, "held", engine, _HELD)
        _save(folder, "offers", engine, _OFFERS)
        shown = engine.execute(f"SELECT {', '.join(_SHOWN)} FROM offered ORDER BY place").to_arrow_table()
        write_mapped(folder / "offers.arrow", shown)
        engine.execute("""CREATE TEMP TABLE codes AS SELECT detail_code, row_number() OVER (ORDER BY detail_code) - 1
            AS number FROM (SELECT DISTINCT detail_code FROM details)""")
        for name, query in (
            ("group", 'SELECT item_group AS key, place AS "row" FROM held WHERE item_group IS NOT NULL'),
            ("item", 'SELECT detail_code AS key, place AS "row" FROM held WHERE detail_code IS NOT NULL'),
            ("details", 'SELECT product_id AS key, number AS "row" FROM details JOIN codes USING (detail_code)'),
        ):
            Keyed.build(folder, name, engine, query)
        facts = {
            name: [row[0] for row in engine.execute(f"SELECT {column} FROM {table} ORDER BY number").fetchall()]
            for name, column, table in (
                ("details", "detail_code", "codes"), ("bases", "basis", "bases"), ("areas", "supply_area", "areas"),
            )
        }  # fmt: skip
    (folder / "facts.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _save(folder: Path, table: str, engine: Connection, query: str) -> None:
    for name, column in engine.execute(query).fetchnumpy().items():
        np.save(folder / f"{table}-{name}.npy", np.ascontiguousarray(column))
