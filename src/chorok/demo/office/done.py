"""Duties that the example's offices noted as done: invented, as are the names of those who noted them."""

from __future__ import annotations

from datetime import date
from typing import Any

from chorok.core.calendar.duties import Done

_PLANS = (
    ("DEMO-26", date(2020, 2, 20)),
    ("DEMO-26-110", date(2020, 2, 12)),
    ("DEMO-26-350", date(2020, 2, 28)),
    ("DEMO-26-500", date(2020, 3, 6)),
    ("DEMO-30", date(2020, 2, 27)),
    ("DEMO-30-200", date(2020, 2, 14)),
)
"""Organisation and day: most in time, one late; of the others the example knows nothing."""


def plans() -> tuple[str, tuple[Any, ...]]:
    """Return the notes on purchase plans of 2020."""
    return "done", tuple(Done("plan", code, "2020", on, "demo", "SYNTHETIC") for code, on in _PLANS)
