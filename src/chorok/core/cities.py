"""City profiles: how many people a city has and what its budget is, by year. People write them; nothing is assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from chorok.core.errors import BadInputError


@dataclass(frozen=True)
class City:
    """A city in one year. `budget` in the smallest unit of `currency`; `source` says where the numbers are from."""

    code: str
    year: int
    population: int | None = None
    households: int | None = None
    area_km2: Fraction | None = None
    budget: int | None = None
    currency: str = "KRW"
    source: str = ""
    note: str = ""


COUNTED = ("population", "households", "area_km2", "budget")


def profiles(cities: Iterable[City], where: str) -> dict[tuple[str, int], City]:
    """Return profiles by code and year. Raises BadInputError city_twice, record_value_bad; `where` names the file."""
    found: dict[tuple[str, int], City] = {}
    for place, city in enumerate(cities, 1):
        for name in COUNTED:
            value = getattr(city, name)
            if value is not None and value <= 0:
                raise BadInputError("record_value_bad", where=f"{where}, {place}", key=name, value=value, wanted="> 0")
        if (city.code, city.year) in found:
            raise BadInputError("city_twice", where=where, code=city.code, year=city.year)
        found[city.code, city.year] = city
    return found
