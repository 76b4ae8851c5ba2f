"""What a bill of materials comes to, against the same sums in plain Python."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.screening import assessment, policy
from chorok.core.screening.assessment import Cost, Material
from chorok.core.screening.facts import ALTERNATIVES, CERTIFIED, STANDARDS, Facts
from chorok.core.screening.policy import Proportion

DAY = date(2020, 11, 2)


def facts(**given: object) -> Facts:
    said = {"day": DAY, "registry_age": 1, "standard": "yes", "certified": "no", "alternative": "none", "kind": "works"}
    return Facts(**{**said, **given})  # type: ignore[arg-type]


def material(outcome: str = "contract_clause", **given: object) -> Material:
    own = {name: given.pop(name) for name in ("quantity", "unit", "price", "price_currency", "price_unit")
           if name in given}  # fmt: skip
    return Material(facts(**given), outcome, **own)  # type: ignore[arg-type]


MATERIALS = st.builds(
    material,
    standard=st.sampled_from(STANDARDS),
    certified=st.sampled_from(CERTIFIED),
    parts=st.sampled_from(CERTIFIED),
    alternative=st.sampled_from(ALTERNATIVES),
    unit=st.just("개"),
    no_goods=st.booleans(),
    registry_age=st.sampled_from([None, 3]),
    definition_known=st.booleans(),
    amount=st.one_of(st.none(), st.integers(-1000, 10**12)),
    currency=st.sampled_from(["KRW", "USD"]),
    price=st.one_of(st.none(), st.integers(0, 10**9)),
    price_unit=st.sampled_from(["개", "EA", "m", ""]),
    quantity=st.one_of(st.none(), st.decimals(-5, 1000, places=2)),
)


def oracle(materials: list[Material]) -> dict[str, object]:
    """The same in plain Python, by its words in docs/site/assessments.md and not by the code."""
    eligible = green = swapped = undetermined_now = unknown = open_after = unpriced = 0
    for one in materials:
        f = one.facts
        if f.no_goods:
            continue
        blind = f.registry_age is None or not f.definition_known or f.unit == "lump" or f.standard == "unknown"
        if not blind and f.standard == "no":
            continue
        if f.amount is None or f.amount < 0:
            unpriced += 1
            continue
        if f.currency != "KRW":
            continue
        if blind:
            unknown += f.amount
            continue
        eligible += f.amount
        if f.certified == "yes":
            green += f.amount
        elif f.alternative == "sure":
            swapped += f.amount
        if f.certified in ("unknown", "proof"):
            undetermined_now += f.amount
        if f.certified != "yes" and f.alternative != "sure":
            open_after += f.amount if f.certified != "no" or f.alternative in ("possible", "unknown") else 0
    return {
        "value": Fraction(green, eligible) if eligible else None,
        "reachable": Fraction(green + swapped, eligible) if eligible else None,
        "low": Fraction(green, eligible + unknown) if eligible + unknown else None,
        "high": Fraction(green + swapped + open_after + unknown, eligible + unknown) if eligible + unknown else None,
        "unpriced": unpriced,
        "undetermined": open_after + unknown,
        "now": undetermined_now,
    }


@given(st.lists(MATERIALS, max_size=12))
def test_the_expected_share_is_what_plain_python_says(materials: list[Material]) -> None:
    found, plain = assessment.expected(materials), oracle(materials)
    assert found.asked.value == plain["value"]
    assert found.reachable.value == plain["reachable"]
    assert (found.low, found.high) == (plain["low"], plain["high"])
    assert found.unpriced == plain["unpriced"]
    assert found.undetermined == plain["undetermined"]
    assert found.asked.undetermined == plain["now"]


@given(st.lists(MATERIALS, max_size=12))
def test_what_can_be_reached_is_never_less_and_within_the_bounds(materials: list[Material]) -> None:
    found = assessment.expected(materials)
    assert found.asked.denominator == found.reachable.denominator
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.high <= 1
    if found.asked.value is not None and found.reachable.value is not None:
        assert found.asked.value <= found.reachable.value


def test_nothing_eligible_has_no_share() -> None:
    outside = [material(standard="no", amount=5), material(no_goods=True, amount=7)]
    found = assessment.expected(outside)
    assert (found.asked.value, found.low, found.high) == (None, None, None)


def test_a_worked_bill() -> None:
    bill = [
        material(certified="yes", amount=300),
        material(alternative="sure", amount=400),
        material(alternative="possible", amount=200),
        material(amount=100),
        material(standard="unknown", amount=250),
        material(standard="no", amount=999),
    ]
    found = assessment.expected(bill)
    assert (found.asked.value, found.reachable.value) == (Fraction(3, 10), Fraction(7, 10))
    assert (found.low, found.high) == (Fraction(300, 1250), Fraction(300 + 400 + 200 + 250, 1250))
    assert found.undetermined == 450


@given(MATERIALS)
def test_a_cost_is_known_only_where_everything_is(one: Material) -> None:
    found = assessment.cost(one)
    assert (found.difference is not None) == (found.code == "known")
    if found.code == "known":
        assert one.price is not None
        assert one.quantity is not None
        assert one.facts.amount is not None
        exact = Fraction(one.quantity) * one.price - one.facts.amount
        assert abs(found.difference - exact) <= Fraction(1, 2)  # type: ignore[operator]
        assert one.facts.alternative == "sure"
        assert one.facts.certified != "yes"
        assert one.price_unit != "m"


SURE = {
    "alternative": "sure",
    "amount": 150_000,
    "quantity": Decimal(2),
    "unit": "개",
    "price": 95_000,
    "price_unit": "개",
}


@pytest.mark.parametrize(
    ("changed", "code", "difference"),
    [
        ({}, "known", 40_000),
        ({"price": 70_000}, "known", -10_000),
        ({"unit": "EA"}, "known", 40_000),
        ({"quantity": Decimal("1.5"), "price": 333}, "known", 500 - 150_000),
        ({"price": None}, "no_price", None),
        ({"quantity": None}, "no_quantity", None),
        ({"quantity": Decimal(-2)}, "no_quantity", None),
        ({"amount": None}, "no_amount", None),
        ({"amount": -5}, "no_amount", None),
        ({"price_currency": "USD"}, "other_currency", None),
        ({"price_unit": "m"}, "other_unit", None),
        ({"unit": "", "price_unit": ""}, "other_unit", None),
        ({"alternative": "possible"}, "no_alternative", None),
        ({"certified": "yes"}, "nothing", None),
        ({"standard": "no"}, "nothing", None),
    ],
)
def test_why_a_cost_is_not_known(changed: dict[str, object], code: str, difference: int | None) -> None:
    assert assessment.cost(material(**{**SURE, **changed})) == Cost(code, difference)  # type: ignore[arg-type]


def test_costs_sum_what_is_known_and_count_the_rest() -> None:
    found = assessment.costs([Cost("known", 40), Cost("known", -15), Cost("no_price"), Cost("nothing")])
    assert (found.difference, found.known, found.missing) == (25, 2, 1)


def test_required_proportions_are_of_the_whole_bill() -> None:
    rule = policy.preset("legal")
    from dataclasses import replace

    rule = replace(rule, proportions=(Proportion("아스콘", Fraction(40)), Proportion("없음", Fraction(10))))
    said = {"item_group": "아스콘", "proportion": "met"}
    bill = [material(certified="yes", quantity=Decimal("40.5"), **said), material(quantity=Decimal("59.5"), **said)]
    (found,) = assessment.required(rule, bill)
    assert (found.item_group, found.state, found.share) == ("아스콘", "met", Fraction(405, 1000))


@pytest.mark.parametrize(
    ("given", "outcome", "contracted", "points"),
    [
        ({"standard": "unknown"}, "cannot_tell", True, ("cannot_tell",)),
        ({"unit": "lump"}, "returned_to_split", False, ("split",)),
        ({"alternative": "sure", "furnished": True}, "denied", False, ("alternative", "price")),
        (SURE, "contract_clause", False, ()),
        (SURE, "contract_clause", True, ("proof",)),
        ({"alternative": "possible", "furnished": True}, "needs_statement", True, ("possible",)),
        ({"standard": "no", "amount": -5}, "pass_outside", True, ("negative",)),
        ({"certified": "yes", "furnished": True}, "pass_green", True, ()),
    ],
)
def test_what_is_open(given: dict[str, object], outcome: str, contracted: bool, points: tuple[str, ...]) -> None:
    lump = given.get("unit") == "lump"
    one = material(outcome, **({} if lump else given))
    if lump:
        one = Material(facts(unit="lump"), "returned_to_split")
    assert assessment.points(one, contracted=contracted, proven=False) == points


def test_a_proof_that_was_shown_is_no_longer_open() -> None:
    one = material(certified="yes")
    assert assessment.points(one, contracted=True, proven=True) == ()
    assert assessment.points(one, contracted=True, proven=False) == ("proof",)
