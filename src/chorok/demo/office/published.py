"""The shares that the two reports print, to stand beside those of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chorok.core.measures.targets import PublishedRate
from chorok.demo.office.codes import city_code, item_code
from chorok.demo.published import TABLE_1, TABLE_2


def published() -> tuple[str, tuple[Any, ...]]:
    """Return the shares of Table 1, and of Table 2 those of item groups; its totals are those of Table 1."""
    return "published", (*_totals(), *_items())


def _totals() -> Iterator[PublishedRate]:
    for row in TABLE_1:
        yield PublishedRate(city_code(row.city), row.year, row.share, source="activity report 2019, Table 1")


def _items() -> Iterator[PublishedRate]:
    for row in TABLE_2:
        for year, rate in ((2018, row.base_2018), (2019, row.result_2019)):
            if item := item_code(row.item):
                yield PublishedRate(city_code(row.city), year, rate, item, "activity report 2019, Table 2")
