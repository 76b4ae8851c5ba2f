"""One product judged in memory is what an import's SQL makes of it; alternatives on arrays are those row by row."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builders
import screening_oracle as oracle
from builders import CHAIR, CITY, LAMP, PIPE, keyed, take, write_csv
from chorok.core.definitions import BasisRule, Definition, load
from chorok.ledger import decisions, identity
from chorok.ledger.alternatives import Sought
from chorok.ledger.asked import Asked, product_key
from chorok.ledger.registry import replace_source
from chorok.ledger.schema import DECISIONS
from chorok.ledger.screening import Desk
from chorok.ledger.store import Ledger

DAY = date(2019, 6, 1)
DETAILS = ["9000000101", "9000000102", "9000000201"]
CLASSES = ["90000001", "90000002", "90000003", "11111111"]
IDS = [f"8000000{number}" for number in range(1, 7)]
MODELS = ["CH-100", "CH-101", "LX-40K", "PV-2000"]
MAKERS = ["초록가구", "바다조명", None]
AREAS = ["전국", "부산광역시", "대전광역시, 충남", "영남권", None]
SEEDS = st.integers(0, 10**9)


class World(random.Random):
    """A small registry, people's decisions and lines, all by chance."""

    def day(self) -> date | None:
        return self.choice([None, *[DAY + timedelta(self.randint(-500, 500)) for _ in range(4)]])

    def maybe(self, values: list[Any]) -> Any:
        return self.choice([None, *values])

    def groups(self) -> list[dict[str, Any]]:
        coded = self.random() < 0.8
        known = ((CHAIR, "의자", [CLASSES[0], *DETAILS[:2]]), (PIPE, "배수관", [CLASSES[1], DETAILS[2]]),
                 (LAMP, "조명기구", [CLASSES[2]]))  # fmt: skip
        found = []
        for code, name, codes in known:
            since, until = sorted([self.day() or date(2018, 1, 1), self.day() or date(2020, 6, 1)])
            found.append(
                {"code": code, "name_ko": name, "name_en": code, "codes": codes if coded else [],
                 "standard_from": self.choice([None, since]), "standard_until": self.choice([None, None, until])}
            )  # fmt: skip
        return found

    def certificate(self, number: int) -> dict[str, Any]:
        model, product = self.maybe(MODELS), self.maybe(IDS)
        return {
            "certificate_no": self.choice([f"EL-2019-{number}", f"EL-2019-{number}", None]),
            "basis": self.choice(["eco_label", "eco_label", "gr", "low_carbon", "none", None]),
            "status": self.choice(["certified"] * 5 + ["revoked", "given_up", "expired", "unknown", None]),
            "valid_from": self.day(), "valid_until": self.day(), "revoked_on": self.choice([None, None, self.day()]),
            "read_on": self.choice([None] * 5 + [DAY, self.day()]),
            "item_group": self.maybe([CHAIR, PIPE, LAMP]), "product_id": product, "detail_code": self.maybe(DETAILS),
            "product_name": self.maybe(["사무용의자", "조명"]) or f"이름{product}", "model": model,
            "aliases": self.maybe([["CH-100W"]]), "supplier_name": self.choice(MAKERS),
        }  # fmt: skip

    def offer(self, number: int) -> dict[str, Any]:
        product = self.choice(IDS)
        return {
            "offer_no": f"M-{number}", "product_id": product, "detail_code": self.maybe(DETAILS),
            "product_name": f"이름{product}", "supply_area": self.choice(AREAS), "maker": self.choice(MAKERS),
            "minimum_order": self.maybe([3, Decimal("2.5")]), "price": None if number == 0 else 1000 + number,
            "currency": "KRW", "unit": "개", "read_on": DAY, "contract_from": self.day(), "contract_until": self.day(),
        }  # fmt: skip

    def line(self, number: int) -> Asked:
        text = self.choice(["의자", "사무용의자", "배수관 200mm", "생수", "조명", None])
        more = self.choice([None, *MODELS, f"EL-2019-{self.randint(0, 9)}", "CH-100W 고급형"])
        return Asked(
            number,
            description=None if text is None and more is None else f"{text or ''} {more or ''}".strip(),
            specification=self.choice([None, None, "고급형", "CH-101"]),
            product_id=self.choice([None, *IDS, "89999999"]),
            detail_code=self.choice([None, None, *DETAILS, "9999999999"]),
            class_code=self.choice([None, None, *CLASSES]),
            item_hint=self.choice([None, None, "의자"]),
            supplier_name=self.choice(MAKERS),
            kind=self.choice(["goods", "works"]),
        )

    def decision(self, line: Asked) -> dict[str, Any]:
        outcome = self.choice(["green", "green", "not_green", "out_of_scope", None])
        return {
            "product_key": product_key(line), "item_group": self.maybe([CHAIR, PIPE]), "outcome": outcome,
            "basis": self.maybe(["eco_label", "gr"]), "certificate_no": self.maybe(["EL-2019-1", "EL-2019-2"]),
            "valid_from": self.day(), "valid_until": self.day(), "reason": "시험", "decided_by": "담당관",
            "decided_on": DAY,
        }  # fmt: skip

    def definition(self) -> Definition:
        bases = [BasisRule("eco_label"), BasisRule("gr", since=DAY - timedelta(30))]
        if self.random() < 0.5:
            bases += [BasisRule("gr", until=DAY - timedelta(100)), BasisRule("low_carbon", until=DAY + timedelta(60))]
        plain = replace(load("national"), bases=tuple(bases), extends=None)
        if self.random() < 0.6:
            return plain
        until = self.choice([None, DAY + timedelta(120)])
        return replace(plain, kind="local", in_force_from=DAY - timedelta(20), in_force_until=until)

    def desk(self, folder: Path, lines: list[Asked]) -> Desk:
        ledger = Ledger.create(folder / "장부", DAY.isoformat())
        certificates = [self.certificate(number) for number in range(self.randint(0, 14))]
        cities = [{**one, "name_ko": "부산광역시"} if one["code"] == CITY else one for one in builders.ORGANISATIONS]
        builders.register(ledger, self.groups(), certificates, cities)
        offers = [self.offer(number) for number in range(self.randint(0, 8))]
        replace_source(ledger.path, "offers", builders.rows("offers", offers), "test")
        decided = {row["product_key"]: row for row in (self.decision(one) for one in lines[::4])}
        with ledger.writing():
            decisions.write(ledger, builders.pa.Table.from_pylist(list(decided.values()), schema=DECISIONS))
            put_back = list(decided)[:2]
            decisions.write(ledger, DECISIONS.empty_table(), put_back)
        if self.random() < 0.3:
            bought = [keyed(n, name="의자", product=one, detail=self.choice(DETAILS)) for n, one in enumerate(IDS[:3])]
            take(ledger, write_csv(folder / "구매.csv", bought))
        return Desk.open(ledger, self.definition())


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS)
def test_a_product_is_judged_as_an_import_judges_it(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(seed)
    lines = [world.line(number) for number in range(40)]
    desk = world.desk(tmp_path_factory.mktemp("등록부"), lines)
    for day in (DAY, DAY + timedelta(world.randint(-400, 400)), DAY - timedelta(21)):
        found = identity.identify(desk.source, lines, day)
        wanted = oracle.identified(desk.source, lines, day)
        for line, one, other in zip(lines, found, wanted, strict=True):
            assert one == other, line


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_alternatives_are_those_found_row_by_row(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    world, folder = World(seed), tmp_path_factory.mktemp("시장")
    desk = world.desk(folder, [])
    for _ in range(12):
        ahead = DAY + timedelta(world.randint(0, 200))
        sought = Sought(world.maybe([CHAIR, PIPE]), world.maybe(DETAILS), DAY, ahead)
        place, quantity = desk.place(world.maybe([CITY]), DAY), world.maybe([Decimal(2), Decimal("2.5"), Decimal(3)])
        found = desk.market.against(sought, place, quantity, 1000)
        kind, rows, known, certified = oracle.against(desk.source, sought, place, quantity, folder / "빈.parquet")
        assert (found.kind, found.known, found.certified) == (kind, known, certified)
        assert found.products == rows
        assert desk.market.against(sought, place, quantity, 2).products == rows[:2]


def test_the_two_have_met_every_state_and_way(tmp_path: Path) -> None:
    states, methods = set(), set()
    for seed in range(12):
        world = World(seed)
        lines = [world.line(number) for number in range(60)]
        (tmp_path / str(seed)).mkdir()
        desk = world.desk(tmp_path / str(seed), lines)
        for one in identity.identify(desk.source, lines, DAY):
            states.add(one.state)
            methods.add(one.method)
    assert states == {"green", "not_green", "undetermined", "not_eligible"}
    wanted = {"human", "identification_number", "certificate_number", "name", "supplier_model", "class_code", None}
    assert wanted <= methods


def test_what_a_product_was_found_to_be_holds_for_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(1)
    lines = [world.line(number) for number in range(5)]
    source = world.desk(tmp_path, lines).source
    first = identity.identify(source, lines, DAY)
    monkeypatch.delattr(identity, "_standing")
    assert identity.identify(source, lines, DAY) == first
    with pytest.raises(NameError):
        identity.identify(source, lines, DAY + timedelta(1))
