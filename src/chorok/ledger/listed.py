"""The certificates of a registry version, laid out on disk so that a few of them are found without reading all.

One folder `index/listed-<key>`: `rows.arrow` (the certificates in their order) and the rows by identification number,
by normalised certificate number and by maker; `groups.json` names the item groups whose lists carry such numbers.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from chorok.core.errors import LedgerError
from chorok.core.matching.text import normalise_certificate_no, normalise_supplier
from chorok.ledger import folders
from chorok.ledger.engines import Connection, connect
from chorok.ledger.keyed import Keyed, whole
from chorok.ledger.registry import Registry
from chorok.ledger.store import Ledger
from chorok.ledger.words import mapped, write_mapped

FORMAT = 1
"""Version of the folder's layout and of what is in it."""
KEPT = 3
TABLES = ("item_groups", "certificates", "offers", "labels")
"""The tables that the certificates of a registry are made of."""
COLUMNS = (
    "certificate_no",
    "basis",
    "status",
    "valid_from",
    "valid_until",
    "revoked_on",
    "item_group",
    "product_id",
    "detail_code",
    "product_name",
    "model",
    "aliases",
    "supplier_no",
    "supplier_name",
    "read_on",
)

Row = dict[str, Any]

_NUMBERED = "SELECT DISTINCT item_group FROM certificates WHERE product_id IS NOT NULL AND item_group IS NOT NULL"


@dataclass(frozen=True)
class Listed:
    """The certificates of one registry version; threads may share it."""

    rows: pa.Table
    by_product: Keyed
    by_number: Keyed
    by_supplier: Keyed
    numbered_groups: frozenset[str]

    @classmethod
    def of(cls, ledger: Ledger, registry: Registry) -> Listed:
        """Open them, laying them out when that was not done yet. Raises LedgerError index_unreadable."""
        folder = folders.place(ledger, "listed", {"format": FORMAT, **versions(registry)})
        if not folder.exists():
            folders.make(folder, lambda draft: _write(draft, registry), KEPT)
        try:
            product, number, supplier = (Keyed.open(folder, name) for name in ("product", "number", "supplier"))
            groups = json.loads((folder / "groups.json").read_text(encoding="utf-8"))
            return cls(mapped(folder / "rows.arrow"), product, number, supplier, frozenset(groups))
        except (OSError, ValueError, KeyError, pa.ArrowException) as error:
            raise LedgerError("index_unreadable", folder=folder, why=str(error)) from error

    @functools.cached_property
    def _columns(self) -> dict[str, pa.Array]:
        return {name: whole(self.rows[name]) for name in self.rows.column_names}

    def column(self, name: str, rows: Sequence[int]) -> list[Any]:
        """Return what some rows have in a column."""
        column = self._columns[name]
        return [column[row].as_py() for row in rows]

    def read(self, rows: Sequence[int], names: Sequence[str]) -> list[Row]:
        """Return some rows with some of their columns."""
        values = [self.column(name, rows) for name in names]
        return [dict(zip(names, one, strict=True)) for one in zip(*values, strict=True)]


def versions(registry: Registry) -> dict[str, int]:
    """Return the versions of all that the certificates of a registry rest on."""
    return {name: registry.versions.get(name, -1) for name in TABLES}


def supplier_key(number: str | None, name: str | None) -> str:
    """Return by what a maker is known: its business number, failing that its name in one spelling."""
    return number or normalise_supplier(name or "")


def _write(folder: Path, registry: Registry) -> None:
    rows = registry.certificates().select(list(COLUMNS))
    write_mapped(folder / "rows.arrow", rows)
    with connect() as engine:
        engine.register("given", rows)
        engine.execute('CREATE TEMP TABLE certificates AS SELECT row_number() OVER () - 1 AS "row", * FROM given')
        engine.register("numbers", _numbers(engine))
        engine.register("makers", _makers(engine))
        for name, query in (
            ("product", 'SELECT product_id AS key, "row" FROM certificates WHERE product_id IS NOT NULL'),
            ("number", 'SELECT key, "row" FROM certificates JOIN numbers USING (certificate_no)'),
            (
                "supplier",
                """SELECT key, "row" FROM certificates c JOIN makers m
                ON coalesce(c.supplier_no, '') = m.supplier_no AND coalesce(c.supplier_name, '') = m.supplier_name""",
            ),
        ):
            Keyed.build(folder, name, engine, query)
        groups = [row[0] for row in engine.execute(_NUMBERED).fetchall()]
    (folder / "groups.json").write_text(json.dumps(sorted(groups), ensure_ascii=False), encoding="utf-8")


def _numbers(engine: Connection) -> pa.Table:
    found = engine.execute("SELECT DISTINCT certificate_no FROM certificates WHERE certificate_no <> ''")
    written = found.to_arrow_table()["certificate_no"]
    keys = [normalise_certificate_no(one) for one in written.to_pylist()]
    return pa.table({"certificate_no": written, "key": pa.array(keys, pa.string())})


def _makers(engine: Connection) -> pa.Table:
    found = engine.execute(
        """SELECT DISTINCT coalesce(supplier_no, '') AS supplier_no, coalesce(supplier_name, '') AS supplier_name
        FROM certificates"""
    ).to_arrow_table()
    keys = [supplier_key(*one.values()) for one in found.to_pylist()]
    return found.append_column("key", pa.array(keys, pa.string()))
