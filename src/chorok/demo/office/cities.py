"""Profiles of the two cities in 2019, as their activity reports print them."""

from __future__ import annotations

from chorok.core.cities import City

CITIES = (
    City("DEMO-26", 2019, 3_470_000, budget=12_500_000_000_000, source="activity report 2019"),
    City("DEMO-30", 2019, 1_470_000, budget=8_348_700_000_000, source="activity report 2019"),
)


def cities() -> tuple[str, tuple[City, ...]]:
    """Return the name of the kept file and its records."""
    return "cities", CITIES
