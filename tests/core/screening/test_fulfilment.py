"""Purchases matched with screened lines, differences between them, and departments far above the others."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorok.core.screening import policy as policies
from chorok.core.screening.fulfilment import (
    FEWEST_LINES,
    SIGNS,
    Agreed,
    Pair,
    Purchase,
    differences,
    fence,
    match,
    match_parts,
    outliers,
    pair,
    rest,
)

DAY = date(2020, 3, 2)
LINE = Agreed(1, frozenset({"A", "B"}), DAY, DAY + timedelta(days=90), "80000001", "CHAIR", "의자 CH-1", "총무과",
              Decimal(2), 100, 200)  # fmt: skip
BOUGHT = Purchase(7, "A", DAY, 200, "KRW", "80000001", "CHAIR", "의자 CH-1", "총무과", Decimal(2))


def test_a_purchase_of_the_product_in_time_follows_from_the_line() -> None:
    found = pair(LINE, BOUGHT)
    assert found is not None
    assert found.signs == ("product", "amount_same", "department")
    assert found.score == 125


@pytest.mark.parametrize(
    "changed",
    [
        {"on": DAY - timedelta(days=1)},
        {"on": DAY + timedelta(days=91)},
        {"place": "C"},
        {"currency": "USD"},
        {"amount": 0},
        {"amount": -200},
        {"product_id": "", "item_group": "", "text": "책상"},
        {"product_id": "80000002", "text": "", "amount": 241},  # same group only, and the amount too far off
    ],
)
def test_what_cannot_follow_does_not(changed: dict[str, object]) -> None:
    assert pair(LINE, replace(BOUGHT, **changed)) is None  # type: ignore[arg-type]


def test_another_product_of_the_group_for_nearly_the_amount_may_follow_and_differs() -> None:
    other = replace(BOUGHT, product_id="80000002", text="다른 의자", amount=240)
    found = pair(LINE, other)
    assert found is not None
    assert found.signs == ("item", "amount_near", "department")
    said = {one.code for one in differences(policies.preset("strict"), LINE, other)}
    assert said == {"product_changed", "price_changed"}


def test_more_than_a_tenth_more_is_a_difference_and_what_is_not_known_is_none() -> None:
    policy = policies.preset("strict")
    codes = [
        one.code
        for one in differences(
            policy, replace(LINE, quantity=Decimal(10)), replace(BOUGHT, quantity=Decimal(12), amount=1200)
        )
    ]
    assert codes == ["quantity_changed"]
    assert differences(policy, LINE, replace(BOUGHT, quantity=None, product_id="")) == ()
    assert differences(policy, replace(LINE, unit_price=None, product_id=""), replace(BOUGHT, amount=900)) == ()


def test_equal_candidates_wait_for_a_person_and_a_choice_frees_the_rest() -> None:
    twin = replace(BOUGHT, number=8)
    assert match([LINE], [BOUGHT, twin]).sure == ()
    assert [one.purchase for one in match([LINE], [BOUGHT, twin]).open] == [7, 8]
    assert [one.purchase for one in match([LINE], [BOUGHT, twin], {(1, 7)}).sure] == [8]
    better = replace(LINE, number=2, department="", amount=None, unit_price=None)
    found = match([better, LINE], [BOUGHT, replace(twin, amount=150, quantity=None, department="")])
    assert [(one.agreed, one.purchase) for one in found.sure] == [(1, 7), (2, 8)]


PIECE = replace(BOUGHT, quantity=Decimal(1), amount=100)


@pytest.mark.parametrize(
    ("bought", "left"),
    [
        ([], (2, 200)),
        ([PIECE], (1, 100)),
        ([PIECE, PIECE], None),
        ([replace(BOUGHT, quantity=Decimal(3), amount=300)], None),
        ([replace(PIECE, amount=200)], None),  # one box of two, for the whole amount
        ([replace(PIECE, quantity=None)], (None, 100)),
        ([replace(PIECE, quantity=None, amount=160)], None),  # within 20 %
    ],
)
def test_what_is_left_of_a_line_is_told_by_pieces_else_by_amounts(
    bought: list[Purchase], left: tuple[int | None, int] | None
) -> None:
    found = rest(LINE, bought)
    assert (found and (found.quantity, found.amount)) == left
    assert rest(replace(LINE, quantity=None, amount=None), [PIECE]) is None


def test_deliveries_in_parts_are_one_line_until_nothing_is_left_of_it() -> None:
    second, third = replace(PIECE, number=8), replace(PIECE, number=9)
    both = match_parts([LINE], [replace(PIECE, number=7), second], {})
    assert [(one.agreed, one.purchase) for one in both.sure] == [(1, 7), (1, 8)]
    later = match_parts([LINE], [second], {1: [PIECE]})
    assert [one.purchase for one in later.sure] == [8]
    assert match_parts([LINE], [third], {1: [PIECE, second]}) == match([], [])
    three = match_parts([LINE], [PIECE, second, third], {})
    assert (three.sure, [one.purchase for one in three.open]) == ((), [7, 8, 9])  # somebody has to choose
    contested = match_parts([LINE, replace(LINE, number=2)], [PIECE, second], {})
    assert contested.sure == ()


lines = st.builds(
    Agreed,
    number=st.just(0),
    places=st.sampled_from([frozenset("A"), frozenset("AB")]),
    since=st.just(DAY),
    until=st.just(DAY + timedelta(days=10)),
    product_id=st.sampled_from(["", "P", "Q"]),
    item_group=st.sampled_from(["", "G", "H"]),
    text=st.sampled_from(["", "의자 1", "책상"]),
    department=st.sampled_from(["", "d"]),
    amount=st.sampled_from([None, 100, 110, 500]),
)
bought = st.builds(
    Purchase,
    number=st.just(0),
    place=st.sampled_from(["A", "B"]),
    on=st.sampled_from([DAY, DAY + timedelta(days=11)]),
    amount=st.sampled_from([100, 110, 500, -100]),
    product_id=st.sampled_from(["", "P", "Q"]),
    item_group=st.sampled_from(["", "G", "H"]),
    text=st.sampled_from(["", "의자1", "책상"]),
    department=st.sampled_from(["", "d"]),
)


def oracle_score(line: Agreed, one: Purchase) -> int | None:
    """The points of a pair, told again by hand."""
    if one.place not in line.places or not line.since <= one.on <= line.until or one.amount <= 0:
        return None
    close = line.amount is not None and line.amount * 80 <= one.amount * 100 <= line.amount * 120
    if line.product_id != "" and line.product_id == one.product_id:
        points = 100
    elif line.text and line.text.replace(" ", "") == one.text.replace(" ", ""):
        points = 60
    elif line.item_group and line.item_group == one.item_group and close:
        points = 40
    else:
        return None
    points += (20 if line.amount == one.amount else 10) if close else 0
    return points + (5 if line.department and line.department == one.department else 0)


def oracle(agreed: Sequence[Agreed], purchases: Sequence[Purchase]) -> set[tuple[int, int]]:
    """Look at one pair after another, again from the start after each that was taken."""
    scores = {
        (a.number, b.number): points for a in agreed for b in purchases if (points := oracle_score(a, b)) is not None
    }
    taken: set[tuple[int, int]] = set()
    going = True
    while going:
        going = False
        for (a, b), points in scores.items():
            rivals = [other for (x, y), other in scores.items() if (x == a) != (y == b)]
            if all(points > other for other in rivals):
                taken.add((a, b))
                scores = {key: value for key, value in scores.items() if key[0] != a and key[1] != b}
                going = True
                break
    return taken


@settings(max_examples=150, deadline=None)
@given(st.lists(lines, max_size=5), st.lists(bought, max_size=6), st.randoms(use_true_random=False))
def test_matching_is_what_the_plain_rule_says_in_any_order(
    agreed: list[Agreed], purchases: list[Purchase], chance: random.Random
) -> None:
    agreed = [replace(one, number=number) for number, one in enumerate(agreed)]
    purchases = [replace(one, number=number) for number, one in enumerate(purchases)]
    found = match(agreed, purchases)
    pairs = {(one.agreed, one.purchase) for one in found.sure}
    assert pairs == oracle(agreed, purchases)
    assert len({b for _, b in pairs}) == len({a for a, _ in pairs}) == len(pairs)
    chance.shuffle(agreed)
    chance.shuffle(purchases)
    assert match(agreed, purchases) == found
    parts = match_parts(agreed, purchases, {})
    chance.shuffle(agreed)
    assert match_parts(agreed, purchases, {}) == parts
    assert set(found.sure) <= set(parts.sure)
    assert len({one.purchase for one in parts.sure}) == len(parts.sure)
    left = {(one.agreed, one.purchase) for one in found.open}
    assert not {a for a, _ in pairs} & {a for a, _ in left}
    assert all(_score(agreed, purchases, one) == one.score for one in (*found.sure, *found.open))


def _score(agreed: Sequence[Agreed], purchases: Sequence[Purchase], one: Pair) -> int | None:
    line = next(each for each in agreed if each.number == one.agreed)
    return oracle_score(line, next(each for each in purchases if each.number == one.purchase))


def test_the_strongest_sign_outweighs_all_lesser_ones() -> None:
    more = SIGNS["amount_same"] + SIGNS["department"]
    assert SIGNS["product"] > SIGNS["text"] + more
    assert SIGNS["text"] > SIGNS["item"] + SIGNS["amount_near"] + SIGNS["department"]


def test_a_department_far_above_the_others_is_named() -> None:
    counts = {"가": (1, 10), "나": (1, 10), "다": (2, 10), "라": (2, 20), "마": (9, 10), "바": (5, 5)}
    found = fence(counts)
    assert found is not None
    # shares 0.1 0.1 0.1 0.2 0.9: quartiles at places 1 and 3
    assert (found.lower, found.upper, found.limit) == (Fraction(1, 10), Fraction(1, 5), Fraction(7, 20))
    assert outliers(counts) == ("마",)  # 바 has too few lines to be compared
    assert outliers({name: counts[name] for name in "가나다"}) == ()


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.text("가나다라마바사", max_size=2), st.tuples(st.integers(0, 12), st.integers(0, 30)), max_size=9
    )
)
def test_outliers_are_those_above_quartiles_of_a_plain_rule(counts: dict[str, tuple[int, int]]) -> None:
    counts = {name: (min(part, whole), whole) for name, (part, whole) in counts.items()}
    shares = sorted(Fraction(part, whole) for part, whole in counts.values() if whole >= FEWEST_LINES)
    if len(shares) < 4:
        assert outliers(counts) == ()
        return
    # stretch every share to 4 copies of the way between neighbours: the quartile then stands at a whole place
    fine = [low + (high - low) * step / 4 for low, high in itertools.pairwise(shares) for step in range(4)]
    fine.append(shares[-1])
    low, high = fine[len(shares) - 1], fine[3 * (len(shares) - 1)]
    limit = high + (high - low) * 3 / 2
    wanted = [name for name, (part, whole) in counts.items() if whole >= FEWEST_LINES and Fraction(part, whole) > limit]
    assert outliers(counts) == tuple(sorted(wanted))


def test_the_page_names_the_points() -> None:
    page = (Path(__file__).parents[3] / "docs" / "site" / "fulfilment.md").read_text(encoding="utf-8")
    points = [int(found) for found in re.findall(r"^\| (?:same|amounts) .* \| (\d+) \|$", page, re.MULTILINE)]
    assert points == list(SIGNS.values())
