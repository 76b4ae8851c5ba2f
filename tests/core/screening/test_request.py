"""A request: it stands where its worst open line stands, and no act closes a finding that it is not meant for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.errors import UsageError
from chorok.core.screening import policy as policies
from chorok.core.screening.decide import OPEN, PASSING, Decision, Outcome
from chorok.core.screening.policy import ROLES, Override, Policy
from chorok.core.screening.request import (
    CLOSES,
    CLOSINGS,
    Bought,
    Closed,
    Line,
    lapses,
    split_off,
    standing,
    state,
)

PLAIN = policies.preset("strict")
OVERRIDING = replace(PLAIN, override=Override("deputy_head", 10))
LEADER = "environment_team_leader"
OUTCOMES: tuple[Outcome, ...] = (*PASSING, *OPEN)
REASON = "열 글자가 넘는 사유입니다"


def decision(outcome: Outcome) -> Decision:
    signed = LEADER if outcome in ("needs_statement", "needs_cosign", "record_afterwards") else None
    return Decision("D9", outcome, (), (), signed, "strict@x", 1, "national@x")


def test_every_outcome_and_closing_is_there() -> None:
    assert set(OUTCOMES) == {one for part in get_args(Outcome) for one in (get_args(part) or (part,))}
    assert set(CLOSES) == set(CLOSINGS)
    assert "approved" not in {ends for closes, ends in CLOSES.values() if closes == "record_afterwards"}


CLOSINGS_OF = st.builds(
    Closed, st.sampled_from(CLOSINGS), st.sampled_from(OUTCOMES), st.just("A"), st.sampled_from(ROLES),
    st.sampled_from(["", "short", REASON]),
)  # fmt: skip


@given(
    st.sampled_from([PLAIN, OVERRIDING]),
    st.lists(st.tuples(st.sampled_from(OUTCOMES), st.none() | CLOSINGS_OF), min_size=1, max_size=6),
)
def test_no_way_leads_past_an_open_finding(policy: Policy, given_lines: list[tuple[Outcome, Closed | None]]) -> None:
    lines = [Line(number, decision(outcome), act) for number, (outcome, act) in enumerate(given_lines)]
    try:
        stands = standing(policy, lines)
    except UsageError:
        assert any(line.closed for line in lines)
        return
    unclosed = [line.number for line in lines if line.decision.blocking and line.closed is None]
    assert list(stands.open) == unclosed
    if unclosed:
        assert stands.state in (*OPEN, "refused")
    for line in lines:
        if line.closed and line.closed.how == "overridden":
            assert policy.override
            assert line.closed.role == policy.override.role
            assert len(line.closed.reason) >= policy.override.least_reason
            assert line.number in stands.overridden
            assert stands.state not in ("approved", "passed")


def test_a_request_stands_where_its_worst_open_line_stands() -> None:
    def of(*outcomes: Outcome) -> str:
        return standing(PLAIN, [Line(place, decision(one)) for place, one in enumerate(outcomes)]).state

    assert of("pass_green", "pass_outside", "contract_clause") == "passed"
    for better, worse in zip(OPEN[1:], OPEN, strict=False):
        assert of("pass_green", better, worse) == of(worse, better) == worse


def test_passed_lines_can_be_split_off() -> None:
    lines = [Line(place, decision(one)) for place, one in enumerate(OUTCOMES)]
    passed, rest = split_off(lines)
    assert [line.decision.outcome for line in passed] == list(PASSING)
    assert [line.decision.outcome for line in rest] == list(OPEN)


@pytest.mark.parametrize(
    ("policy", "act", "code"),
    [
        (PLAIN, Closed("overridden", "denied", "A", "deputy_head", REASON), "override_off"),
        (OVERRIDING, Closed("overridden", "denied", "A", LEADER, REASON), "closing_wrong_role"),
        (OVERRIDING, Closed("overridden", "denied", "A", "deputy_head", "   짧음   "), "override_reason"),
        (OVERRIDING, Closed("cosigned", "denied", "A", LEADER), "closing_other_finding"),
        (OVERRIDING, Closed("cosigned", "needs_cosign", "A", LEADER), "closing_other_finding"),
    ],
)
def test_a_denial_is_closed_by_name_only(policy: Policy, act: Closed, code: str) -> None:
    with pytest.raises(UsageError, match=code):
        state(policy, Line(1, decision("denied"), act))


def test_an_override_ends_in_its_own_state() -> None:
    act = Closed("overridden", "denied", "A", "deputy_head", REASON)
    lines = [Line(1, decision("denied"), act), Line(2, decision("pass_green"))]
    stands = standing(OVERRIDING, lines)
    assert (stands.state, stands.open, stands.overridden) == ("approved_by_override", (), (1,))


def test_a_co_sign_is_the_co_signers() -> None:
    waiting = decision("needs_cosign")
    assert state(PLAIN, Line(1, waiting, Closed("cosigned", "needs_cosign", "A", LEADER))) == "approved"
    assert state(PLAIN, Line(1, waiting, Closed("refused", "needs_cosign", "A", LEADER))) == "refused"
    with pytest.raises(UsageError, match="closing_wrong_role"):
        state(PLAIN, Line(1, waiting, Closed("cosigned", "needs_cosign", "A", "green_purchase_officer")))


DAY = date(2020, 11, 2)


@given(
    st.integers(0, 200),
    st.sampled_from(["80000001", "80000002"]),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(0, 300),
    st.none() | st.integers(0, 300),
)
def test_an_approval_lapses_with_time_product_price_and_more_quantity(
    days: int, product: str, price: int | None, was: int | None, now: int | None
) -> None:
    approved = Bought("80000001", 2, None if was is None else Decimal(was))
    ordered = Bought(product, price, None if now is None else Decimal(now))
    why = {one.code for one in lapses(PLAIN, approved, DAY - timedelta(days), ordered, DAY)}
    more = was != now if was is None or now is None else Fraction(now) > Fraction(was) * Fraction(11, 10)
    wanted = {
        "approval_old": days > PLAIN.approval_days,
        "product_changed": product != "80000001",
        "price_changed": price != 2,
        "quantity_changed": more,
    }
    assert why == {code for code, holds in wanted.items() if holds}
