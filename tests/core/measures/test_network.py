"""A network's figures against plain sums; ranks against counting; who may be compared; who belonged when."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.calendar.closing import STATES
from chorok.core.measures import network
from chorok.core.measures.network import Member, Membership, Rounding, Standing, compare
from chorok.core.money import Share, round_half_away
from chorok.core.organisations import CITY_KINDS, Tree
from chorok.core.periods import Period, parse

YEAR = (2019 * 12, 2019 * 12 + 11)
PLAIN = Standing("eligible", "national", YEAR)
PRINTED = {
    2015: ((11252, 4001), (3628, 1116), "34.3884"),
    2016: ((9707, 4659), (3250, 1198), "45.2034"),
    2017: ((8804, 4817), (3680, 1404), "49.8318"),
    2018: ((8308, 4295), (3865, 1870), "50.6449"),
    2019: ((7246, 4682), (3943, 2288), "62.2933"),
}
"""Total and green of both cities in 0.01 million USD, and what they are together."""


def member(code: str, share: Share | None, **more) -> Member:
    standing = more.pop("standing", PLAIN if share else None)
    return Member(code, share, more.pop("lines", 1000), standing, **more)


def of(total: int, green: int) -> Share:
    return Share(green, total - green)


@pytest.mark.parametrize("year", PRINTED)
def test_the_printed_cities_together_and_unweighted(year: int) -> None:
    busan, daejeon, known = PRINTED[year]
    found = compare([member("B", of(*busan)), member("D", of(*daejeon)), member("G", None)])
    assert str(round_half_away(found.together * 100, 4)) == known
    assert found.mean == (Fraction(busan[1], busan[0]) + Fraction(daejeon[1], daejeon[0])) / 2
    assert found.spread == Fraction(busan[1], busan[0]) - Fraction(daejeon[1], daejeon[0])
    assert [(one.member.code, one.rank and one.rank.place, one.reasons) for one in found.placed] == [
        ("B", 1, ()),
        ("D", 2, ()),
        ("G", None, ("no_data",)),
    ]


SHARES = st.builds(Share, *[st.integers(0, 60)] * 4)


@given(st.lists(SHARES, max_size=12), st.integers(0, 2))
def test_ranks_are_those_of_counting(shares: list[Share], digits: int) -> None:
    members = [member(f"M{i:02d}", share) for i, share in enumerate(shares)]
    found = compare(members, rounding=Rounding(100, digits))
    fit = {one.code: one.share for one in members if one.share and one.share.denominator > 0}
    assert {one.member.code for one in found.ranked} == set(fit)

    def shown(value: Fraction) -> float:
        return float(round_half_away(value * 100, digits))

    values = {code: shown(share.value) for code, share in fit.items()}
    for one in found.ranked:
        code, rank = one.member.code, one.rank
        assert rank.place == 1 + len([other for other in values.values() if other > values[code]])
        surely = [c for c, s in fit.items() if shown(s.low) > shown(fit[code].high)]
        maybe = [c for c, s in fit.items() if c != code and shown(s.high) > shown(fit[code].low)]
        assert (rank.best, rank.worst) == (1 + len(surely), 1 + len(maybe))
        assert rank.best <= rank.place <= rank.worst
    places = [one.rank.place for one in found.ranked]
    assert places == sorted(places)
    assert found.total == sum((share for share in shares), Share(0, 0))
    if fit:
        assert found.mean == sum((share.value for share in fit.values()), Fraction(0)) / len(fit)


@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=6), st.randoms())
def test_the_order_of_members_changes_nothing(pairs, chance) -> None:
    members = [member(f"M{i}", one + other) for i, (one, other) in enumerate(pairs)]
    shuffled = list(members)
    chance.shuffle(shuffled)
    assert compare(shuffled) == compare(members)


def test_equal_figures_share_a_rank_and_the_next_stays_empty() -> None:
    shares = {"A": of(10, 9), "B": of(10, 5), "C": of(100000, 50001), "D": of(10, 1)}
    found = compare([member(code, share) for code, share in shares.items()])
    assert [(one.member.code, one.rank.place) for one in found.ranked] == [("A", 1), ("B", 2), ("C", 2), ("D", 4)]


def test_open_money_widens_a_place() -> None:
    found = compare([member("A", Share(60, 40)), member("B", Share(50, 30, 20)), member("C", Share(10, 90))])
    assert [one.rank for one in found.ranked] == [(1, 1, 2), (2, 1, 2), (3, 3, 3)]


REASONS = {
    "basis": {"standing": PLAIN._replace(basis="all_goods")},
    "definition": {"standing": PLAIN._replace(definition="busan")},
    "period": {"standing": PLAIN._replace(months=(YEAR[0], YEAR[0] + 5))},
    "definition_not_known": {"known": False},
    "part_of": {"part_of": "A"},
    "not_defined": {"share": Share(0, 0)},
    "no_data": {"share": None},
}


def test_firmness_is_said_and_keeps_the_rank() -> None:
    members = [
        member("A", Share(50, 50), status="final"),
        member("B", Share(40, 60), status="accepted"),
        member("C", Share(30, 70), status="submitted"),
        member("D", Share(20, 80), status="returned"),
        member("E", None, status="final"),
    ]
    found = compare(members, few=0)
    assert found.status in ("accepted", "submitted"), "the most"
    assert {one.member.code: one.notes for one in found.placed} == {
        "A": ("status",), "B": (), "C": (), "D": ("status",), "E": (),
    }  # fmt: skip
    assert len(found.ranked) == 4
    even = compare([members[0], members[3]], few=0)
    assert (even.status, [one.notes for one in even.placed]) == ("final", [(), ("status",)])
    assert set(network.FIRMNESS) == set(STATES)


def test_a_figure_that_is_not_as_it_was_sent_says_so() -> None:
    members = [
        member("A", Share(50, 50), sent=Share(50, 50)),
        member("B", Share(50, 50), sent=Share(50, 40, 10)),
        member("C", None, sent=Share(1, 1)),
        member("D", Share(50, 50)),
    ]
    found = {one.member.code: one.notes for one in compare(members, few=0).placed}
    assert found == {"A": (), "B": ("changed",), "C": ("changed",), "D": ()}


@pytest.mark.parametrize("reason", REASONS)
def test_who_is_not_comparable_has_no_rank_and_the_reason_is_named(reason: str) -> None:
    odd = member("X", **{"share": Share(90, 10), **REASONS[reason]})
    found = compare([member("A", Share(50, 50)), member("B", Share(40, 60)), odd])
    placed = {one.member.code: one for one in found.placed}
    assert placed["X"].rank is None
    assert placed["X"].reasons == (reason,)
    assert reason in network.REASONS
    assert found.mean == Fraction(45, 100), "the mean is of those that are ranked"
    added = reason not in {*network.NOT_SUMMED, "not_defined"}
    assert found.total == (Share(180, 120) if added else Share(90, 110))


def test_data_that_end_a_month_apart_are_of_the_same_period() -> None:
    late = PLAIN._replace(months=(YEAR[0], YEAR[1] - network.MONTHS_APART))
    found = compare([member("A", Share(1, 1)), member("B", Share(1, 1)), member("C", Share(1, 1), standing=late)])
    assert len(found.ranked) == 3


def test_among_equally_many_the_longer_period_is_the_measure() -> None:
    half = PLAIN._replace(months=(YEAR[0], YEAR[0] + 5))
    found = compare([member("A", Share(1, 1), standing=half), member("B", Share(1, 1))])
    assert {one.member.code: one.reasons for one in found.placed} == {"B": (), "A": ("period",)}
    assert found.reference == PLAIN


def test_few_lines_are_marked_and_still_ranked() -> None:
    found = compare([member("A", Share(5, 5), lines=29), member("B", Share(4, 6), lines=30), member("C", None)])
    assert [(one.notes == ("few_lines",), one.rank is not None) for one in found.placed] == [
        (True, True), (False, True), (False, False),
    ]  # fmt: skip


def test_per_head_another_city_leads() -> None:
    busan = member("B", Share(57_073_580_000, 31_255_160_000), people=3_470_000, budget=12_500_000_000_000)
    daejeon = member("D", Share(27_890_720_000, 20_174_450_000), people=1_470_000, budget=8_348_700_000_000)
    heads = compare([busan, daejeon, member("G", Share(1, 1))], "head", Rounding(1, 0))
    assert [one.member.code for one in heads.ranked] == ["D", "B"]
    assert heads.placed[-1].reasons == ("no_profile",)
    assert heads.together == Fraction(57_073_580_000 + 27_890_720_000, 3_470_000 + 1_470_000)
    assert [int(Rounding(1, 0).shown(one.value)) for one in heads.ranked] == [18_973, 16_448]
    budgets = compare([busan, daejeon], "budget")
    assert [str(Rounding().shown(one.value)) for one in budgets.ranked] == ["0.46", "0.33"]
    other = compare([busan, member("E", Share(1, 1), same_currency=False)], "budget")
    assert other.placed[-1].reasons == ("currency",)


def test_what_no_member_bought_is_in_the_sum() -> None:
    found = compare([member("A", Share(1, 1))], outside=Share(1, 0))
    assert found.total == Share(2, 1)
    assert found.together == Fraction(2, 3)
    assert found.mean == Fraction(1, 2)


def test_a_network_without_anything() -> None:
    found = compare([])
    assert (found.together, found.mean, found.spread, found.placed) == (None, None, None, ())


JOINED, LEFT = date(2018, 7, 1), date(2020, 1, 1)


def row(code, kind, parent=None, since=None, until=None):
    return {"code": code, "name_ko": code, "name_en": code, "kind": kind, "parent": parent,
            "valid_from": since, "valid_until": until, "aliases": []}  # fmt: skip


TREE = Tree.of(
    [
        row("NET", "network"),
        row("A", "city", "NET"),
        row("B", "city", "NET", JOINED, None),
        row("C", "city", "NET", None, LEFT),
        row("D", "city", None, None, JOINED),
        row("D", "city", "NET", JOINED, None),
        row("P", "province", "NET"),
        row("P1", "city", "P"),
        row("P2", "city", "NET", None, JOINED),
        row("P2", "city", "P", JOINED, None),
        row("A1", "district", "A"),
        row("A2", "district", "A", None, LEFT),
    ]
)


def test_who_belonged_when() -> None:
    assert network.history(TREE, "NET", CITY_KINDS) == [
        Membership("A"),
        Membership("B", None, JOINED),
        Membership("C", None, None, LEFT),
        Membership("D", None, JOINED),
        Membership("P"),
        Membership("P1", "P"),
        Membership("P2", None, None, JOINED),
        Membership("P2", "P", JOINED),
    ]
    assert network.history(TREE, "A", ("district",)) == [Membership("A1"), Membership("A2", None, None, LEFT)]
    assert network.history(TREE, "A1", CITY_KINDS) == []


@pytest.mark.parametrize(
    ("year", "members"),
    [("2017", "A C P P1 P2"), ("2018", "A B C D P P1 P2"), ("2019", "A B C D P P1 P2"), ("2020", "A B D P P1 P2")],
)
def test_a_year_has_the_members_of_that_year(year: str, members: str) -> None:
    found = network.in_period(network.history(TREE, "NET", CITY_KINDS), parse(year))
    assert " ".join(sorted(found)) == members
    assert found["P2"].part_of == (None if year == "2017" else "P")


DAYS = st.one_of(st.none(), st.dates(date(2015, 1, 1), date(2020, 1, 1)))


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["NET", None]), DAYS, DAYS), max_size=6))
def test_a_membership_is_every_day_that_a_row_says(rows) -> None:
    """Day by day: a member is who has a row under the network on that day, and the row is the one that places it."""
    tree = Tree.of([row("NET", "network"), *(row(code, "city", *rest) for code, *rest in rows)])
    found = network.history(tree, "NET", CITY_KINDS)
    edges = sorted({date(2014, 1, 1), *tree.change_dates()})
    for day in {day + timedelta(days=shift) for day, shift in itertools.product(edges, (-1, 0, 1))}:
        said = {one.code for one in found if one.within(Period(day, day + timedelta(days=1)))}
        held = {code for code in "AB" if tree.valid_on(code, day) and "NET" in tree.parents(code, day)}
        assert said == held, day


def test_the_worked_example_is_right() -> None:
    page = (Path(__file__).parents[3] / "docs" / "measures" / "network.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (20\d\d) \|(.*)\|$", page, re.MULTILINE)
    assert [int(year) for year, _ in rows] == list(PRINTED)
    for year, text in rows:
        *cities, together, mean = (cell.strip() for cell in text.split("|"))
        pairs = [tuple(Fraction(one.strip()) for one in city.split("/")) for city in cities]
        assert pairs == [(Fraction(green, 100), Fraction(total, 100)) for total, green in PRINTED[int(year)][:2]]
        found = compare([member(f"M{i}", of(*pair)) for i, pair in enumerate(PRINTED[int(year)][:2])])
        assert [together, mean] == [str(Rounding().shown(one)) for one in (found.together, found.mean)]
    assert all(f"`{reason}`" in page for reason in network.REASONS)
