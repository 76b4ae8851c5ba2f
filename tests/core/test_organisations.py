from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.organisations import Resolution, Tree

NET, BUSAN, DAEJEON = "T-NET", "T-26", "T-30"


def row(code, name_ko, name_en, kind, parent=None, since=None, until=None, aliases=()):
    return {
        "code": code,
        "name_ko": name_ko,
        "name_en": name_en,
        "kind": kind,
        "parent": parent,
        "valid_from": since,
        "valid_until": until,
        "aliases": list(aliases),
    }


MOVED = date(2018, 1, 1)

ROWS = [
    row(NET, "네트워크", "Network", "network"),
    row(BUSAN, "부산광역시", "Busan", "city", NET),
    row(DAEJEON, "대전광역시", "Daejeon", "city", NET),
    row("T-41", "경기도", "Gyeonggi-do", "province", NET),
    row("T-41-G", "고양시", "Goyang", "city", "T-41"),
    row("T-50", "제주특별자치도", "Jeju", "province", NET),
    row("T-50-1", "제주시", "Jeju-si", "district", "T-50"),
    row("T-26-0", "부산광역시 본청", "Busan HQ", "headquarters", BUSAN, aliases=["부산시 본청"]),
    row("T-26-S", "서구", "Seo-gu", "district", BUSAN),
    row("T-26-G", "기장군", "Gijang-gun", "district", BUSAN),
    row("T-30-S", "대전광역시 서구", "Seo-gu", "district", DAEJEON),
    row("T-26-M", "상수도사업본부", "Waterworks", "institution", "T-26-0", None, MOVED),
    row("T-26-M", "상수도사업본부", "Waterworks", "institution", "T-26-S", MOVED, None),
    row("T-26-X", "폐지된 사업소", "Closed office", "institution", "T-26-S", date(2015, 1, 1), date(2017, 1, 1)),
]
TREE = Tree.of(ROWS)


@pytest.mark.parametrize(
    ("code", "name", "scope", "found"),
    [
        ("T-26-S", None, None, "T-26-S"),
        (" T-26-S ", "아무 이름", None, "T-26-S"),
        (None, "T-26-S", None, "T-26-S"),
        ("unknown", "기장군", None, "T-26-G"),
        (None, "  기장군 ", None, "T-26-G"),
        (None, "기장군청", None, "T-26-G"),
        (None, "부산광역시 기장군", None, "T-26-G"),
        (None, "부산시기장군청", None, "T-26-G"),
        (None, "부산 기장군", None, "T-26-G"),
        (None, "gijang-GUN", None, "T-26-G"),
        (None, "Gijang-gun, Busan", None, "T-26-G"),
        (None, "부산광역시 서구", None, "T-26-S"),
        (None, "대전 서구", None, "T-30-S"),
        (None, "서구", BUSAN, "T-26-S"),
        (None, "서구", DAEJEON, "T-30-S"),
        (None, "Seo-gu", DAEJEON, "T-30-S"),
        (None, "서구청", DAEJEON, "T-30-S"),
        (None, "부산광역시", None, BUSAN),
        (None, "부산시청", None, BUSAN),
        (None, "부산", None, BUSAN),
        (None, "본청", BUSAN, "T-26-0"),
        (None, "부산시 본청", None, "T-26-0"),
        (None, "제주시", None, "T-50-1"),
        (None, "제주도", None, "T-50"),
        (None, "상수도사업본부", BUSAN, "T-26-M"),
        (None, "없는 기관", None, None),
        (None, "기장군", DAEJEON, None),
        (None, "", None, None),
        (None, None, BUSAN, None),
    ],
)
def test_resolving(code, name, scope, found):
    assert TREE.resolve(code, name, scope) == Resolution(found)


def test_two_that_fit_equally_are_listed_and_none_is_chosen():
    assert TREE.resolve(None, "Seo-gu") == Resolution(None, ("T-26-S", "T-30-S"))
    assert TREE.resolve(None, "Seo-gu", NET) == Resolution(None, ("T-26-S", "T-30-S"))


def test_the_cities_and_provinces_are_the_members():
    assert TREE.city_of("T-26-M") == BUSAN
    assert TREE.city_of(BUSAN) == BUSAN
    assert TREE.city_of("T-41-G") == "T-41-G"
    assert TREE.city_of("T-50-1") == "T-50"
    assert TREE.city_of(NET) is None
    assert TREE.city_of("unknown") is None


