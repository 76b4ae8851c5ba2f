"""Time passes: it reminds and passes on, and never approves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

import builders
from chorok.site.accounts.models import Membership, User
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.audit.services import verify
from chorok.site.jobs import kinds
from chorok.site.notices.models import Notice
from chorok.site.screening import overdue, services, signing
from chorok.site.screening.adoptions import due_on
from chorok.site.screening.models import Request, Waiting

from .test_request import submitted
from .test_services import LEADER, SAID, Adopt, Ask


@pytest.fixture
def waits(adopted: Adopt, asked: Ask, purchaser: Actor, actor: Callable[..., Actor]) -> Request:
    """A request of a district that waits for the district's own leader."""
    adopted()
    actor("leader", builders.WEST)
    one = submitted(purchaser, asked(SAID))
    assert one.waiting.get().place == builders.WEST
    Notice.objects.all().delete()
    return one


def at(monkeypatch: pytest.MonkeyPatch, day: date) -> int:
    """Let the worker look on a day."""
    tree = overdue.site.tree()
    monkeypatch.setattr(overdue, "system", lambda _today, _tree: overdue.Actor(None, (), day, tree, "system"))
    return overdue.look()


def verbs(one: Request) -> list[str]:
    return [step.verb for step in one.steps.all()]


def test_the_worker_looks_at_it() -> None:
    assert any(look.run is overdue.look for look in kinds.LOOKS)


def test_nothing_happens_before_the_day_and_one_reminder_on_it(waits: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    due = waits.waiting.get().due_on
    assert at(monkeypatch, due - timedelta(days=1)) == 0
    assert at(monkeypatch, due) == 1
    assert at(monkeypatch, due) == 0
    assert [(one.code, one.params["due"]) for one in Notice.objects.all()] == [
        ("site.screening.notice.overdue", due.isoformat())
    ]
    step = waits.steps.last()
    assert step is not None
    assert (step.verb, step.by, step.after) == ("remind", None, "awaiting")


def test_as_many_days_again_pass_it_one_level_up_and_approve_nothing(
    waits: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = waits.waiting.get().due_on
    late = due_on(due, 3)
    assert at(monkeypatch, late - timedelta(days=1)) == 1  # the reminder
    Notice.objects.all().delete()
    assert at(monkeypatch, late) == 1
    found = waits.waiting.get()
    assert (found.place, found.forwarded, found.due_on) == (builders.CITY, True, due_on(late, 3))
    leader = Membership.objects.get(role="leader", organisation=builders.CITY).user_id
    assert [one.user_id for one in Notice.objects.all()] == [leader]
    event = Event.objects.filter(action="screening.escalated").get()
    assert (event.via, json.loads(event.facts)["place"]) == ("system", builders.CITY)
    for days in range(60):  # nobody is above the city: it is asked for again and again, and stays
        at(monkeypatch, late + timedelta(days=days))
    waits.refresh_from_db()
    assert (waits.state, waits.waiting.get().place) == ("awaiting", builders.CITY)
    assert verbs(waits).count("escalated") == 1
    assert 5 < verbs(waits).count("remind") < 25
    assert verify() == []


def test_where_a_role_has_ended_it_waits_where_somebody_is(waits: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    today = overdue.site.ledger().today
    assert at(monkeypatch, today) == 0
    Membership.objects.filter(role="leader", organisation=builders.WEST).update(valid_until=today)
    assert at(monkeypatch, today) == 1
    assert waits.waiting.get().place == builders.CITY
    assert verbs(waits)[-1] == "moved"
    User.objects.filter(memberships__role="leader").update(is_active=False)
    assert at(monkeypatch, today) == 0  # nobody anywhere: it stays, and the page says so
    assert waits.waiting.get().place == builders.CITY


def test_what_was_taken_meanwhile_is_left_alone(
    waits: Request, actor: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = actor("leader", builders.WEST)
    pk, due = waits.waiting.get().pk, waits.waiting.get().due_on
    signing.close(leader, pk=waits.pk, version=1, how="cosigned", numbers=[1], office=LEADER)
    assert at(monkeypatch, due) == 0
    assert not overdue._carry_out(overdue.system(due, leader.tree), pk, overdue._remind)


def test_a_reminder_keeps_nobody_from_signing(
    waits: Request, purchaser: Actor, actor: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue.remind(purchaser, pk=waits.pk, version=1)
    at(monkeypatch, waits.waiting.get().due_on)
    leader = actor("leader", builders.WEST)
    assert signing.close(leader, pk=waits.pk, version=1, how="cosigned", numbers=[1], office=LEADER).state == "approved"


def test_who_stands_in_is_told_too(waits: Request, actor: Callable[..., Actor], purchaser: Actor) -> None:
    from chorok.site.accounts.models import Delegation

    other = actor("head", builders.WEST)
    held = Membership.objects.get(role="leader", organisation=builders.WEST)
    days: dict[str, Any] = {"valid_from": other.today, "valid_until": other.today + timedelta(days=3)}
    Delegation.objects.create(membership=held, delegate_id=other.person, **days)
    overdue.remind(purchaser, pk=waits.pk, version=1)
    assert {one.user_id for one in Notice.objects.all()} == {held.user_id, other.user_id}


def test_nothing_that_waits_costs_one_question(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert overdue.look() == 0
    assert not Waiting.objects.exists()


def test_a_withdrawn_request_waits_for_nobody(waits: Request, purchaser: Actor) -> None:
    services.withdraw(purchaser, pk=waits.pk, version=1)
    assert not waits.waiting.exists()
