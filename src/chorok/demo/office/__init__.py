"""What the example network's offices keep beside their lines: targets, profiles of cities ... one module each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chorok.demo.office import cities, done, efforts, events, published, targets
from chorok.ledger import kept
from chorok.ledger.store import Ledger

PARTS: tuple[Callable[[], tuple[str, tuple[Any, ...]]], ...] = (
    targets.targets,
    cities.cities,
    published.published,
    done.plans,
    efforts.efforts,
    events.events,
)
"""Functions that return the name of the kept file (`targets`) and its records."""


def write(ledger: Ledger) -> None:
    """Write all parts into a fresh ledger."""
    for part in PARTS:
        name, records = part()
        for record in records:
            kept.add(ledger, name, record)
