"""Changes to the tree: whatever is done in whatever order, it stays sound, and the past stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core import tree_changes
from chorok.core.errors import BadInputError
from chorok.core.organisations import Organisation
from chorok.core.tree_changes import New, Rows, tree_of

FIRST = date(2019, 1, 1)
CITIES = ("A", "B")


def org(code: str, kind: str, parent: str | None) -> Organisation:
    return Organisation(code, f"{code}기관", "", kind, parent)


ROWS: Rows = (
    org("NET", "network", None),
    *(org(city, "city", "NET") for city in CITIES),
    *(org(f"{city}{number}", "district", city) for city in CITIES for number in (1, 2, 3)),
    *(org(f"{city}1{letter}", "department", f"{city}1") for city in CITIES for letter in "xy"),
)
CODES = sorted({row.code for row in ROWS} - {"NET", *CITIES})
Act = Callable[[Rows], Rows]
days = st.integers(1, 60).map(lambda month: FIRST + timedelta(days=20 * month))
codes = st.sampled_from(CODES)


@st.composite
def acts(draw: st.DrawFn, *, within: bool) -> tuple[date, Act]:
    """Something done to the tree on a day; `within`: nothing leaves its city."""
    on, code, other = draw(days), draw(codes), draw(codes)
    if within:
        other = code[0] + draw(st.sampled_from(["", "1", "2", "3"]))
    new = New(f"{code[0]}9{draw(st.integers(0, 99))}", "새 기관", "", "department")
    ends = draw(st.booleans())
    verb = draw(st.sampled_from(["rename", "move", "merge", "split", "end", "create"]))
    done: dict[str, Act] = {
        "rename": lambda rows: tree_changes.rename(rows, code, f"{code} 새 이름", "", on),
        "move": lambda rows: tree_changes.move(rows, code, other, on),
        "merge": lambda rows: tree_changes.merge(rows, [code], other, on),
        "split": lambda rows: tree_changes.split(rows, code, [new], on, ends=ends),
        "end": lambda rows: tree_changes.end(rows, code, on),
        "create": lambda rows: tree_changes.create(rows, new, code, on),
    }
    return on, done[verb]


def done(rows: Rows, steps: list[tuple[date, Act]]) -> Rows:
    for _, act in steps:
        try:
            rows = act(rows)
        except BadInputError:
            continue
    return rows


def days_of(rows: Rows) -> list[date]:
    changes = tree_of(rows).change_dates()
    return [date(2018, 1, 1), *changes, *(day - timedelta(days=1) for day in changes), date(2030, 1, 1)]


@given(st.lists(acts(within=False), max_size=8))
def test_every_organisation_has_exactly_one_place_on_every_day(steps: list[tuple[date, Act]]) -> None:
    rows = done(ROWS, steps)
    tree = tree_of(rows)
    assert tree.check() == []
    for on in days_of(rows):
        for code in tree.codes():
            assert len(tree.parents(code, on)) == (code != "NET"), (code, on)
            assert tree.ancestors(code, on)[-1:] == ["NET"] * (code != "NET")
    assert {row.code for row in ROWS} <= set(tree.codes())


@given(st.lists(acts(within=True), max_size=8), st.data())
def test_money_at_the_top_does_not_move_within_a_city(steps: list[tuple[date, Act]], data: st.DataObject) -> None:
    after = tree_of(done(ROWS, steps))
    bought = data.draw(st.lists(st.tuples(codes, days, st.integers(-1000, 1000)), max_size=20))
    for city in CITIES:
        totals = [
            sum(amount for code, on, amount in bought if city in tree.ancestors(code, on))
            for tree in (tree_of(ROWS), after)
        ]
        assert totals[0] == totals[1]


@given(st.lists(acts(within=False), max_size=6), acts(within=False))
def test_what_was_before_the_day_stays_as_it_was(steps: list[tuple[date, Act]], last: tuple[date, Act]) -> None:
    before = done(ROWS, steps)
    after = done(before, [last])
    old, new = tree_of(before), tree_of(after)
    for on in (day for day in days_of(before) if day < last[0]):
        for code in old.codes():
            assert old.parents(code, on) == new.parents(code, on)
            was, now = old.get(code, on), new.get(code, on)
            if old.valid_on(code, on):
                assert was
                assert now
                assert (was.name_ko, was.kind) == (now.name_ko, now.kind)


def names(rows: Rows, code: str, on: date) -> str:
    row = tree_of(rows).get(code, on)
    return row.name_ko if row else ""


def test_a_renamed_organisation_is_found_by_both_names() -> None:
    rows = tree_changes.rename(ROWS, "A1", "새이름", "", FIRST)
    tree = tree_of(rows)
    assert (names(rows, "A1", FIRST - timedelta(days=1)), names(rows, "A1", FIRST)) == ("A1기관", "새이름")
    assert tree.resolve(None, "새이름").code == tree.resolve(None, "A1기관").code == "A1"


def test_a_merger_takes_what_stands_below_along() -> None:
    tree = tree_of(tree_changes.merge(ROWS, ["A1", "A2"], "A3", FIRST))
    assert tree.parents("A1x", FIRST) == {"A3"}
    assert tree.parents("A1x", FIRST - timedelta(days=1)) == {"A1"}
    assert not tree.valid_on("A1", FIRST)
    assert tree.city_of("A1", date(2029, 1, 1)) == "A"
    assert tree.parents("A1", date(2029, 1, 1)) == {"A"}


def test_one_that_is_merged_into_its_own_part_leaves_it_above() -> None:
    tree = tree_of(tree_changes.merge(ROWS, ["A1"], "A1x", FIRST))
    assert (tree.parents("A1x", FIRST), tree.parents("A1y", FIRST)) == ({"A"}, {"A1x"})


def test_a_split_puts_what_stood_below_under_the_first_part() -> None:
    parts = [New("A8", "하나"), New("A9", "둘")]
    tree = tree_of(tree_changes.split(ROWS, "A1", parts, FIRST))
    assert (tree.parents("A1x", FIRST), tree.parents("A9", FIRST)) == ({"A8"}, {"A"})
    assert not tree.valid_on("A1", FIRST)
    kept = tree_of(tree_changes.split(ROWS, "A1", parts, FIRST, ends=False))
    assert (kept.parents("A1x", FIRST), kept.valid_on("A1", FIRST)) == ({"A1"}, True)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: tree_changes.create(ROWS, New("A1", "있음"), "A", FIRST), "tree_code_taken"),
        (lambda: tree_changes.create(ROWS, New("A 9", "빈칸"), "A", FIRST), "tree_code_bad"),
        (lambda: tree_changes.create(ROWS, New("A9", " "), "A", FIRST), "tree_name_missing"),
        (lambda: tree_changes.create(ROWS, New("A9", "종류", "", "kingdom"), "A", FIRST), "tree_kind_unknown"),
        (lambda: tree_changes.create(ROWS, New("A9", "부모"), "Z", FIRST), "tree_code_unknown"),
        (lambda: tree_changes.rename(ROWS, "A1", "A1기관", "", FIRST), "tree_nothing_changes"),
        (lambda: tree_changes.move(ROWS, "A1", "A", FIRST), "tree_nothing_changes"),
        (lambda: tree_changes.move(ROWS, "A1", "A1x", FIRST), "tree_unsound"),
        (lambda: tree_changes.end(ROWS, "A1", FIRST), "tree_has_children"),
        (lambda: tree_changes.merge(ROWS, ["A1"], "A1", FIRST), "tree_nothing_to_merge"),
        (lambda: tree_changes.split(ROWS, "A1", [], FIRST), "tree_nothing_to_split"),
        (lambda: tree_changes.end(tree_changes.end(ROWS, "A2", FIRST), "A2", date(2022, 1, 1)), "tree_not_there"),
    ],
)
def test_what_would_not_be_sound_is_refused(act: Callable[[], Rows], code: str) -> None:
    with pytest.raises(BadInputError, match=code):
        act()
