"""The review list as a file that people fill in and send back: the columns of a decision, then what helps to decide."""

from __future__ import annotations

from typing import Any

from chorok.ledger import schema

COLUMNS = (
    *(field.name for field in schema.DECISIONS),
    "amount",
    "currency",
    "lines",
    "first_day",
    "last_day",
    *schema.PRODUCT_COLUMNS,
    "candidate_certificate",
    "candidate_name",
    "candidate_model",
    "candidate_supplier",
    "why",
)


def row(found: dict[str, Any], why: str) -> list[Any]:
    """Return one product of the queue under `COLUMNS`; `why` says in words why it is undetermined."""
    best = found["candidate"]
    filled = {
        **found,
        "product_key": f"P{found['product_key']}",
        "candidate_certificate": best.get("certificate_no"),
        "candidate_name": best.get("product_name"),
        "candidate_model": best.get("model"),
        "candidate_supplier": best.get("supplier_name"),
        "why": why,
    }
    return [filled.get(name) for name in COLUMNS]
