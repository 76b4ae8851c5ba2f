"""What a person must answer before a file can be taken in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chorok.site.purchases.models import Upload

KINDS = ("table", "beyond", "unknown", "covered", "unit", "nothing")
"""A table that cannot be read in one way; organisations out of reach or not known; what is there already; a unit that
is not the saved mapping's; no table left to take in."""


def open_questions(upload: Upload, said: Mapping[str, Any]) -> list[str]:
    """Return which kinds of questions stand open, in the order of KINDS."""
    seen = upload.seen
    tables = [table for table in seen.get("tables", ()) if not table["left_out"]]
    found = {
        "table": any("error" in table and table["error"]["code"] not in PASSED_OVER for table in tables),
        "beyond": bool(seen.get("organisations", {}).get("beyond")),
        "unknown": bool(seen.get("organisations", {}).get("unknown")) and not said.get("unplaced"),
        "covered": bool(seen.get("covered")) and said.get("overlap", "ask") == "ask",
        "unit": any(table.get("unit_differs") for table in tables) and not said.get("unit"),
        "nothing": not any("understanding" in table for table in tables),
    }
    return [kind for kind in KINDS if found[kind]]


PASSED_OVER = ("no_amount_column", "no_date_column")
"""Sheets beside the purchases that are no purchases: they are shown, and are no question."""
