"""Whoever tries whatever in whatever order, on the database: nothing is agreed to with an open finding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.http import Http404
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import builders
from chorok.core.errors import UsageError
from chorok.core.screening.decide import OPEN
from chorok.core.screening.request import CLOSINGS
from chorok.core.screening.workflow import AGREED, STAGES, waits_for
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import Delegation, Membership
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.models import Event
from chorok.site.audit.services import verify
from chorok.site.screening import acts, bulk, overdue, services
from chorok.site.screening.acts import Pressed
from chorok.site.screening.cases import case_of
from chorok.site.screening.models import Request, Step, Waiting
from chorok.site.screening.views.pressing import OFFICES
from chorok.site.screening.writing import Header, Wanted

from .test_services import GREEN_CHAIR, LEADER, OTHER_CHAIR, PIPE, SAID, Adopt

URGENT = {**SAID, "emergency": True, "ground": "⑤", "evidence": "재난상황보고 12호"}
GIVEN = {**OTHER_CHAIR, "ground": "③", "statement": "폭이 맞지 않음", "evidence": "규격 비교표"}
LINES = (
    OTHER_CHAIR,
    SAID,
    GREEN_CHAIR,
    PIPE,
    SAID,
    SAID,
    OTHER_CHAIR,
    URGENT,
    GIVEN,
    {"description": "무엇인지 모르는 것"},
)
REASON = "시험용 사유입니다 충분히 깁니다"
WANTED = 400
"""Steps that are to be tried at least."""


class Acts(RuleBasedStateMachine):
    """Several people at one request: most of what they try is refused; what is next is tried often enough."""

    people: ClassVar[dict[str, Actor]] = {}
    tried: ClassVar[int] = 0
    taken: ClassVar[int] = 0
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.pk = 0

    @initialize(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=2))
    def begin(self, lines: list[dict[str, Any]]) -> None:
        asker = self.people["asker"]
        wanted = [Wanted(line) for line in lines]
        one = services.draft(asker, organisation=builders.WEST, header=Header("사무용품"), lines=wanted)
        self.pk = one.pk

    def one(self) -> Request:
        return Request.objects.get(pk=self.pk)

    def attempt(self, act: Callable[[], object]) -> None:
        type(self).tried += 1
        try:
            done = act()
        except (UsageError, Http404):
            return
        type(self).taken += 1
        if isinstance(done, tuple):  # split: go on with what is still open
            self.pk = done[1].pk

    @rule(who=st.sampled_from(["asker", "asker", "colleague", "leader"]), behind=st.integers(0, 3))
    def submit(self, who: str, behind: int) -> None:
        version = self.one().version - (behind == 3)
        self.attempt(lambda: services.submit(self.people[who], pk=self.pk, version=version))

    @rule(line=st.sampled_from(LINES), more=st.booleans())
    def edit(self, line: dict[str, Any], more: bool) -> None:
        one = self.one()
        known = list(one.lines.all())
        wanted = [Wanted({} if more else line, known[0].pk), *([Wanted(line)] if more and len(known) < 3 else [])]
        asker, header = self.people["asker"], services.header_of(one)
        self.attempt(lambda: services.edit(asker, pk=self.pk, version=one.version, header=header, lines=wanted))

    @rule(
        who=st.sampled_from(["asker", "leader", "second", "stand_in", "officer", "accountant", "deputy", "stranger"]),
        verb=st.sampled_from(acts.VERBS), office=st.sampled_from(OFFICES), stage=st.sampled_from(STAGES),
        numbers=st.lists(st.integers(1, 3), max_size=2), behind=st.integers(0, 4), reason=st.sampled_from(["", REASON]),
    )  # fmt: skip
    def press(self, who: str, verb: Any, office: Any, stage: Any, numbers: Any, behind: int, reason: str) -> None:
        wish = Pressed(self.one().version - (behind == 4), verb, office, stage, numbers, reason, sure=True)
        self.attempt(lambda: acts.take(self.people[who], self.pk, wish))

    @rule(
        who=st.sampled_from(["leader", "second", "stand_in"]),
        verb=st.sampled_from(["next", "next", "refused", "send_back"]),
        times=st.integers(1, 5),
    )
    def go_on(self, who: str, verb: str, times: int) -> None:
        """Take the steps that come next, as those who may."""
        for _ in range(times):
            one = self.one()
            if one.state == "draft":
                self.submit("asker", 0)
            elif one.state in ("returned", "refused", "withdrawn"):
                self.edit(SAID, False)
            elif one.state == "rejected":
                self.press("deputy", "overridden", "deputy_head", "cosign", self.open(one), 0, REASON)
            for (stage, office), numbers in waits_for(case_of(one)).items():
                person = {"accounting_officer": "accountant", "green_purchase_officer": "officer"}.get(office, who)
                judged = case_of(one).entries[numbers[0] - 1].line.decision.outcome == "record_afterwards"
                sign = "check" if stage != "cosign" else "justified" if judged else "cosigned"
                self.press(person, sign if verb == "next" else verb, office, stage, numbers[:1], 0, REASON)

    def open(self, one: Request) -> list[int]:
        return [line.number for line in one.lines.all() if line.outcome in OPEN and not line.closed_how]

    @rule(what=st.sampled_from(["split", "swap", "remind", "remind", "split", "swap", "withdraw"]))
    def seldom(self, what: str) -> None:
        asker, seen = self.people["asker"], {"pk": self.pk, "version": self.one().version}
        verbs: dict[str, Callable[[], object]] = {
            "split": lambda: services.split(asker, **seen),
            "swap": lambda: services.swap(asker, **seen, number=1, alternative=0),
            "remind": lambda: overdue.remind(asker, **seen),
            "withdraw": lambda: services.withdraw(asker, **seen),
        }
        self.attempt(verbs[what])

    @rule(days=st.integers(0, 12))
    def time_passes(self, days: int) -> None:
        actor = self.people["leader"]
        day = actor.today + timedelta(days=days)
        system = overdue.system(day, actor.tree)
        for deed in (overdue._move, overdue._escalate, overdue._remind):
            for waiting in Waiting.objects.filter(request_id=self.pk, due_on__lte=day):
                overdue._carry_out(system, waiting.pk, deed)

    @rule(who=st.sampled_from(["leader", "stand_in"]))
    def in_bulk(self, who: str) -> None:
        wish = Pressed(0, "cosigned", LEADER)
        result = bulk.act(self.people[who], pairs=[(self.pk, self.one().version)], same="", wish=wish)
        assert not result.done

    @invariant()
    def nothing_is_agreed_to_with_an_open_finding(self) -> None:
        if not self.pk:
            return
        for one in Request.objects.filter(pk__gte=self.pk):
            type(self).reached.add(one.state)
            if one.state in AGREED:
                assert not self.open(one), one
            for line in one.lines.exclude(closed_how=""):
                assert line.closed_how in CLOSINGS
                assert line.closed_by_id not in (one.requester_id, None)
                assert line.closed_for_id != one.requester_id

    @invariant()
    def it_waits_for_those_whom_the_workflow_names(self) -> None:
        if self.pk:
            one = self.one()
            rows = set(one.waiting.values_list("stage", "office"))
            assert rows == set(waits_for(case_of(one)))

    @invariant()
    def each_step_is_an_event_of_the_audit(self) -> None:
        assert Step.objects.count() == Event.objects.filter(subject_kind="screening").count()

    def teardown(self) -> None:
        steps = list(Step.objects.order_by("pk").values_list("verb", flat=True))
        events = Event.objects.filter(subject_kind="screening").order_by("seq").values_list("action", flat=True)
        assert [f"screening.{verb}" for verb in steps] == list(events)

    @invariant()
    def nobody_acts_in_two_offices(self) -> None:
        if not self.pk:
            return
        offices: dict[int, set[str]] = {}
        for office, *people in Step.objects.filter(request_id=self.pk).values_list("office", "by_id", "behalf_id"):
            for person in people:
                if person is not None:
                    offices.setdefault(person, set()).add(office)
        assert all(len(found) == 1 for found in offices.values()), offices


@pytest.mark.django_db
def test_no_sequence_of_acts_reaches_an_end_with_an_open_finding(
    market: Ledger, adopted: Adopt, actor: Callable[..., Actor]
) -> None:
    leader = adopted("seoul", override=True)
    stand_in = actor("head", builders.CITY)
    held = Membership.objects.get(user_id=leader.person)
    Delegation.objects.create(
        membership=held, delegate_id=stand_in.person, valid_from=date(2020, 1, 1), valid_until=date(2021, 1, 1)
    )
    Acts.people = {
        "asker": actor("purchaser", builders.WEST),
        "colleague": actor("purchaser", builders.WEST),
        "leader": leader,
        "second": actor("leader", builders.CITY),
        "stand_in": actor_of(stand_in.user_id, stand_in.today, stand_in.tree),
        "officer": actor("officer", builders.CITY),
        "accountant": actor("accounting", builders.CITY),
        "deputy": actor("deputy_head", builders.CITY),
        "stranger": actor("leader", builders.OTHER_CITY),
    }
    Acts.tried, Acts.taken, Acts.reached = 0, 0, set()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Acts,
        settings=settings(
            max_examples=24, stateful_step_count=40, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert Acts.tried >= WANTED
    assert Acts.taken > WANTED / 4
    assert {"draft", "returned", "awaiting", "approved", "rejected"} <= Acts.reached
    assert verify() == []
