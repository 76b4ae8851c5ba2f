"""Typed lines become facts: by the matching of an import, on the day, with alternatives as the rules define them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builders
from builders import CHAIR, CITY, LAMP, OTHER_CITY, PIPE, keyed, take, write_csv
from chorok.core.definitions import load
from chorok.core.errors import BadInputError, UsageError
from chorok.core.screening import policy as policies
from chorok.core.screening.facts import Framework
from chorok.core.screening.policy import Policy, Proportion, SmallAmount
from chorok.ledger import decisions, publishing
from chorok.ledger.asked import Asked, product_key
from chorok.ledger.registry import replace_source
from chorok.ledger.schema import DECISIONS, PRODUCT_COLUMNS
from chorok.ledger.screening import Desk, Request, Screened, Wish, policy_of
from chorok.ledger.store import Ledger

OFFICE, STOOL, TUBE = "9000000101", "9000000102", "9000000201"
DAY = date(2019, 6, 1)
GROUPS = [
    {"code": CHAIR, "name_ko": "의자", "name_en": "Chairs", "codes": ["90000001", OFFICE, STOOL]},
    {"code": PIPE, "name_ko": "배수관", "name_en": "Drainpipes", "codes": ["90000002", TUBE]},
    {"code": LAMP, "name_ko": "조명기구", "name_en": "Lamps", "codes": ["90000003"],
     "standard_from": date(2019, 7, 1)},
]  # fmt: skip
ORGANISATIONS = [
    {**row, "name_ko": {CITY: "부산광역시", OTHER_CITY: "대전광역시"}.get(str(row["code"]), row["name_ko"])}
    for row in builders.ORGANISATIONS
]
YEARS = {"valid_from": date(2018, 1, 1), "valid_until": date(2019, 12, 31)}
CHAIR_A: dict[str, Any] = {
    "certificate_no": "A-1", "product_id": "80000001", "detail_code": OFFICE, "product_name": "사무용의자",
    "model": "CH-100", "supplier_name": "초록가구", **YEARS,
}  # fmt: skip
OFFER_A: dict[str, Any] = {
    "offer_no": "M-1", "product_id": "80000001", "detail_code": OFFICE, "supply_area": "부산광역시", "price": 50000,
    "currency": "KRW", "unit": "개", "contract_from": date(2019, 1, 1), "contract_until": date(2019, 12, 31),
    "read_on": date(2019, 1, 1),
}  # fmt: skip


@pytest.fixture
def desk_of(tmp_path: Path) -> Callable[..., Desk]:
    def made(
        certificates: list[dict[str, Any]] | None = None,
        offers: list[dict[str, Any]] | None = None,
        name: str = "장부",
        definition: str = "national",
    ) -> Desk:
        ledger = Ledger.create(tmp_path / name, "2019-06-01")
        builders.register(ledger, GROUPS, [CHAIR_A] if certificates is None else certificates, ORGANISATIONS)
        rows = builders.rows("offers", [OFFER_A] if offers is None else offers)
        replace_source(ledger.path, "offers", rows, "test")
        return Desk.open(ledger, load(definition))

    return made


def wish(policy: str | Policy = "strict", **more: Any) -> Wish:
    rule = policies.preset(policy) if isinstance(policy, str) else policy
    return Wish(rule, DAY, organisation=more.pop("organisation", CITY), **more)


def asked(number: int = 1, **more: Any) -> Asked:
    return Asked(number, **{"description": "사무용 의자", "detail_code": OFFICE, **more})


def one(desk: Desk, line: Asked, how: Wish | None = None) -> Screened:
    (found,) = desk.screen([line], how or wish()).lines
    return found


def told(found: Screened) -> tuple[str, str]:
    return found.decision.rule, found.decision.outcome


def test_a_certified_product_passes_by_its_number_and_by_its_name(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    by_number = one(desk, asked(product_id="80000001"))
    by_name = one(desk, asked(description="사무용의자 CH-100", supplier_name="초록가구", detail_code=None))
    for found, method in ((by_number, "identification_number"), (by_name, "supplier_model")):
        assert told(found) == ("D4", "pass_green")
        assert (found.method, found.certificates) == (method, ("A-1",))
        assert found.facts.certified_until == date(2019, 12, 31)
        assert found.search is None


def test_what_is_had_here_denies_and_is_named_with_all_that_buying_needs(desk_of: Callable[..., Desk]) -> None:
    found = one(desk_of(), asked(product_id="80000099", quantity=Decimal(3)))
    assert told(found) == ("D8", "denied")
    (best,) = found.alternatives
    wanted = {"product_id": "80000001", "certificate_no": "A-1", "price": 50000, "unit": "개", "model": "CH-100",
              "supply_area": "부산광역시", "in_reach": True, "alternative": "sure"}  # fmt: skip
    assert wanted.items() <= best.items()
    assert found.search is not None
    assert (found.search.candidates, found.search.certified, found.search.item_group) == (1, 1, CHAIR)
    assert found.search.registry == found.decision.registry == found.facts.registry_version > 0


def test_the_jurisdiction_decides_whether_it_denies(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    there = one(desk, asked(), wish(organisation=OTHER_CITY))
    assert told(there) == ("D9", "needs_statement")
    assert there.search is not None
    assert (there.search.certified, there.search.candidates) == (1, 0)
    assert told(one(desk, asked(), wish(organisation=None))) == ("D7", "needs_statement")


@pytest.mark.parametrize(
    ("line", "offer", "rule"),
    [
        ({"detail_code": None, "class_code": "90000001"}, {}, "D7"),
        ({"detail_code": STOOL}, {}, "D7"),
        ({"quantity": Decimal(4)}, {"minimum_order": 5}, "D7"),
        ({"quantity": Decimal(5)}, {"minimum_order": 5}, "D8"),
        ({}, {"minimum_order": 5}, "D7"),
        ({}, {"supply_area": "영남권"}, "D7"),
        ({}, {"supply_area": "전국"}, "D8"),
        ({}, {"contract_until": date(2019, 5, 31)}, "D7"),
        ({"needed_by": date(2019, 12, 31)}, {}, "D8"),
        ({"needed_by": date(2020, 1, 1)}, {}, "D7"),
    ],
)
def test_only_a_sure_alternative_denies(
    desk_of: Callable[..., Desk], line: dict[str, Any], offer: dict[str, Any], rule: str
) -> None:
    assert one(desk_of(offers=[{**OFFER_A, **offer}]), asked(**line)).decision.rule == rule


@pytest.mark.parametrize(
    ("line", "outcome", "rule"),
    [
        ({"description": "생수", "detail_code": None}, "cannot_tell", "D2"),
        ({"description": "의자 CH-999X", "detail_code": None, "class_code": "90000001"}, "needs_statement", "D7"),
        ({"description": "조명", "detail_code": None, "class_code": "90000003"}, "pass_outside", "D3"),
        ({"class_code": "11111111", "detail_code": None}, "pass_outside", "D3"),
        ({"kind": "works"}, "contract_clause", "D5"),
        ({"kind": "works", "furnished": True}, "denied", "D8"),
        ({"kind": "service", "description": "청소 용역", "detail_code": None}, "cannot_tell", "D2"),
        ({"kind": "service", "description": "청소 용역", "detail_code": None, "no_goods": True}, "pass_no_goods", "D1"),
        ({"measured": "lump"}, "returned_to_split", "D13"),
        ({"measured": "lump", "product_id": "80000001"}, "pass_green", "D4"),
        ({"measured": "set"}, "cannot_tell", "D2"),
        ({"emergency": True}, "record_afterwards", "D12"),
        ({"ground": "②", "statement": "x", "evidence": "y"}, "denied", "D8"),
    ],
)
def test_lines_of_each_kind(desk_of: Callable[..., Desk], line: dict[str, Any], outcome: str, rule: str) -> None:
    assert told(one(desk_of(), asked(**line))) == (rule, outcome)


def test_a_ground_is_read_with_its_case_and_one_that_is_none_is_said(desk_of: Callable[..., Desk]) -> None:
    desk, legal = desk_of(), wish("legal", words={"긴급한 수요": "urgent"})
    whole = {"statement": "사유", "evidence": "증빙"}
    assert told(one(desk, asked(ground="⑤ 긴급한 수요", **whole), legal)) == ("D8", "needs_cosign")
    assert told(one(desk, asked(ground="⑤", **whole), legal)) == ("D8", "needs_statement")
    unread = one(desk, asked(ground="그냥", **whole), legal)
    assert (told(unread), unread.ground_read) == (("D8", "denied"), False)


def test_a_product_of_a_doubtful_certificate_is_not_known(desk_of: Callable[..., Desk]) -> None:
    doubtful = {**CHAIR_A, "status": "revoked"}
    assert told(one(desk_of([doubtful]), asked(product_id="80000001"))) == ("D2", "cannot_tell")


def test_an_empty_or_old_registry_tells_nothing(desk_of: Callable[..., Desk]) -> None:
    empty = desk_of([], [], "빈 장부")
    assert told(one(empty, asked())) == ("D2", "cannot_tell")
    full = desk_of()
    written = date.fromtimestamp(full.source.ledger.path.stat().st_mtime)
    for days, rule in ((150, "D3"), (250, "D2")):
        later = replace(wish(), day=written + timedelta(days))
        found = one(full, asked(class_code="11111111", detail_code=None), later)
        assert found.decision.rule == rule


def test_a_local_definition_says_nothing_of_days_before_its_text(desk_of: Callable[..., Desk]) -> None:
    found = one(desk_of(definition="seoul"), asked(product_id="80000001"))
    assert told(found) == ("D2", "cannot_tell")
    assert found.decision.definition.startswith("seoul@")
    assert [reason.code for reason in found.decision.reasons] == ["definition_not_known"]


def test_what_a_person_decided_about_a_product_holds_here_too(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    ledger = desk.source.ledger
    purchase = keyed(1, name="특수의자", detail=OFFICE, supplier="어느가구", day="2019-03-02")
    take(ledger, write_csv(ledger.path.parent / "구매.csv", [purchase]))
    line = asked(description="특수의자", supplier_name="어느가구")
    assert told(one(Desk.open(ledger, load("national")), line)) == ("D8", "denied")
    proof = {"product_key": product_key(line), "item_group": CHAIR, "outcome": "green", "basis": "eco_label",
             "valid_from": date(2019, 1, 1), "valid_until": date(2019, 12, 31), "reason": "시험성적서",
             "decided_by": "담당관", "decided_on": date(2019, 1, 2)}  # fmt: skip
    with ledger.writing():
        decisions.write(ledger, builders.pa.Table.from_pylist([proof], schema=DECISIONS))
        publishing.publish(ledger, "decisions", "test")
    (known,) = [row["product_key"] for row in builders.posted(ledger)]
    assert known == product_key(line), "the key of an import"
    proven = one(Desk.open(ledger, load("national")), line)
    assert told(proven) == ("D4", "pass_green")
    assert [reason.code for reason in proven.decision.reasons] == ["certified", "proof_entered"]


def test_small_amounts_are_summed_over_what_was_bought_and_what_is_asked(desk_of: Callable[..., Desk]) -> None:
    ledger = desk_of().source.ledger
    bought = [
        keyed(1, name="의자", detail=OFFICE, amount=400, day="2019-05-10", department="총무과"),
        keyed(2, name="의자", detail=OFFICE, amount=9000, day="2019-05-02", department="총무과"),
        keyed(3, name="의자", detail=OFFICE, amount=9000, day="2019-05-10", department="도로과"),
        keyed(4, name="관", detail=TUBE, amount=9000, day="2019-05-10", department="총무과"),
    ]
    take(ledger, write_csv(ledger.path.parent / "구매.csv", bought))
    desk = Desk.open(ledger, load("national"))
    small = wish(replace(policies.preset("strict"), small_amounts=(SmallAmount(1000),)))

    def of(*amounts: int | None, department: str = "총무과") -> list[str]:
        lines = [asked(n, amount=amount, department=department) for n, amount in enumerate(amounts)]
        return [line.decision.outcome for line in desk.screen(lines, small).lines]

    assert of(599) == ["pass_with_note"]
    assert of(600) == ["denied"]
    assert of(300, 299) == ["pass_with_note"] * 2
    assert of(300, 300) == ["denied"] * 2
    assert of(None) == ["denied"]
    assert of(1, department="도로과") == ["denied"]
    nobody = desk.screen([asked(amount=1)], replace(small, organisation=None)).lines[0]
    assert nobody.decision.rule == "D7"


def test_what_other_open_requests_ask_for_counts_to_a_small_amount(desk_of: Callable[..., Desk]) -> None:
    small = wish(replace(policies.preset("strict"), small_amounts=(SmallAmount(1000),)))
    desk, line = desk_of(), asked(amount=400, department="총무과")

    def of(buyer: tuple[str | None, str | None, str, str]) -> str:
        return one(desk, line, replace(small, pending={buyer: 600})).decision.outcome

    assert of((CITY, "총무과", CHAIR, "KRW")) == "denied"
    assert of((CITY, "도로과", CHAIR, "KRW")) == "pass_with_note"
    assert of((CITY, "총무과", PIPE, "KRW")) == "pass_with_note"
    assert of((CITY, "총무과", CHAIR, "USD")) == "pass_with_note"


def test_a_call_off_inherits_within_its_framework(desk_of: Callable[..., Desk]) -> None:
    contract = Framework("단가-1", DAY, 1000, "statement")
    for amount, rule in ((1000, "D11"), (1001, "D8")):
        assert one(desk_of(name=rule), asked(amount=amount, framework=contract)).decision.rule == rule


def test_a_proof_waits_for_the_officer_unless_the_product_is_certified_anyway(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    waits = one(desk, asked(description="의자 CH-999X", proof=True))
    assert (*told(waits), waits.facts.certified) == ("D4", "needs_cosign", "proof")
    assert told(one(desk, asked(product_id="80000001", proof=True))) == ("D4", "pass_green")


GREEN_PART, BARE, OPEN, PROVEN = (
    {"product_id": "80000001"}, {}, {"description": "의자 CH-10", "specification": "고급형"},
    {"product_id": "80000099", "proof": True},
)  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "known", "rule"),
    [
        ([GREEN_PART], "yes", "D4"),
        ([GREEN_PART, GREEN_PART], "yes", "D4"),
        ([GREEN_PART, PROVEN], "proof", "D4"),
        ([GREEN_PART, OPEN], "unknown", "D2"),
        ([GREEN_PART, BARE], "no", "D8"),
        ([OPEN, PROVEN, BARE], "no", "D8"),
    ],
)
def test_a_set_is_what_its_worst_part_is(
    desk_of: Callable[..., Desk], parts: list[dict[str, Any]], known: str, rule: str
) -> None:
    found = one(desk_of(), asked(parts=tuple(asked(n, **{"measured": "one", **part}) for n, part in enumerate(parts))))
    assert (found.facts.parts, found.decision.rule) == (known, rule)
    if rule == "D4" and known == "yes":
        assert (found.certificates, found.facts.certified_until) == (("A-1",), date(2019, 12, 31))


def test_threads_share_a_desk(desk_of: Callable[..., Desk]) -> None:
    lines = [asked(1, product_id="80000001"), asked(2), asked(3, description="의자 CH-999X", specification="y")]
    alone = desk_of().screen(lines, wish())
    shared = desk_of(name="함께")
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: shared.screen(lines, wish()), range(64)):
            assert [line.decision for line in found.lines] == [line.decision for line in alone.lines]


@pytest.mark.parametrize(
    ("quantities", "outcome"),
    [((3, 7), "within_proportion"), ((2, 8), "denied"), ((3, None), "cannot_tell")],
)
def test_a_required_proportion_is_of_the_whole_request(
    desk_of: Callable[..., Desk], quantities: tuple[int | None, int | None], outcome: str
) -> None:
    policy = replace(policies.preset("strict"), proportions=(Proportion(CHAIR, Fraction(30)),))
    green, other = (None if one is None else Decimal(one) for one in quantities)
    lines = [asked(1, product_id="80000001", quantity=green, unit="개"), asked(2, quantity=other, unit="개")]
    found = desk_of().screen(lines, wish(policy)).lines
    assert [line.decision.outcome for line in found] == ["pass_green", outcome]


def test_a_request_stands_where_its_worst_line_stands_and_needs_one(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    request: Request = desk.screen([asked(1, product_id="80000001"), asked(2), asked(3, measured="lump")], wish())
    assert (request.standing.state, request.standing.open) == ("denied", (1, 2))
    with pytest.raises(BadInputError, match="screening_nothing"):
        desk.screen([], wish())
    with pytest.raises(UsageError, match="organisation_unknown"):
        desk.organisation("없는 곳")
    assert desk.organisation("부산광역시") == CITY


def test_a_policy_is_a_preset_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(
        'extends = "strict"\nid = "ours"\ntitle_ko = "우리"\ntitle_en = "Ours"\nsource_ko = "결재"\n'
        'source_en = "order"\nauthor = "A"\nchecker = ""\nnext_review = 2021-01-01\nchange_log = []\n'
        "registry_days = 50\nquantity_more = 2.5\n",
        encoding="utf-8",
    )
    assert policy_of(str(file)).registry_days == 50
    assert policy_of(str(file)).quantity_more == Fraction(5, 2)
    assert policy_of("legal").id == "legal"
    with pytest.raises(UsageError, match="screening_policy_unknown"):
        policy_of("lax")


def test_nothing_is_written(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    one(desk, asked())
    folder = desk.source.ledger.path
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    one(desk, asked(description="다른 의자"))
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before


AREAS = {"전국": True, "부산광역시": True, "대전광역시, 충남": False, "영남권": None, None: None}
SPAN = st.tuples(st.integers(-60, 60), st.integers(0, 120)).map(
    lambda pair: (DAY + timedelta(pair[0]), DAY + timedelta(pair[0] + pair[1]))
)


@st.composite
def markets(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    certified, offered = [], []
    for number in range(draw(st.integers(1, 4))):
        since, until = draw(SPAN)
        certified.append(
            {"certificate_no": f"A-{number}", "product_id": f"8000000{draw(st.integers(1, 3))}",
             "detail_code": draw(st.sampled_from([OFFICE, STOOL])), "valid_from": since, "valid_until": until}
        )  # fmt: skip
    for number in range(draw(st.integers(0, 4))):
        since, until = draw(SPAN)
        offered.append(
            {**OFFER_A, "offer_no": f"M-{number}", "product_id": f"8000000{draw(st.integers(1, 3))}",
             "detail_code": None, "supply_area": draw(st.sampled_from(list(AREAS))),
             "minimum_order": draw(st.sampled_from([None, 3])), "contract_from": since, "contract_until": until}
        )  # fmt: skip
    return certified, offered


def kind_of(certified: dict[str, Any], offers: list[dict[str, Any]], quantity: int, needed: date) -> str:
    """sure | possible | none, offer by offer."""
    if not certified["valid_from"] <= DAY <= certified["valid_until"]:
        return "none"
    standing = [
        one for one in offers
        if one["product_id"] == certified["product_id"] and one["contract_from"] <= DAY <= one["contract_until"]
    ]  # fmt: skip
    if not standing:
        return "possible"
    reached = [one for one in standing if AREAS[one["supply_area"]] is not False]
    sure = certified["detail_code"] == OFFICE and certified["valid_until"] >= needed and any(
        AREAS[one["supply_area"]] and quantity >= (one["minimum_order"] or 0) and one["contract_until"] >= needed
        for one in reached
    )  # fmt: skip
    return "sure" if sure else "possible" if reached else "none"


@settings(max_examples=12)
@given(market=markets(), quantity=st.sampled_from([1, 3]), ahead=st.integers(0, 40))
def test_alternatives_against_a_plain_reading(
    market: tuple[list[dict[str, Any]], list[dict[str, Any]]],
    quantity: int,
    ahead: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    certified, offered = market
    ledger = Ledger.create(tmp_path_factory.mktemp("시장") / "장부", "2019-06-01")
    builders.register(ledger, GROUPS, certified, ORGANISATIONS)
    replace_source(ledger.path, "offers", builders.rows("offers", offered), "test")
    needed = DAY + timedelta(ahead)
    found = one(Desk.open(ledger, load("national")), asked(quantity=Decimal(quantity), needed_by=needed))
    kinds = {kind_of(each, offered, quantity, needed) for each in certified}
    best = next(kind for kind in ("sure", "possible", "none") if kind in kinds)
    assert found.facts.alternative == best
    assert found.decision.rule == {"sure": "D8", "possible": "D7", "none": "D9"}[best]


def test_the_key_of_a_line_is_over_all_identifying_columns() -> None:
    plain = asked()
    assert len({product_key(plain)} | {product_key(replace(plain, **{name: "x"})) for name in PRODUCT_COLUMNS}) == 10
