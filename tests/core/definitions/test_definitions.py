from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core import definitions
from chorok.core.errors import BadInputError
from chorok.wording import LANGUAGES, knows, say_error

OWN = """
id = "saha"
title_ko = "사하구"
title_en = "Saha-gu"
kind = "local"
extends = "national"
source = "조례"
source_text_ko = "가"
source_text_en = "a"
author = "x"
checker = "y"
next_review = 2027-01-01
in_force_from = 2024-03-01
in_force_until = 2026-01-01

[[bases]]
basis = "local_development"
since = 2024-06-01
until = 2025-06-01

[[change_log]]
on = 2024-03-01
what = "first"
by = "x"
"""


@pytest.fixture
def own(tmp_path):
    def write(*changes: tuple[str, str]):
        text = OWN
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "우리 조례.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_three_that_come_with_the_program():
    assert definitions.names() == ("busan", "national", "seoul")


@pytest.mark.parametrize(
    ("basis", "day", "counts"),
    [
        ("eco_label", date(2015, 1, 1), True),
        ("gr", date(2015, 1, 1), True),
        ("low_carbon", date(2020, 7, 29), False),
        ("low_carbon", date(2020, 7, 30), True),
        ("energy_grade_1", date(2026, 5, 1), False),
        ("recycled_aggregate", date(2026, 5, 1), False),
        ("epd", date(2026, 5, 1), False),
        ("none", date(2026, 5, 1), False),
    ],
)
def test_national(basis, day, counts):
    assert definitions.load("national").counts(basis, day) is counts


@pytest.mark.parametrize(
    ("name", "first", "local"),
    [
        ("busan", date(2025, 7, 9), {"recycled_aggregate", "energy_grade_1"}),
        ("seoul", date(2026, 1, 19), {"eco_car", "epd", "energy_grade_1", "standby_power", "high_efficiency"}),
    ],
)
def test_a_local_definition_adds_to_the_national_one_from_its_first_day(name, first, local):
    definition = definitions.load(name)
    assert set(definition.basis_names()) == local | {"eco_label", "gr", "low_carbon"}
    assert all(definition.counts(basis, first) for basis in definition.basis_names())
    assert definition.known_on(first)
    before = first - timedelta(days=1)
    assert not definition.known_on(before)
    with pytest.raises(BadInputError, match="definition_not_known"):
        definition.counts("eco_label", before)


def test_the_national_one_is_known_on_every_day():
    assert definitions.load("national").known_on(date(2006, 1, 1))


def test_a_city_file_of_its_own(own):
    definition = definitions.load(own())
    assert not definition.counts("local_development", date(2024, 5, 31))
    assert definition.counts("local_development", date(2025, 5, 31))
    assert not definition.counts("local_development", date(2025, 6, 1))
    assert definition.counts("gr", date(2025, 12, 31))
    assert not definition.known_on(date(2026, 1, 1))
    assert definition.extends == definitions.load("national")


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.sampled_from(definitions.names()))
def test_periods_say_what_counts_says(day, name):
    definition = definitions.load(name)
    inside = {
        b
        for b, since, until in definition.basis_periods()
        if (not since or since <= day) and (not until or day < until)
    }
    if definition.known_on(day):
        assert inside == {basis for basis in definition.basis_names() if definition.counts(basis, day)}
    else:
        assert inside == set()


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        (('author = "x"', 'auther = "x"'), "definition_key_unknown", "auther"),
        (('author = "x"', ""), "definition_key_missing", "author"),
        (('kind = "local"', 'kind = "regional"'), "definition_key_wrong", "regional"),
        (("next_review = 2027-01-01", 'next_review = "2027"'), "definition_key_wrong", "next_review"),
        (("since = 2024-06-01", "sinse = 2024-06-01"), "definition_key_unknown", "bases[1].sinse"),
        (("until = 2025-06-01", "until = 2024-06-01"), "definition_key_wrong", "bases[1].until"),
        (('by = "x"', ""), "definition_key_missing", "change_log[1].by"),
        (('"saha"', '"saha'), "definition_not_toml", "line 2"),
        (('extends = "national"', 'extends = "nowhere"'), "definition_unknown", "nowhere"),
    ],
)
def test_a_slip_names_file_and_key(own, change, code, named):
    with pytest.raises(BadInputError) as caught:
        definitions.load(own(change))
    assert caught.value.code == code
    for language in LANGUAGES:
        assert named in say_error(caught.value, language)


def test_a_definition_that_extends_itself_is_refused(own):
    path = own()
    path.write_text(OWN.replace('extends = "national"', f"extends = '{path}'"), encoding="utf-8")
    with pytest.raises(BadInputError, match="definition_loop"):
        definitions.load(path)


def test_the_hash_follows_the_rules_and_not_the_words(own):
    first = definitions.load(own()).hash()
    assert definitions.load(own(('author = "x"', 'author = "other"'))).hash() == first
    assert definitions.load(own(("until = 2025-06-01", "until = 2025-06-02"))).hash() != first
    assert definitions.load("busan").hash() != definitions.load("seoul").hash()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_basis_has_a_name(language):
    bases = {basis for name in definitions.names() for basis in definitions.load(name).basis_names()}
    assert all(knows(f"basis.{basis}", language) for basis in bases)