def test_as_at_the_time_and_as_of_today_differ_below_the_city():
    before = MOVED - timedelta(days=1)
    assert TREE.ancestors("T-26-M", before) == ["T-26-0", BUSAN, NET]
    assert TREE.ancestors("T-26-M", MOVED) == ["T-26-S", BUSAN, NET]
    assert "T-26-M" not in TREE.subtree("T-26-S", before)
    assert "T-26-M" in TREE.subtree("T-26-S", MOVED)
    assert TREE.subtree(BUSAN, before) == TREE.subtree(BUSAN, MOVED)


def test_what_is_closed_keeps_its_last_parent():
    assert "T-26-X" in TREE.subtree(BUSAN, date(2020, 1, 1))
    assert "T-26-X" in TREE.subtree(BUSAN, date(2010, 1, 1))
    assert not TREE.valid_on("T-26-X", date(2017, 1, 1))
    assert TREE.valid_on("T-26-X", date(2016, 12, 31))


def test_change_dates():
    assert TREE.change_dates() == [date(2015, 1, 1), date(2017, 1, 1), MOVED]
    assert Tree.of([]).change_dates() == []


def test_a_sound_tree_has_no_problems():
    assert TREE.check() == []


def test_slips_are_found_and_loops_end():
    day = date(2020, 1, 1)
    tree = Tree.of(
        [
            row("A", "가", "", "institution", "B"),
            row("B", "나", "", "institution", "A"),
            row("C", "다", "", "institution", "nowhere"),
            row("D", "라", "", "institution", "A"),
            row("D", "라", "", "institution", "C"),
            row("E", "마", "", "institution", None, day, day),
            row("S", "자", "", "institution", "S"),
        ]
    )
    found = {(problem.code, problem.params["code"]) for problem in tree.check()}
    assert found == {
        ("loop", "A"),
        ("loop", "B"),
        ("loop", "S"),
        ("parent_unknown", "C"),
        ("two_parents", "D"),
        ("rows_overlap", "D"),
        ("dates_swapped", "E"),
    }
    assert tree.subtree("A", day) == {"A", "B", "D"}
    assert tree.ancestors("A", day) == ["B"]


def test_two_paths_count_once():
    both = [row("N", "망", "", "network"), row("X", "가", "", "city", "N"), row("Y", "나", "", "city", "N")]
    tree = Tree.of([*both, row("D", "라", "", "district", "X"), row("D", "라", "", "district", "Y")])
    spent = {"N": 0, "X": 1, "Y": 10, "D": 100}
    assert sum(spent[code] for code in tree.subtree("N", date(2020, 1, 1))) == 111


DAYS = st.dates(date(2015, 1, 1), date(2021, 1, 1))


@st.composite
def networks(draw):
    """A network of up to 12 organisations, each with one parent of a lower number, some moved, some closed."""
    size = draw(st.integers(2, 12))
    rows = [row("0", "망", "Net", "network")]
    for number in range(1, size):
        moves = sorted(draw(st.lists(DAYS, max_size=2, unique=True)))
        ends = [None, *moves, draw(st.none() | DAYS.filter(lambda day, m=moves: not m or day > m[-1]))]
        for since, until in itertools.pairwise(ends):
            parent = str(draw(st.integers(0, number - 1)))
            rows.append(
                row(
                    str(number),
                    f"기관{number}",
                    f"Office {number}",
                    "city" if parent == "0" else "district",
                    parent,
                    since,
                    until,
                )
            )
    return rows


@given(networks(), DAYS, st.randoms())
def test_every_organisation_counts_once_at_each_level(rows, day, random):
    random.shuffle(rows)
    tree = Tree.of(rows)
    assert tree.check() == []
    below = tree.children(day)
    for code in tree.codes():
        parts = [tree.subtree(child, day) for child in below.get(code, ())]
        assert sum(len(part) for part in parts) + 1 == len(tree.subtree(code, day))
        assert set().union({code}, *parts) == tree.subtree(code, day)


@given(networks(), DAYS, DAYS)
def test_moving_never_changes_the_total_of_the_network(rows, one, other):
    tree = Tree.of(rows)
    assert tree.subtree("0", one) == tree.subtree("0", other) == set(tree.codes())


@given(networks(), DAYS)
def test_up_and_down_agree(rows, day):
    tree = Tree.of(rows)
    for code in tree.codes():
        assert all(code in tree.subtree(above, day) for above in tree.ancestors(code, day))


@given(networks(), DAYS)
def test_between_change_dates_the_tree_stands_still(rows, day):
    tree = Tree.of(rows)
    last = max((change for change in tree.change_dates() if change <= day), default=None)
    if last:
        assert tree.children(last) == tree.children(day)
