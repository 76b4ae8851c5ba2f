"""Core items as an office adopted them: a list by organisation and year (`core_items.toml`), the last one in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chorok.ledger import kept
from chorok.ledger.store import Ledger

NAME = "core_items"


@dataclass(frozen=True)
class CoreList:
    """The item groups that an organisation works on first in a year, and the rule by which they were found.

    `rule` is one of core.measures.core_items.BY. A list without items takes back the one before it.
    """

    scope: str
    year: int
    items: tuple[str, ...]
    on: date
    by: str
    rule: str
    reason: str = ""


def every(ledger: Ledger) -> tuple[CoreList, ...]:
    """Return all lists in the order in which they were adopted. Raises BadInputError."""
    return kept.every(ledger, NAME, CoreList)


def in_force(ledger: Ledger, scope: str, year: int) -> CoreList | None:
    """Return the list of an organisation and year that was adopted last; None where none was, or it was taken back."""
    found = [one for one in every(ledger) if (one.scope, one.year) == (scope, year)]
    return found[-1] if found and found[-1].items else None


def adopt(ledger: Ledger, adopted: CoreList) -> None:
    """Write one more list behind those that are there."""
    kept.add(ledger, NAME, adopted)
