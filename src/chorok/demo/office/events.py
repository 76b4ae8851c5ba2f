"""What the example's two cities introduced, and when: invented, and said so in each record."""

from __future__ import annotations

from datetime import date
from typing import Any

from chorok.core.events import Kind, PolicyEvent

_INVENTED = "SYNTHETIC"
_EVENTS: tuple[tuple[str, date, Kind], ...] = (
    ("DEMO-26", date(2016, 7, 1), "ordinance"),
    ("DEMO-26", date(2018, 1, 1), "plan"),
    ("DEMO-26", date(2019, 3, 1), "screening"),
    ("DEMO-30", date(2017, 1, 1), "plan"),
    ("DEMO-30", date(2018, 9, 1), "ordinance"),
)


def events() -> tuple[str, tuple[Any, ...]]:
    """Return the name of the kept file and its records."""
    return "events", tuple(PolicyEvent(code, on, kind, source=_INVENTED) for code, on, kind in _EVENTS)
