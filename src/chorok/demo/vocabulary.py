"""The words the example network is made of: item groups, goods, offices, invented firms. Read from package data."""

from __future__ import annotations

import csv
import functools
import tomllib
from dataclasses import dataclass
from importlib import resources

DATA = resources.files(__package__).joinpath("data")


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one CSV file of the package data."""
    return list(csv.DictReader(DATA.joinpath(name).read_text(encoding="utf-8").splitlines()))


@functools.cache
def words() -> dict[str, list[str]]:
    """Return the lists of invented words."""
    return tomllib.loads(DATA.joinpath("words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class ItemGroup:
    """An item group of the demo. Codes begin with DEMO, classes with 99: no real file uses them."""

    position: int
    name_en: str
    name_ko: str
    synonyms: tuple[str, ...]
    nouns: tuple[str, ...]  # one class and one detailed item each
    makers: tuple[str, ...]  # endings of firm names
    unit: str
    furnished: bool
    recycled: bool  # some of its certificates are GR

    @property
    def code(self) -> str:
        """Return the group's code, e.g. DEMO-IG-03."""
        return f"DEMO-IG-{self.position + 1:02d}"

    def class_code(self, noun: int) -> str:
        """Return the 8-digit class of one noun."""
        return f"99{self.position + 1:02d}{noun + 1:02d}01"

    def detail_code(self, noun: int) -> str:
        """Return the 10-digit detailed item of one noun."""
        return self.class_code(noun) + "01"


@functools.cache
def item_groups() -> tuple[ItemGroup, ...]:
    """Return the 25 item groups in file order."""
    return tuple(_item_group(position, row) for position, row in enumerate(rows("item_groups.csv")))


def _item_group(position: int, row: dict[str, str]) -> ItemGroup:
    return ItemGroup(
        position,
        row["name_en"],
        row["name_ko"],
        tuple(row["synonyms"].split("|")),
        tuple(row["nouns"].split("|")),
        tuple(row["makers"].split("|")),
        row["unit"],
        row["furnished"] == "1",
        row["gr"] == "1",
    )


@functools.cache
def other_goods() -> tuple[tuple[str, str], ...]:
    """Return (name, unit) of goods that no item group covers; class of the n-th is 9980nn01."""
    return tuple((row["name_ko"], row["unit"]) for row in rows("other_goods.csv"))


@dataclass(frozen=True)
class Office:
    """A buying organisation; `short` is how a district's own people write it ('서구')."""

    code: str
    name: str
    short: str
    city: int  # 0 Busan, 1 Daejeon
    weight: int


UNKNOWN = (
    Office("DEMO-99-001", "가상시설관리공단", "가상시설관리공단", 0, 1),
    Office("DEMO-99-002", "미등록도시공사", "미등록도시공사", 1, 1),
)
"""Buyers in the files that the organisation list does not know, one for each city's file."""

_WEIGHTS = {"headquarters": 60, "department": 15, "district": 10}


@functools.cache
def offices() -> tuple[Office, ...]:
    """Return the buying offices of both cities, each once, then the unknown ones."""
    found: dict[str, Office] = {}
    for row in rows("organisations.csv"):
        if row["kind"] in _WEIGHTS:
            city = int(row["code"].startswith("DEMO-30"))
            weight = _WEIGHTS[row["kind"]] + (len(found) * 7) % 11
            short = row["aliases"].split("|")[0]
            found.setdefault(row["code"], Office(row["code"], row["name_ko"], short, city, weight))
    return (*found.values(), *UNKNOWN)


def office_index(code: str) -> int:
    """Return the position of an office's code in `offices()`."""
    return next(position for position, office in enumerate(offices()) if office.code == code)
