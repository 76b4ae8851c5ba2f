"""Official categories beside item groups: every row and every group is told of exactly once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chorok.core.measures.reconciliation import REASONS, Context, Official, Ours, compare, dictionary
from chorok.core.measures.share import Amounts

GROUPS = [
    {"code": "G1", "name_ko": "책상 및 탁자", "name_en": "Desks", "synonyms": ["사무용 책상"], "codes": ["10101"]},
    {"code": "G2", "name_ko": "의자", "name_en": "Chairs", "synonyms": ["탁자"], "codes": ["10102"]},
    {"code": "G3", "name_ko": "복사용지", "name_en": None, "synonyms": ["탁자"], "codes": []},
]
WORDS = dictionary(GROUPS)
SUM = st.integers(0, 10**12)
OFFICIAL = st.builds(
    Official,
    st.integers(1, 99),
    st.sampled_from([("책상및탁자",), ("CHAIRS",), ("10102", "가구"), ("우산",)]),
    SUM,
    SUM,
)
OURS = st.dictionaries(
    st.sampled_from(["G1", "G2", "G3"]),
    st.builds(Ours, st.builds(Amounts, green=SUM, not_green=SUM, undetermined=SUM, exempt=SUM), SUM, SUM, SUM, SUM),
)


def test_words_without_blanks_case_and_punctuation() -> None:
    assert WORDS["책상및탁자"] == WORDS["사무용책상"] == WORDS["desks"] == WORDS["10101"] == WORDS["g1"] == "G1"
    assert "탁자" not in WORDS, "two groups have it"


@given(st.lists(OFFICIAL), OURS)
def test_nothing_is_lost_and_differences_add_up(official: list[Official], ours: dict[str, Ours]) -> None:
    found = compare(official, ours, WORDS, Context(5, 1))
    assert sorted([*found.unmatched, *(row for one in found.differences for row in one.rows)], key=repr) == sorted(
        official, key=repr
    )
    assert all(row.names == ("우산",) for row in found.unmatched)
    bought = {code for code, one in ours.items() if one.total}
    assert bought <= {one.item_group for one in found.differences}
    met = sum(row.total for row in official if row not in found.unmatched)
    assert sum(one.total for one in found.differences) == sum(one.total for one in ours.values()) - met
    for one in found.differences:
        assert bool(one.reasons) == bool(one.total or one.green)
        assert {reason.code for reason in one.reasons} <= set(REASONS)


def reasons(ours: Ours, total: int, green: int, context: Context = Context()) -> dict[str, int]:
    (one,) = compare([Official(1, ("의자",), total, green)], {"G2": ours}, WORDS, context).differences
    return {reason.code: reason.amount for reason in one.reasons}


def test_what_may_explain_a_difference() -> None:
    plain = Amounts(green=600, not_green=400)
    assert reasons(Ours(plain), 1000, 600) == {}
    assert reasons(Ours(plain), 1, 0) == {"unit": 0}
    assert reasons(Ours(plain), 900, 600) == {"other_source": 100}
    assert reasons(Ours(plain, first=60, last=50), 900, 600) == {"edges": 110}
    assert reasons(Ours(plain, first=60, last=30), 900, 600) == {"other_source": 100}
    assert reasons(Ours(plain, before=200), 1100, 600) == {"edges": 200}
    assert reasons(Ours(plain), 1100, 600, Context(unknown=300)) == {"unknown": 300}
    assert reasons(Ours(Amounts(green=600, not_green=400, exempt=90)), 950, 600) == {"grounds": 90}
    assert reasons(Ours(Amounts(green=500, not_green=400, undetermined=100)), 1000, 600) == {"undetermined": 100}
    assert reasons(Ours(Amounts(green=600, not_green=400, not_eligible=70)), 1070, 600) == {"standard": 70}
    assert reasons(Ours(Amounts()), 1000, 600) == {"not_bought": 1000}
    assert reasons(Ours(plain), 900, 600, Context(provisional=2)) == {"provisional": 0}


def test_a_printed_rate_is_held_to_its_amounts() -> None:
    assert Official(1, ("의자",), 0, 0, ("1000", "600", "60")).rate == "ok"
    assert Official(1, ("의자",), 0, 0, ("1000", "600", "61")).rate == "impossible"
    assert Official(1, ("의자",), 0, 0, ("1000", "600", None)).rate is None
