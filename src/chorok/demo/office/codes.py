"""Codes of what the reports call by name."""

from __future__ import annotations

from chorok.demo.vocabulary import item_groups


def city_code(name: str) -> str:
    """Return the code of a city that has figures."""
    return {"Busan": "DEMO-26", "Daejeon": "DEMO-30"}[name]


def item_code(name: str) -> str | None:
    """Return the code of an item group by its English name; None for 'total'."""
    return next((group.code for group in item_groups() if group.name_en == name), None)
