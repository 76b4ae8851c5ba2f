"""Saved understandings: what is saved is loaded, and nothing unknown passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from chorok.core.errors import BadInputError
from chorok.sources import profiles
from chorok.sources.columns import understand
from chorok.sources.tables import open_tables

TEXT = '납품일,액수 "실",업체명\n05/03/2019,100,초록\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "p.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_round_trip(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text('납품일,"액수 ""실""",업체명,메모\n05/03/2019,100,초록,\n', encoding="utf-8")
    (table,) = open_tables(source, tmp_path / "work")
    answers = {"amount": '액수 "실"', "date_order": "mdy", "amount_unit": "천원", "vat": "included", "kind": "works"}
    first = understand(table, answers=answers)
    profiles.save(first, table, tmp_path / "p.toml", '우리 "시"')
    profile = profiles.load(tmp_path / "p.toml")
    assert profile.name == '우리 "시"'
    assert profile.matches == ("납품일", '액수 "실"', "업체명")
    again = understand(open_tables(source, tmp_path / "work", profile=profile)[0], profile=profile)
    for name in ("columns", "date_order", "multiplier", "currency", "decimals", "unit_note", "vat", "kind", "unmapped"):
        assert getattr(again, name) == getattr(first, name), name
    assert again.date_order_evidence == "profile"
    assert again.multiplier == 1000


def test_a_profile_names_the_columns_of_a_file_without_header(tmp_path: Path) -> None:
    text = 'name = "n"\nversion = 1\n[understanding.columns]\norder_date = "column 1"\namount = "column 2"\n'
    profile = profiles.load(written(tmp_path, text))
    source = tmp_path / "a.csv"
    source.write_text("2019-01-02,5,7\n", encoding="utf-8")
    understood = understand(open_tables(source, tmp_path / "work", profile=profile)[0], profile=profile)
    assert understood.columns == {"order_date": "column 1", "amount": "column 2"}


def test_a_profile_finds_its_header_row(tmp_path: Path) -> None:
    text = 'name = "n"\nversion = 1\n[understanding.columns]\norder_date = "언제"\namount = "얼마"\n'
    profile = profiles.load(written(tmp_path, text))
    source = tmp_path / "a.csv"
    source.write_text("품명,금액,날짜\n얼마,언제,누구\n5,2019-01-02,나\n", encoding="utf-8")
    (table,) = open_tables(source, tmp_path / "work", profile=profile)
    assert (table.columns, table.skip) == (("얼마", "언제", "누구"), 2)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    text = 'name = "n"\nversion = 1\n[understanding.columns]\norder_date = "언제"\namount = "얼마"\n'
    source = tmp_path / "a.csv"
    source.write_text("일자,금액\n2019-01-02,5\n", encoding="utf-8")
    (table,) = open_tables(source, tmp_path / "work")
    with pytest.raises(BadInputError) as caught:
        understand(table, profile=profiles.load(written(tmp_path, text)))
    assert (caught.value.code, caught.value.params["missing"]) == ("profile_columns_missing", "언제, 얼마")


GOOD = 'name = "n"\nversion = 1\n'


@pytest.mark.parametrize(
    ("code", "text", "key"),
    [
        ("profile_key", GOOD + 'colour = "green"\n', "colour"),
        ("profile_key", GOOD + '[understanding]\ncurency = "KRW"\n', "understanding.curency"),
        ("profile_key", GOOD + '[understanding.columns]\nprice = "a"\n', "understanding.columns.price"),
        ("profile_value", GOOD + '[understanding]\ndate_order = "ydm"\n', "understanding.date_order"),
        ("profile_value", GOOD + "[understanding]\nmultiplier = 0\n", "understanding.multiplier"),
        ("profile_value", GOOD + '[understanding]\nmultiplier = "1000"\n', "understanding.multiplier"),
        ("profile_value", 'name = "n"\n', "name, version"),
        ("profile_broken", "name = \n", None),
    ],
)
def test_wrong_profiles(tmp_path: Path, code: str, text: str, key: str | None) -> None:
    with pytest.raises(BadInputError) as caught:
        profiles.load(written(tmp_path, text))
    assert (caught.value.code, caught.value.params.get("key")) == (code, key)


def test_built_in_profiles_load() -> None:
    assert [profile.name for profile in profiles.known()] == ["koneps_delivery_requests"]
    assert profiles.find(["a", "b"]) is None
    assert profiles.find(profiles.known()[0].matches) is profiles.known()[0]
