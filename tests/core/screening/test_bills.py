"""Two bills line by line: every line once, and only what differs is said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chorok.core.screening.bills import Entry, compared, keys

ENTRY = Entry(1, "회의용 의자", "needs_statement", Decimal(2), 150_000)
BILLS = st.lists(
    st.builds(
        Entry,
        number=st.just(0),
        words=st.sampled_from(["의자", "책상", " 의자 ", "보도블록"]),
        outcome=st.sampled_from(["pass_green", "denied"]),
        amount=st.integers(0, 3),
    ),
    max_size=8,
).map(lambda bill: [replace(one, number=number) for number, one in enumerate(bill, 1)])


@given(BILLS, BILLS)
def test_every_line_of_both_stands_once(before: list[Entry], after: list[Entry]) -> None:
    pairs = compared(before, after)
    assert [one.after for one in pairs if one.after] == after
    assert sorted(one.before.number for one in pairs if one.before) == [one.number for one in before]
    assert all(one.changes == ("added",) for one in pairs if one.before is None)
    assert all(one.changes == ("removed",) for one in pairs if one.after is None)


@given(BILLS)
def test_a_bill_does_not_differ_from_itself(bill: list[Entry]) -> None:
    assert not any(one.changes for one in compared(bill, bill))


def test_what_changed_is_said() -> None:
    now = replace(ENTRY, quantity=Decimal(3), amount=225_000, outcome="denied", alternative="sure", price=9)
    assert compared([ENTRY], [now])[0].changes == ("quantity", "amount", "alternative", "price", "outcome")
    ended = replace(ENTRY, certificates=("T-1",)), replace(ENTRY, certificates=())
    assert compared([ended[0]], [ended[1]])[0].changes == ("certificate_ended",)


def test_other_words_in_the_same_place_are_a_changed_material_and_moved_lines_are_found() -> None:
    table = replace(ENTRY, number=2, words="책상")
    assert [one.changes for one in compared([ENTRY], [replace(ENTRY, words="접이식 의자")])] == [("material",)]
    moved = [replace(table, number=1), replace(ENTRY, number=2)]
    assert [one.changes for one in compared([ENTRY, table], moved)] == [(), ()]


def test_lines_of_the_same_words_have_keys_of_their_own() -> None:
    assert keys(["의자", " 의자", "책상"]) == ["의자", "의자\t2", "책상"]
