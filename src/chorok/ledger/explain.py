"""Explaining: why a product, or a line on its day, is what it is, and the row of the received file it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from chorok.core.errors import UsageError
from chorok.ledger import purchases
from chorok.ledger.engines import Connection, quoted
from chorok.ledger.published import Published
from chorok.ledger.schema import PRODUCT_COLUMNS


@dataclass(frozen=True)
class Explanation:
    """A product's verdict with its evidence; `stretches` is its timeline, `line` the purchase asked for, if any."""

    product_key: int
    product: dict[str, str | None]
    verdict: dict[str, Any]
    evidence: dict[str, Any]
    spans: list[dict[str, Any]]
    stretches: list[dict[str, Any]]
    registry: int
    snapshot: int
    line: dict[str, Any] | None = None

    @property
    def state_on_day(self) -> str | None:
        """What the product was on the day of the line."""
        return None if self.line is None else self._state(self.line["bought_on"])

    def _state(self, day: date) -> str | None:
        return next((s["state"] for s in self.stretches if s["valid_from"] <= day < s["valid_until"]), None)

    @property
    def revoked_before(self) -> list[dict[str, Any]]:
        """Certificates that had ended before the line's day; a revoked one is a finding (rules 1.5)."""
        return [] if self.line is None else [s for s in self.spans if s["valid_until"] <= self.line["bought_on"]]


def explain(published: Published, key: str, definition: str = "national") -> Explanation:
    """Explain a product (`P123`, or its bare number) or a line (`L123`). Raises UsageError for an unknown number."""
    number = key.removeprefix("P").removeprefix("L")
    if not number.isdigit():
        raise UsageError("product_unknown", key=key)
    connection = published.ledger.connection()
    try:
        line = None if key.startswith("P") else _line(connection, published, int(number))
        product_key = int(line["product_key"]) if line else int(number)
        product = _rows(connection, published.derived("products"), product_key)
        if not product or (line is None and key.startswith("L")):
            raise UsageError("product_unknown", key=key)
        verdict = _rows(connection, published.derived("verdicts"), product_key)[0]
        stretches = _rows(connection, published.timeline_file(published.definition(definition)), product_key)
        return Explanation(
            product_key,
            {name: product[0][name] for name in PRODUCT_COLUMNS},
            verdict,
            json.loads(verdict["evidence"]),
            sorted(_rows(connection, published.derived("spans"), product_key), key=lambda s: s["valid_from"]),
            sorted(stretches, key=lambda s: s["valid_from"]),
            published.registry.version,
            published.snapshot.number,
            line,
        )
    finally:
        connection.close()


def _line(connection: Connection, published: Published, line_id: int) -> dict[str, Any] | None:
    lines = purchases.select(published.ledger, published.snapshot.purchases)
    found = connection.execute(f"SELECT * FROM ({lines}) WHERE line_id = {line_id}").to_arrow_table().to_pylist()
    return found[0] if found else None


def _rows(connection: Connection, file: Any, product_key: int) -> list[dict[str, Any]]:
    sql = f"SELECT * FROM read_parquet({quoted(file)}) WHERE product_key = {product_key}"
    rows: list[dict[str, Any]] = connection.execute(sql).to_arrow_table().to_pylist()
    return rows
