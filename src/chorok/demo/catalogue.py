"""What the example network's offices can buy: suppliers, products in pairs of two models, their certificates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chorok.demo.day import DEMO_DAY
from chorok.demo.vocabulary import ItemGroup, item_groups, other_goods, words

EPOCH = dt.date(1970, 1, 1).toordinal()
LOW_CARBON_SINCE = dt.date(2020, 7, 30).toordinal() - EPOCH
"""From this day low-carbon products count (Act art. 2-2)."""

LAPSED_GROUP = "work clothes"
"""The one item group that is meant to have no valid certificate on the demo's day."""

MODELS = 2
"""Models in a pair: same supplier, same certificates, model codes that differ in the last letter."""

COUNTS = {
    "long": 6,  # one certificate over the whole period
    "chain": 48,  # three in a row, each renewed in time
    "expired": 10,
    "late": 10,  # first certified after some purchases
    "revoked": 6,
    "low_carbon": 4,
    "shelf": 14,  # certified, never bought
    "none": 60,
}
GIVEN_UP_GROUPS = 8
YEAR = 365


def days(year: int, month: int = 1, day: int = 1) -> int:
    """Return a date as days since 1970-01-01, the demo's way to compute with dates."""
    return dt.date(year, month, day).toordinal() - EPOCH


def date_text(day: int) -> str:
    """Return days since 1970-01-01 as YYYY-MM-DD."""
    return dt.date.fromordinal(day + EPOCH).isoformat()


@dataclass(frozen=True)
class Supplier:
    """An invented firm. Business numbers begin with 000, which no real one does."""

    number: str
    name: str
    bare_name: str  # without legal form
    region: str


@dataclass(frozen=True)
class Certificate:
    """One validity of one pair's certificate; days since 1970, `until` inclusive. `number` is empty for GR."""

    number: str
    basis: str  # eco_label | gr | low_carbon | a label that does not count
    since: int
    until: int
    revoked: int | None = None
    given_up: bool = False


@dataclass(frozen=True)
class Pair:
    """Two models of one supplier. `since` <= day < `until` is when buying it is truly green."""

    position: int
    group: int  # -1: goods without an item group
    noun: int
    status: str
    supplier: Supplier
    since: int
    until: int
    certificates: tuple[Certificate, ...]
    models: tuple[str, str]
    specification: str

    def product_id(self, model: int) -> str:
        """Return the identification number of a model (0 or 1): 8 digits that begin with 99."""
        return f"99{self.position * MODELS + model:06d}"

    @property
    def item(self) -> tuple[str, str, str, str]:
        """Return class code, detail code, name of the item and unit."""
        if self.group < 0:
            name, unit = other_goods()[self.noun]
            return f"9980{self.noun + 1:02d}01", f"9980{self.noun + 1:02d}0101", name, unit
        group = item_groups()[self.group]
        return group.class_code(self.noun), group.detail_code(self.noun), group.nouns[self.noun], group.unit


@dataclass(frozen=True)
class Catalogue:
    """All pairs, and the shops that sell by card."""

    pairs: tuple[Pair, ...]
    suppliers: tuple[Supplier, ...]
    shops: tuple[Supplier, ...]

    def of(self, group: int, *statuses: str) -> list[Pair]:
        """Return the pairs of a group with one of these statuses."""
        return [pair for pair in self.pairs if pair.group == group and pair.status in statuses]


def catalogue(rng: np.random.Generator) -> Catalogue:
    """Draw the catalogue: 1,500 suppliers, some 4,000 pairs of models, 5,000 certificates."""
    firms = _Firms()
    pairs: list[Pair] = []
    for group in item_groups():
        makers = [firms.add(name, rng) for name in _maker_names(group)]
        pairs += _group_pairs(group, makers, len(pairs), rng)
    shops = [firms.add(name, rng) for name in words()["shops"]]
    names = [maker + trader for trader in words()["traders"] for maker in words()["makers"]]
    traders = [firms.add(name, rng) for name in names[: 1500 - len(firms.all)]]
    pairs += _other_pairs(traders, len(pairs), rng)
    return Catalogue(tuple(pairs), tuple(firms.all), tuple(shops))


class _Firms:
    def __init__(self) -> None:
        self.all: list[Supplier] = []

    def add(self, bare: str, rng: np.random.Generator) -> Supplier:
        form = ("(주){}", "주식회사 {}", "{}")[int(rng.integers(3))]
        region = words()["regions"][int(rng.integers(len(words()["regions"])))]
        self.all.append(Supplier(f"000{len(self.all) + 1:07d}", form.format(bare), bare, region))
        return self.all[-1]


