"""The closing of a period as a state machine: every walk that is allowed, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chorok.core.calendar.closing import LEADS, STATES, Standing, Step, Verb, standing
from chorok.core.errors import UsageError

VERBS = get_args(Verb)
DAY = date(2020, 3, 1)
REMARKS = ("return", "reopen")


def step(verb: Verb, *, version: int = 1, on: date = DAY, by: str = "김", remarks: str = "사유") -> Step:
    return Step("T-2601", "2019", verb, version, on, by, remarks)


class Closing(RuleBasedStateMachine):
    """Tries every verb in every state, and keeps beside it a plain account of what has happened."""

    def __init__(self) -> None:
        super().__init__()
        self.at, self.taken, self.day, self.sender = Standing(), [], DAY, ""

    def attempt(self, verb: Verb, by: str = "김", remarks: str = "사유") -> bool:
        tried = step(verb, version=len([one for one in self.taken if one.verb == "submit"]) + (verb == "submit"),
                     on=self.day, by=by, remarks=remarks)  # fmt: skip
        try:
            self.at = self.at.after(tried)
        except UsageError:
            return False
        self.taken.append(tried)
        return True

    @property
    def open(self) -> bool:
        """Nothing lies with the receiver: before the first sending, or after it was taken back, returned, reopened."""
        return not self.taken or self.taken[-1].verb in ("withdraw", "return", "reopen")

    @rule(by=st.sampled_from(["김", "이"]))
    def submit(self, by: str) -> None:
        was_open = self.open
        assert self.attempt("submit", by) == was_open
        if was_open:
            self.sender = by

    @rule(by=st.sampled_from(["김", "이"]))
    def withdraw(self, by: str) -> None:
        may = bool(self.taken) and self.taken[-1].verb == "submit" and by == self.sender
        assert self.attempt("withdraw", by) == may

    @rule()
    def accept(self) -> None:
        may = bool(self.taken) and self.taken[-1].verb == "submit"
        assert self.attempt("accept", "박") == may

    @rule(remarks=st.sampled_from(["", "  ", "누락"]))
    def send_back(self, remarks: str) -> None:
        may = bool(self.taken) and self.taken[-1].verb in ("submit", "accept") and bool(remarks.strip())
        assert self.attempt("return", "박", remarks) == may

    @rule()
    def finalise(self) -> None:
        may = bool(self.taken) and self.taken[-1].verb == "accept"
        assert self.attempt("finalise", "박") == may

    @precondition(lambda self: self.taken and self.taken[-1].verb == "finalise")
    @rule(remarks=st.sampled_from(["", "오류"]))
    def reopen(self, remarks: str) -> None:
        assert self.attempt("reopen", "박", remarks) == bool(remarks)

    @rule(days=st.integers(0, 40))
    def wait(self, days: int) -> None:
        self.day += timedelta(days=days)

    @invariant()
    def nothing_is_final_that_was_not_accepted(self) -> None:
        if self.at.state == "final":
            verbs = [one.verb for one in self.taken]
            assert verbs[-2:] == ["accept", "finalise"]

    @invariant()
    def what_was_taken_leads_to_the_same_again(self) -> None:
        assert standing(self.taken) == self.at

    @invariant()
    def what_was_sent_is_the_last_sending(self) -> None:
        sent = [one for one in self.taken if one.verb == "submit"]
        assert self.at.sent == (sent[-1] if sent else None)


TestClosing = Closing.TestCase


@given(walk=st.lists(st.sampled_from(VERBS), max_size=8))
def test_no_walk_ends_final_without_its_last_sending_being_accepted(walk: list[Verb]) -> None:
    try:
        reached = standing(map(step, walk))
    except UsageError:
        return
    if reached.state == "final":
        assert walk[-3:] == ["submit", "accept", "finalise"]


def test_every_state_is_reached_and_left() -> None:
    assert {state for state, _ in LEADS} == set(STATES)
    assert {*LEADS.values()} == set(STATES)
    assert {verb for _, verb in LEADS} == set(VERBS)


def test_a_reopened_period_stays_fulfilled_and_one_whose_acceptance_is_taken_back_does_not() -> None:
    accepted = [step("submit"), step("accept")]
    assert standing([*accepted, step("return")]).fulfilled is None
    again = standing([*accepted, step("finalise"), step("reopen"), step("submit", version=2), step("return")])
    assert again.fulfilled == accepted[0]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([step("accept")], "closing_step_preliminary"),
        ([step("submit"), step("submit")], "closing_step_submitted"),
        ([step("submit"), step("accept"), step("withdraw")], "closing_step_accepted"),
        ([step("submit"), step("return"), step("accept")], "closing_step_returned"),
        ([step("submit"), step("accept"), step("finalise"), step("submit")], "closing_step_final"),
        ([step("submit"), step("return", remarks=" ")], "closing_remarks"),
        ([step("submit"), step("withdraw", by="이")], "closing_not_sender"),
        ([step("submit"), step("accept", on=date(2020, 2, 29))], "closing_before_last"),
    ],
)
def test_a_step_that_may_not_follow_is_refused_by_name(steps: list[Step], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        standing(steps)
    assert caught.value.code == code
