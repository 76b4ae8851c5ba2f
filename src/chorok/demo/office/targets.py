"""Table 2 of the two reports as targets: values and days as printed there; nothing else is known of them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from chorok.core.measures.targets import Target
from chorok.demo.office.codes import city_code, item_code
from chorok.demo.published import TABLE_2

SET_ON = {"Busan": date(2019, 9, 24), "Daejeon": date(2019, 10, 7)}
"""The consultations in which the targets for 2019 were set; for 2020 the reports name no day."""
SOURCE = "activity report 2019, Table 2"


def targets() -> tuple[str, tuple[Any, ...]]:
    """Return the targets for 2019 and 2020, on the base of 2018."""
    kept = []
    for row in TABLE_2:
        for year, value in ((2019, row.target_2019), (2020, row.target_2020)):
            on = SET_ON[row.city] if year == 2019 else None
            city, item = city_code(row.city), item_code(row.item)
            kept.append(Target(city, year, Fraction(value), item=item, base_year=2018, set_on=on, set_by=SOURCE))
    return "targets", tuple(kept)