def _maker_names(group: ItemGroup, count: int = 45) -> Iterator[str]:
    makers = words()["makers"]
    for i in range(count):
        yield makers[(group.position * 7 + i) % len(makers)] + group.makers[i % len(group.makers)]


def _group_pairs(group: ItemGroup, makers: list[Supplier], start: int, rng: np.random.Generator) -> Iterator[Pair]:
    statuses = [status for status, count in COUNTS.items() for _ in range(count)]
    statuses += ["given_up"] if group.position < GIVEN_UP_GROUPS else []
    lapses = group.name_en == LAPSED_GROUP
    for rank, status in enumerate(statuses):
        chosen = "none" if lapses and status in ("low_carbon", "shelf") else status
        recycled = group.recycled and status == "chain" and rank % 4 == 0
        certificates = _certificates(chosen, f"{start + rank:05d}", "gr" if recycled else "eco_label", rng)
        if lapses:
            certificates = tuple(_ended(one) for one in certificates if one.since < days(2020, 3))
        since, until = _green_days(chosen, certificates, rng)
        yield Pair(
            start + rank,
            group.position,
            int(rng.integers(len(group.nouns))),
            chosen,
            makers[int(rng.integers(len(makers)))],
            since,
            until,
            certificates,
            _models(start + rank, rng),
            f"{rng.integers(20, 240) * 5}x{rng.integers(20, 240) * 5}mm",
        )


def _models(position: int, rng: np.random.Generator) -> tuple[str, str]:
    letters = "".join(chr(65 + int(one)) for one in rng.integers(0, 26, 2))
    return f"{letters}-{1000 + position}A", f"{letters}-{1000 + position}B"


def _ended(one: Certificate) -> Certificate:
    return Certificate(one.number, one.basis, one.since, min(one.until, days(2020, 6, 30)), one.revoked)


def _certificates(status: str, number: str, basis: str, rng: np.random.Generator) -> tuple[Certificate, ...]:
    def terms(since: int, count: int, years: int = 3) -> tuple[Certificate, ...]:
        return tuple(
            Certificate(
                "" if basis == "gr" else f"DEMO-EL-{number}-{i + 1}",
                basis,
                since + i * years * YEAR,
                since + (i + 1) * years * YEAR - 1,
            )
            for i in range(count)
        )

    early = days(2014) + int(rng.integers(0, 300))
    middle = days(2015, 6) + int(rng.integers(0, 1500))
    if status == "long":
        return terms(early, 1, years=8)
    if status == "chain":
        return terms(days(2012, 9) + int(rng.integers(0, 800)), 3)
    if status in ("expired", "late", "shelf"):
        since = {"expired": middle - 3 * YEAR, "late": middle, "shelf": days(2018, 3) + int(rng.integers(0, 800))}
        return terms(since[status], 2 if status == "late" else 1)
    return _special(status, number, early, middle, rng)


def _special(status: str, number: str, early: int, middle: int, rng: np.random.Generator) -> tuple[Certificate, ...]:
    printed = early + 7 * YEAR
    if status == "revoked":
        return (Certificate(f"DEMO-EL-{number}-1", "eco_label", early, printed, revoked=max(middle, days(2016, 6))),)
    if status == "given_up":
        return (Certificate(f"DEMO-EL-{number}-1", "eco_label", early, printed, given_up=True),)
    if status == "low_carbon":
        since = days(2018, 5) + int(rng.integers(0, 600))
        return (Certificate(f"DEMO-LC-{number}", "low_carbon", since, since + 4 * YEAR),)
    return ()


def _green_days(status: str, certificates: tuple[Certificate, ...], rng: np.random.Generator) -> tuple[int, int]:
    if not certificates:
        return 0, 0
    since, until = certificates[0].since, certificates[-1].until + 1
    if status == "revoked":
        return since, certificates[0].revoked or until
    if status == "given_up":
        return since, days(2018, 6) + int(rng.integers(0, 300))
    return (max(since, LOW_CARBON_SINCE), until) if status == "low_carbon" else (since, until)


def _other_pairs(traders: list[Supplier], start: int, rng: np.random.Generator, each: int = 30) -> Iterator[Pair]:
    for i in range(len(other_goods()) * each):
        trader = traders[int(rng.integers(len(traders)))]
        size = f"{rng.integers(20, 240) * 5}x{rng.integers(20, 240) * 5}mm"
        models = _models(start + i, rng)
        yield Pair(start + i, -1, i // each, "other", trader, 0, 0, (), models, size)


def valid_on_demo_day(one: Certificate) -> bool:
    """Tell whether a certificate is valid on the demo's day, as the lists print it."""
    today = DEMO_DAY.toordinal() - EPOCH
    return one.since <= today <= one.until and one.revoked is None and not one.given_up
