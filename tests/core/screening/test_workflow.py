"""The way of a request: no sequence of acts leads to an end with an open finding, and nobody acts in two offices."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chorok.core.errors import UsageError
from chorok.core.screening import policy as policies
from chorok.core.screening import workflow
from chorok.core.screening.decide import OPEN, PASSING, Decision, Outcome, Said
from chorok.core.screening.policy import Override, Policy
from chorok.core.screening.request import CLOSINGS
from chorok.core.screening.workflow import AGREED, STAGES, Case, Edited, Hand, Office

STRICT = policies.preset("strict")
OVERRIDING = replace(STRICT, override=Override("deputy_head", 5))
OFFICES: tuple[Office, ...] = (*get_args(policies.Role), "requester", "accounting_officer")
REASON = "시험용 사유입니다"

ASKER = Hand("requester", frozenset({"1"}))
LEADER = Hand("environment_team_leader", frozenset({"2"}))
OFFICER = Hand("green_purchase_officer", frozenset({"3"}))
ACCOUNTANT = Hand("accounting_officer", frozenset({"4"}))
DEPUTY = Hand("deputy_head", frozenset({"5"}))


def decision(outcome: Outcome, *stages: str, cosigner: str | None = "environment_team_leader") -> Decision:
    signed = outcome in ("needs_cosign", "needs_statement", "record_afterwards")
    codes = (*stages, "cosign") if signed else stages
    return Decision(
        "D9", outcome, (), tuple(Said(code) for code in codes), cosigner if signed else None, "p@1", 1, "n@1"  # type: ignore[arg-type]
    )  # fmt: skip


def submitted(*decisions: Decision, policy: Policy = STRICT) -> Case:
    return workflow.submit(policy, workflow.drafted(decisions, ASKER), 1, ASKER)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("pass_green", "passed"),
        ("denied", "rejected"),
        ("returned_to_split", "returned"),
        ("cannot_tell", "returned"),
        ("needs_statement", "returned"),
        ("needs_cosign", "awaiting"),
        ("record_afterwards", "awaiting"),
    ],
)
def test_a_request_goes_where_its_worst_line_sends_it(outcome: Outcome, state: str) -> None:
    assert submitted(decision("pass_outside"), decision(outcome)).state == state


def test_an_emergency_without_its_papers_goes_back() -> None:
    assert submitted(decision("record_afterwards", "evidence")).state == "returned"


def test_stages_come_one_after_the_other_and_the_cosign_last() -> None:
    case = submitted(decision("needs_cosign", "officer_review", "accounting_check"))
    assert workflow.waits_for(case) == {("accounting_check", "accounting_officer"): (1,)}
    with pytest.raises(UsageError, match="screening_stage"):
        workflow.close(STRICT, case, 1, LEADER, "cosigned", [1])
    case = workflow.check(STRICT, case, 1, ACCOUNTANT, "accounting_check", [1])
    case = workflow.check(STRICT, case, 1, OFFICER, "officer_review", [1])
    assert workflow.waits_for(case) == {("cosign", "environment_team_leader"): (1,)}
    case = workflow.close(STRICT, case, 1, LEADER, "cosigned", [1])
    assert case.state == "approved"
    assert workflow.finish(case).state == "closed"


def test_who_asks_signs_nothing_even_as_a_delegate_and_nobody_acts_in_two_offices() -> None:
    case = submitted(decision("needs_cosign", "officer_review"))
    for hand in (replace(OFFICER, persons=frozenset({"1"})), replace(OFFICER, persons=frozenset({"9", "1"}))):
        with pytest.raises(UsageError, match="screening_twice"):
            workflow.check(STRICT, case, 1, hand, "officer_review", [1])
    case = workflow.check(STRICT, case, 1, OFFICER, "officer_review", [1])
    with pytest.raises(UsageError, match="screening_twice"):
        workflow.close(STRICT, case, 1, replace(LEADER, persons=OFFICER.persons), "cosigned", [1])


def test_who_saw_an_older_version_is_told() -> None:
    case = submitted(decision("needs_cosign"))
    moved = workflow.edit(case, 1, ASKER, [Edited(decision("needs_cosign"))])
    with pytest.raises(UsageError, match="screening_moved_on"):
        workflow.close(STRICT, workflow.submit(STRICT, moved, 2, ASKER), 1, LEADER, "cosigned", [1])


def test_what_was_signed_holds_for_lines_that_stay_as_they_were() -> None:
    lines = [decision("needs_cosign"), decision("needs_cosign")]
    case = workflow.close(STRICT, submitted(*lines), 1, LEADER, "cosigned", [1, 2])
    amended = workflow.edit(case, 1, ASKER, [Edited(lines[1], 2), Edited(lines[0], None)])
    again = workflow.submit(STRICT, amended, 2, ASKER)
    assert again.state == "awaiting"
    assert workflow.waits_for(again) == {("cosign", "environment_team_leader"): (2,)}
    other = workflow.edit(case, 1, ASKER, [Edited(decision("denied"), 1)])
    assert workflow.submit(STRICT, other, 2, ASKER).state == "rejected"


def test_what_is_screened_again_with_another_result_moves_on() -> None:
    case = submitted(decision("needs_cosign"))
    same = workflow.rescreened(STRICT, case, [replace(decision("needs_cosign"), registry=2)])
    assert (same.version, same.state, same.entries[0].line.decision.registry) == (1, "awaiting", 2)
    other = workflow.rescreened(STRICT, case, [decision("denied")])
    assert (other.version, other.state) == (2, "rejected")


def test_an_override_ends_in_a_state_of_its_own_and_needs_its_office_and_a_reason() -> None:
    case = submitted(decision("denied", cosigner=None), policy=OVERRIDING)
    for hand, reason, code in ((DEPUTY, " ", "screening_reason"), (LEADER, REASON, "closing_wrong_role")):
        with pytest.raises(UsageError, match=code):
            workflow.close(OVERRIDING, case, 1, hand, "overridden", [1], reason)
    with pytest.raises(UsageError, match="override_off"):
        workflow.close(STRICT, case, 1, DEPUTY, "overridden", [1], REASON)
    assert workflow.close(OVERRIDING, case, 1, DEPUTY, "overridden", [1], REASON).state == "overridden"


def test_passing_lines_can_be_split_off() -> None:
    case = submitted(decision("denied"), decision("pass_green"), decision("needs_cosign"))
    passed, rest = workflow.split(case, 1, ASKER)
    assert (passed.state, passed.numbers, rest.state, rest.numbers, rest.version) == (
        "passed", (1,), "rejected", (1, 2), 2,
    )  # fmt: skip
    with pytest.raises(UsageError, match="screening_split"):
        workflow.split(rest, 2, ASKER)


OUTCOMES: tuple[Outcome, ...] = (*PASSING, *OPEN)
DECISIONS = st.builds(
    lambda outcome, stages, cosigner: decision(outcome, *stages, cosigner=cosigner),
    st.sampled_from([*OUTCOMES, "needs_cosign", "needs_cosign", "record_afterwards", "denied"]),
    st.lists(st.sampled_from(["accounting_check", "officer_review", "officer_proof", "evidence"]), max_size=2),
    st.sampled_from(get_args(policies.Role)),
)
HANDS = st.builds(
    Hand, st.sampled_from(OFFICES), st.sets(st.sampled_from("1234567"), min_size=1, max_size=2).map(frozenset)
)
NUMBERS = st.lists(st.integers(1, 3), max_size=3)


class Acts(RuleBasedStateMachine):
    """Whoever tries whatever, in any order, most of it wrong; some acts are those that would be next."""

    steps: ClassVar[int] = 0
    reached: ClassVar[set[workflow.State]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.policy = STRICT
        self.case = workflow.drafted([], ASKER)
        self.signed: set[tuple[str, str]] = set()  # (person, office) of whoever acted

    @initialize(policy=st.sampled_from([STRICT, OVERRIDING]), lines=st.lists(DECISIONS, min_size=1, max_size=2))
    def begin(self, policy: Policy, lines: list[Decision]) -> None:
        self.policy, self.case = policy, workflow.drafted(lines, ASKER)
        self.signed = {("1", "requester")}

    def attempt(self, by: Hand, case: object) -> None:
        try:
            after = case() if callable(case) else case
        except UsageError:
            return
        self.case = after[1] if isinstance(after, tuple) else after
        if isinstance(after, tuple):
            self.ended_soundly(after[0])
        self.signed |= {(person, by.office) for person in by.persons}

    @rule(by=HANDS | st.just(ASKER), lines=st.lists(DECISIONS, min_size=1, max_size=3), kept=st.booleans())
    def edit(self, by: Hand, lines: list[Decision], kept: bool) -> None:
        edited = [Edited(line, number if kept else None) for number, line in enumerate(lines, 1)]
        if kept:  # the lines as they are
            edited = [Edited(entry.line.decision, entry.number) for entry in self.case.entries]
        self.attempt(by, lambda: workflow.edit(self.case, self.case.version, by, edited))

    @rule(by=HANDS | st.just(ASKER), behind=st.integers(0, 1))
    def submit(self, by: Hand, behind: int) -> None:
        self.attempt(by, lambda: workflow.submit(self.policy, self.case, self.case.version - behind, by))

    @rule(by=HANDS, stage=st.sampled_from(STAGES), numbers=NUMBERS)
    def check(self, by: Hand, stage: workflow.Stage, numbers: list[int]) -> None:
        self.attempt(by, lambda: workflow.check(self.policy, self.case, self.case.version, by, stage, numbers))

    @rule(by=HANDS, how=st.sampled_from(CLOSINGS), numbers=NUMBERS, reason=st.sampled_from(["", REASON]))
    def close(self, by: Hand, how: workflow.Closing, numbers: list[int], reason: str) -> None:
        self.attempt(by, lambda: workflow.close(self.policy, self.case, self.case.version, by, how, numbers, reason))

    @rule(person=st.sampled_from("234567"), refuse=st.booleans(), times=st.integers(1, 4))
    def go_on(self, person: str, refuse: bool, times: int) -> None:
        """Take the steps that come next, by one person in each office."""
        for _ in range(times):
            self.next_step(frozenset({person}), refuse)

    def next_step(self, persons: frozenset[str], refuse: bool) -> None:
        if self.case.state == "draft":
            self.submit(ASKER, 0)
        elif self.case.state == "rejected":
            denied = [one.number for one in self.case.entries if one.line.decision.outcome == "denied"]
            self.close(Hand("deputy_head", persons), "overridden", denied, REASON)
        for (stage, office), numbers in list(workflow.waits_for(self.case).items())[:1]:
            hands = (Hand(office, one) for one in (persons, *(frozenset({free}) for free in "234567")))
            by = next((hand for hand in hands if workflow.may_act(self.case, hand)), ASKER)
            emergency = self.case.entries[numbers[0] - 1].line.decision.outcome == "record_afterwards"
            agreed, against = ("justified", "not_justified") if emergency else ("cosigned", "refused")
            if stage == "cosign":
                self.close(by, against if refuse else agreed, list(numbers[:1]), REASON)  # type: ignore[arg-type]
            else:
                self.check(by, stage, list(numbers))

    @rule(by=HANDS, reason=st.sampled_from(["", REASON]))
    def send_back(self, by: Hand, reason: str) -> None:
        self.attempt(by, lambda: workflow.send_back(self.case, self.case.version, by, reason))

    @rule(lines=st.lists(DECISIONS, min_size=3, max_size=3))
    def screened_again(self, lines: list[Decision]) -> None:
        self.case = workflow.rescreened(self.policy, self.case, lines[: len(self.case.entries)])

    @rule(by=HANDS | st.just(ASKER))
    def split(self, by: Hand) -> None:
        self.attempt(by, lambda: workflow.split(self.case, self.case.version, by))

    @rule(by=HANDS)
    def withdraw(self, by: Hand) -> None:
        self.attempt(by, lambda: workflow.withdraw(self.case, self.case.version, by))

    @rule()
    def finish(self) -> None:
        self.attempt(ASKER, lambda: workflow.finish(self.case))

    @invariant()
    def no_open_finding_at_an_end(self) -> None:
        Acts.steps += 1
        Acts.reached.add(self.case.state)
        self.ended_soundly(self.case)

    def ended_soundly(self, case: Case) -> None:
        """Say it again in plain words, without asking the code under test."""
        if case.state not in (*AGREED, "closed"):
            return
        for entry in case.entries:
            found, act = entry.line.decision, entry.line.closed
            if found.outcome in PASSING:
                assert act is None
                continue
            assert act is not None, entry
            needed = {said.code for said in found.needs}
            assert found.outcome in ("needs_cosign", "record_afterwards", "denied")
            if found.outcome == "denied":
                assert (act.how, act.role, self.policy) == ("overridden", "deputy_head", OVERRIDING)
                assert case.state in ("overridden", "recorded", "closed")
            else:
                assert needed & set(STAGES) - {"cosign"} <= set(entry.checked)
                assert act.role == found.cosigner
                assert not needed & workflow.OWED_BY_PURCHASER or found.outcome == "needs_cosign"
                assert act.how != "refused"
            assert case.state != "approved" or act.how == "cosigned"

    @invariant()
    def nobody_acts_in_two_offices(self) -> None:
        offices: dict[str, set[str]] = {}
        for person, office in self.signed:
            offices.setdefault(person, set()).add(office)
        assert all(len(held) == 1 for held in offices.values()), offices


def test_no_sequence_of_ten_thousand_acts_ends_with_an_open_finding() -> None:
    Acts.steps, Acts.reached = 0, set()
    run_state_machine_as_test(
        Acts,
        settings=settings(
            max_examples=250, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert Acts.steps >= 10_000
    assert Acts.reached == set(workflow.STATES)
