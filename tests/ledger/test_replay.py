"""Replays of small ledgers, against a plain-Python reading of the same registry and lines."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builders
from builders import CHAIR, CITY, EAST, MOVED, MOVED_ON, OTHER_CITY, PIPE, keyed, take, write_csv
from chorok.core.errors import UsageError
from chorok.core.measures.replay import OUTCOMES
from chorok.ledger import replay
from chorok.ledger.figures import Question
from chorok.ledger.published import Published
from chorok.ledger.registry import replace_source
from chorok.ledger.replay import Wanted
from chorok.ledger.store import Ledger

GROUPS = [
    {"code": CHAIR, "name_ko": "의자", "name_en": "Chairs", "codes": ["90000001", "9000000101", "9000000102"]},
    {"code": PIPE, "name_ko": "배수관", "name_en": "Drainpipes", "codes": ["90000002", "9000000201"]},
]
OFFICE, STOOL, TUBE = "9000000101", "9000000102", "9000000201"
GROUP_OF = {OFFICE: CHAIR, STOOL: CHAIR, TUBE: PIPE}
AREAS = ["전국", "부산광역시", "대전광역시, 충남", "영남권", None]
CITIES = {CITY: "부산", EAST: "부산", OTHER_CITY: "대전"}
ORGANISATIONS = [
    {**row, "name_ko": {CITY: "부산광역시", OTHER_CITY: "대전광역시"}.get(str(row["code"]), row["name_ko"])}
    for row in builders.ORGANISATIONS
]
FIRST = date(2018, 1, 1)
DAY = st.integers(0, 900).map(lambda days: FIRST + timedelta(days))
LASTING = st.tuples(DAY, st.integers(0, 600)).map(lambda pair: (pair[0], pair[0] + timedelta(pair[1])))


@st.composite
def certificates(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        since, until = draw(LASTING)
        detail = draw(st.sampled_from([OFFICE, STOOL, TUBE]))
        found.append(
            {
                "certificate_no": f"A-{number}",
                "product_id": draw(st.sampled_from(["80000001", "80000002", "80000003", None])),
                "detail_code": detail,
                "item_group": GROUP_OF[detail],
                "basis": draw(st.sampled_from(["eco_label", "gr", "none"])),
                "status": draw(st.sampled_from(["certified", "certified", "given_up"])),
                "valid_from": since,
                "valid_until": until,
                "revoked_on": draw(st.sampled_from([None, None, since + timedelta(30)])),
            }
        )
    return found


@st.composite
def offers(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        since, until = draw(LASTING)
        found.append(
            {
                "offer_no": f"M-{number}",
                "product_id": draw(st.sampled_from(["80000001", "80000002", "80000003"])),
                "supply_area": draw(st.sampled_from(AREAS)),
                "contract_from": since,
                "contract_until": until,
                "minimum_order": draw(st.sampled_from([None, 3, 10])),
                "price": draw(st.integers(1, 1000)),
                "currency": "KRW",
                "read_on": date(2020, 1, 1),
            }
        )
    return found


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "day": DAY,
            "org": st.sampled_from([CITY, EAST, OTHER_CITY, MOVED]),
            "detail": st.sampled_from([OFFICE, STOOL, TUBE, ""]),
            "amount": st.integers(1, 10**9),
            "quantity": st.sampled_from(["", "2", "5", "20"]),
            "ground": st.sampled_from(["", "1", "2"]),
            "kind": st.sampled_from(["물품", "공사"]),
        }
    ),
    min_size=1,
    max_size=12,
)


def certain_on(one: dict[str, Any], day: date) -> bool:
    if one["basis"] == "none" or (one["status"] == "given_up" and one["revoked_on"] is None):
        return False
    last = min(one["valid_until"], (one["revoked_on"] or date.max - timedelta(1)) - timedelta(1))
    return bool(one["valid_from"] <= day <= last)


def reaches(area: str | None, city: str) -> bool | None:
    """What the areas of this test say, spelled out."""
    return {"전국": True, "부산광역시": city == "부산", "대전광역시, 충남": city == "대전"}.get(area or "")


def expected_of(line: dict[str, Any], certified: list[dict[str, Any]], offered: list[dict[str, Any]]) -> str:
    """sure | possible | none, certificate by certificate and offer by offer."""
    city = CITIES.get(line["org"]) or ("부산" if line["day"] < MOVED_ON else "대전")
    best, group = "none", GROUP_OF.get(line["detail"], CHAIR)
    for one in certified:
        same = line["detail"] == one["detail_code"]
        if not certain_on(one, line["day"]) or GROUP_OF[one["detail_code"]] != group:
            continue
        there = [
            offer
            for offer in offered
            if one["product_id"] == offer["product_id"]
            and offer["contract_from"] <= line["day"] <= offer["contract_until"]
        ]
        if not there:
            best = "possible" if best == "none" else best
        for offer in there:
            reached = reaches(offer["supply_area"], city)
            enough = int(line["quantity"] or 0) >= (offer["minimum_order"] or 0)
            if reached and same and enough:
                best = "sure"
            elif reached is not False and best == "none":
                best = "possible"
    return best


def made(folder: Path, certified: list[dict[str, Any]], offered: list[dict[str, Any]], lines: list[Any]) -> Published:
    ledger = Ledger.create(folder)
    builders.register(ledger, GROUPS, certified, ORGANISATIONS)
    replace_source(ledger.path, "offers", builders.rows("offers", offered), "mall")
    bought = [
        keyed(number, **{**line, "detail": line["detail"], "class_": line["detail"][:8] or "90000001"},
              product="89999999", name="ㅁㅁ", unit="개")
        for number, line in enumerate(lines)
    ]  # fmt: skip
    take(ledger, write_csv(folder.parent / f"{folder.name}.csv", bought))
    return Published.at(ledger)


@settings(max_examples=12)
@given(certificates(), offers(), LINES)
def test_every_line_meets_what_plain_python_finds(
    tmp_path_factory: pytest.TempPathFactory,
    certified: list[dict[str, Any]],
    offered: list[dict[str, Any]],
    lines: list[dict[str, Any]],
) -> None:
    published = made(tmp_path_factory.mktemp("재심사") / "ledger", certified, offered, lines)
    found = replay.lines(published, Wanted("legal", outcomes=OUTCOMES), None)
    told = sorted((row["bought_on"], row["amount"], row["alternative"]) for row in found.rows)
    assert told == sorted((line["day"], line["amount"], expected_of(line, certified, offered)) for line in lines)
    for row, against in zip(found.rows, replay.against_each(published, found.rows, "national", 100), strict=True):
        kinds = {one["alternative"] for one in against.products}
        assert (row["alternative"] == "none") == (not kinds)
        assert not kinds or (row["alternative"] == "sure") == ("sure" in kinds)


@settings(max_examples=5)
@given(certificates(), offers(), LINES, st.sampled_from(["strict", "legal"]))
def test_sums_are_those_of_the_lines(
    tmp_path_factory: pytest.TempPathFactory,
    certified: list[dict[str, Any]],
    offered: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    policy: Any,
) -> None:
    published = made(tmp_path_factory.mktemp("합계") / "ledger", certified, offered, lines)
    sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for row in replay.lines(published, Wanted(policy, outcomes=OUTCOMES), None).rows:
        for key in (row["item_group"], None):
            cell = sums[key, row["outcome"]]
            cell[0], cell[1] = cell[0] + 1, cell[1] + row["amount"]
    for by in ((), ("item",)):
        for one in replay.run(published, Question(by), policy).rows:
            key = one.figure.keys[0] if by else None
            for outcome, tally in one.result.tallies.items():
                assert [tally.lines, tally.amount] == sums[key, outcome]
            assert one.result.was == one.figure.amounts.share()


@pytest.fixture
def published(tmp_path: Path) -> Published:
    day = date(2019, 3, 2)
    certified = [
        {"certificate_no": "A-1", "product_id": "80000001", "detail_code": OFFICE, "basis": "eco_label",
         "valid_from": day, "valid_until": day, "product_name": "의자", "supplier_name": "가나의자"},
    ]  # fmt: skip
    offered = [{"offer_no": "M-1", "product_id": "80000001", "supply_area": "부산광역시", "contract_from": day,
                "contract_until": day, "price": 500, "currency": "KRW", "read_on": day}]  # fmt: skip
    places = [CITY, OTHER_CITY, CITY, "없는기관"]
    days = [day, day, day + timedelta(1), day]
    lines = [
        {"day": one, "org": place, "detail": OFFICE, "amount": 10**number, "quantity": "1"}
        for number, (one, place) in enumerate(zip(days, places, strict=True))
    ]
    return made(tmp_path / "장부", certified, offered, lines)


def test_day_and_place_decide(published: Published) -> None:
    found = replay.lines(published, Wanted(outcomes=OUTCOMES), None).rows
    assert {row["amount"]: row["outcome"] for row in found} == {
        1: "stopped", 10: "no_alternative", 100: "no_alternative", 1000: "questioned",
    }  # fmt: skip


def test_a_scope_and_a_line_alone(published: Published) -> None:
    within = replay.lines(published, Wanted(outcomes=OUTCOMES, organisation=CITY), None)
    assert (within.lines, within.amounts) == (2, {"KRW": 101})
    (row,) = replay.lines(published, Wanted(outcomes=("stopped",)), 5).rows
    told = replay.against(published, row, "national", 5)
    assert [(one["product_id"], one["maker"], one["price"]) for one in told.products] == [("80000001", "가나의자", 500)]
    alone = replay.lines(published, Wanted(outcomes=OUTCOMES, line=row["line_id"]), 1)
    assert alone.rows == [row]


def test_an_answer_of_replays_carries_the_figures(published: Published) -> None:
    (city, *_), *_ = [(row, None) for row in replay.run(published, Question(("city",)), "strict").rows]
    assert city.figure.keys == (CITY,)
    assert city.result.was.denominator == 101
    assert city.result.stopped.green == 1
    with pytest.raises(UsageError):
        replay.policy_of("mild")
