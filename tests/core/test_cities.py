"""City profiles: one a city and year, with numbers that can be divided by."""

from __future__ import annotations

from fractions import Fraction

import pytest

from chorok.core.cities import COUNTED, City, profiles
from chorok.core.errors import BadInputError
from chorok.demo.office.cities import CITIES


def test_profiles_by_code_and_year() -> None:
    one, other = City("A", 2018, population=5), City("A", 2019, area_km2=Fraction("539.5"))
    assert profiles([one, other], "cities.toml") == {("A", 2018): one, ("A", 2019): other}


def test_two_profiles_of_a_city_and_year_are_an_error() -> None:
    with pytest.raises(BadInputError) as caught:
        profiles([City("A", 2019, population=5), City("A", 2019, budget=7)], "cities.toml")
    assert caught.value.code == "city_twice"


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize("value", [0, -1])
def test_what_is_divided_by_must_be_positive(name: str, value: int) -> None:
    with pytest.raises(BadInputError) as caught:
        profiles([City("A", 2019, **{name: value})], "cities.toml")
    assert caught.value.params["key"] == name


def test_the_example_has_the_printed_profiles() -> None:
    found = profiles(CITIES, "cities.toml")
    assert {code: found[code, 2019].population for code in ("DEMO-26", "DEMO-30")} == {
        "DEMO-26": 3_470_000,
        "DEMO-30": 1_470_000,
    }
    assert found["DEMO-30", 2019].budget == 8_348_700_000_000
