"""One product judged by itself. That SQL judges alike is held in tests/ledger/test_identity.py."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.definitions import load
from chorok.core.matching.judgement import Certificate, Decided, Judge, Keys, Span, Verdict, by_keys, spans

DAY = date(2019, 6, 1)
NATIONAL = Judge.of(load("national"))
NUMBERED = frozenset({"CHAIR"})


def certificate(**values: Any) -> Certificate:
    whole = {"certificate_no": "A-1", "basis": "eco_label", "status": "certified", "valid_from": date(2019, 1, 1),
             "valid_until": date(2019, 12, 31), "item_group": "CHAIR"}  # fmt: skip
    return Certificate(**{**dict.fromkeys(Certificate._fields), **whole, **values})


def keys(**values: Any) -> Keys:
    return Keys(**{"product_id": None, "has_code": False, "coded": (None, None), "listed": (), **values})


@pytest.mark.parametrize(
    ("given_keys", "decided", "state", "method"),
    [
        (keys(), Decided("green"), "decided", "human"),
        (keys(), Decided("out_of_scope"), "out_of_scope", "human"),
        (keys(), Decided(None, "PIPE"), None, None),
        (keys(product_id="1", listed=[certificate()]), None, "decided", "identification_number"),
        (keys(product_id="1", has_code=True, coded=("CHAIR", "class_code")), None, "decided", "identification_number"),
        (keys(product_id="1", has_code=True, coded=("PIPE", "class_code")), None, None, None),
        (keys(product_id="1"), None, "undetermined", None),
        (keys(has_code=True), None, "out_of_scope", "class_code"),
        (keys(goods=False), None, "out_of_scope", "materials_not_known"),
        (keys(goods=False, hinted=True), None, None, None),
        (keys(), None, None, None),
    ],
)
def test_what_exact_keys_tell(given_keys: Keys, decided: Decided | None, state: str | None, method: str | None) -> None:
    found = by_keys(given_keys, decided, NUMBERED, codes_known=True)
    assert (found.state, found.method) == (state, method)


def test_a_person_names_the_group_before_codes_and_codes_before_certificates() -> None:
    coded = keys(product_id="1", has_code=True, coded=("PIPE", "detail_code"), listed=[certificate()])
    assert by_keys(coded, Decided(None, "LAMP"), NUMBERED, codes_known=True).item_group == "LAMP"
    assert by_keys(coded, None, NUMBERED, codes_known=True).item_group == "PIPE"
    bare = keys(product_id="1", listed=[certificate(item_group=None), certificate()])
    expected = Verdict("decided", "identification_number", "CHAIR", "certificate")
    assert by_keys(bare, None, NUMBERED, codes_known=True) == expected


@pytest.mark.parametrize(
    ("values", "state", "last"),
    [
        ({}, "green", date(2019, 12, 31)),
        ({"valid_until": None}, "green", date.max - timedelta(1)),
        ({"revoked_on": date(2019, 8, 1), "status": "revoked"}, "green", date(2019, 7, 31)),
        ({"revoked_on": DAY, "status": "revoked"}, "not_green", None),
        ({"status": "revoked"}, "undetermined", None),
        ({"status": None}, "undetermined", None),
        ({"valid_from": None}, "undetermined", None),
        ({"valid_from": DAY + timedelta(1)}, "not_green", None),
        ({"basis": "none"}, "not_green", None),
        ({"read_on": DAY}, "green", DAY),
        ({"read_on": DAY + timedelta(1)}, "undetermined", None),
    ],
)
def test_what_a_certificate_makes_of_a_day(values: dict[str, Any], state: str, last: date | None) -> None:
    found = NATIONAL.on(DAY, "decided", spans([certificate(**values)], None), (None, None))
    assert (found.state, found.until) == (state, None if last is None else last + timedelta(1))


def test_a_standard_and_a_proof_have_their_days() -> None:
    proof = Decided("green", valid_from=DAY, valid_until=DAY)
    assert spans([], proof) == {Span("eco_label", None, DAY, DAY + timedelta(1), certain=True)}
    for standard, state in (((DAY, None), "green"), ((DAY + timedelta(1), None), "not_eligible"),
                            ((None, DAY), "not_eligible")):  # fmt: skip
        assert NATIONAL.on(DAY, "decided", spans([], proof), standard).state == state


DAYS = st.integers(0, 40).map(lambda days: DAY + timedelta(days))
SPANS = st.lists(st.builds(lambda a, n, c: Span("eco_label", "A", a, a + timedelta(n), certain=c), DAYS,
                           st.integers(1, 15), st.booleans()), max_size=5)  # fmt: skip


@given(found=SPANS, day=DAYS, verdict=st.sampled_from(["decided", "undetermined"]))
def test_green_lasts_to_the_first_day_on_which_it_is_not(found: list[Span], day: date, verdict: str) -> None:
    stands = NATIONAL.on(day, verdict, found, (None, None))
    covering = [one.certain for one in found if one.valid_from <= day < one.valid_until]
    assert (stands.state == "green") == any(covering)
    if stands.until is not None:
        after = [NATIONAL.on(day + timedelta(ahead), verdict, found, (None, None)).state for ahead in range(100)]
        assert (stands.until - day).days == next(at for at, state in enumerate(after) if state != "green")
