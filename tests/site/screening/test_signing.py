"""Who signs for whom, and what happens when several act at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.utils import timezone

import builders
from chorok.core.errors import UsageError
from chorok.site.accounts.models import Delegation, Membership
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.models import Event
from chorok.site.audit.services import verify
from chorok.site.screening import offices, selectors, services, signing
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted

from .test_request import submitted
from .test_services import LEADER, SAID, Adopt, Ask


def lend(principal: Actor, delegate: Actor, since: date, until: date) -> Delegation:
    held = Membership.objects.get(user_id=principal.person)
    return Delegation.objects.create(membership=held, delegate_id=delegate.person, valid_from=since, valid_until=until)


def again(actor: Actor, day: date | None = None) -> Actor:
    return actor_of(actor.user_id, day or actor.today, actor.tree)


def sign(actor: Actor, one: Request, version: int = 1) -> Request:
    return signing.close(actor, pk=one.pk, version=version, how="cosigned", numbers=[1], office=LEADER)


def test_a_delegate_signs_during_the_absence_only_and_it_is_said_for_whom(
    adopted: Adopt, asked: Ask, purchaser: Actor, actor: Callable[..., Actor]
) -> None:
    leader = adopted()
    stand_in = actor("officer", builders.CITY)
    one = submitted(purchaser, asked(SAID))
    lent = lend(leader, stand_in, leader.today, leader.today + timedelta(days=2))
    for day in (leader.today - timedelta(days=1), leader.today + timedelta(days=2)):
        assert not selectors.inbox(again(stand_in, day))
        with pytest.raises(Http404):
            sign(again(stand_in, day), one)
    assert [found.request_id for found in selectors.inbox(again(stand_in))] == [one.pk]
    done = sign(again(stand_in), one)
    step, line = done.steps.last(), done.lines.get()
    assert step is not None
    assert (step.by_id, step.behalf_id, line.closed_for_id) == (stand_in.user_id, leader.user_id, leader.user_id)
    lent.revoked_at = timezone.now()
    lent.save()
    assert not selectors.inbox(again(stand_in))


def test_a_delegate_does_not_sign_what_the_principal_asked_for(adopted: Adopt, actor: Callable[..., Actor]) -> None:
    leader = adopted()
    stand_in = actor("officer", builders.CITY)
    lend(leader, stand_in, leader.today, leader.today + timedelta(days=9))
    one = services.draft(leader, organisation=builders.CITY, header=Header("배수관"), lines=[Wanted(SAID)])
    services.submit(leader, pk=one.pk, version=1)
    with pytest.raises(UsageError, match="screening_twice"):
        sign(again(stand_in), one)


def test_principal_and_delegate_are_not_two_people_in_two_roles(
    adopted: Adopt, asked: Ask, purchaser: Actor, actor: Callable[..., Actor]
) -> None:
    leader = adopted("seoul")
    officer, accountant = actor("officer", builders.CITY), actor("accounting", builders.CITY)
    lend(leader, officer, leader.today, leader.today + timedelta(days=9))
    one = submitted(purchaser, asked(SAID))
    signing.check(accountant, pk=one.pk, version=1, stage="accounting_check", numbers=[1])
    signing.check(officer, pk=one.pk, version=1, stage="officer_review", numbers=[1])
    with pytest.raises(UsageError, match="screening_twice"):
        sign(again(officer), one)
    assert sign(leader, one).state == "approved"


def test_it_is_forwarded_one_level_up_and_no_higher(
    adopted: Adopt, asked: Ask, purchaser: Actor, actor: Callable[..., Actor]
) -> None:
    above, near = adopted(), actor("leader", builders.WEST)
    one = submitted(purchaser, asked(SAID))
    with pytest.raises(Http404):  # it does not wait for the city yet
        sign(above, one)
    signing.forward(near, pk=one.pk, version=1, office=LEADER, remark="상급 기관 판단 필요")
    assert not selectors.inbox(near)
    with pytest.raises(Http404):
        sign(near, one)
    with pytest.raises(UsageError, match="screening_nobody_above"):
        signing.forward(above, pk=one.pk, version=1, office=LEADER)
    assert sign(above, one).state == "approved"


def test_where_screening_again_changes_it_who_looked_may_still_sign_the_next_version(
    adopted: Adopt, asked: Ask, purchaser: Actor
) -> None:
    leader = adopted("legal")
    one = submitted(purchaser, asked(SAID))
    adopted("seoul")  # another policy from today: what was asked of whom has changed
    with pytest.raises(UsageError, match="screening_moved_on"):
        sign(leader, one)
    one.refresh_from_db()
    assert (one.version, one.waiting.get().stage) == (2, "accounting_check")
    step = one.steps.last()
    assert step is not None
    assert (step.verb, step.by) == ("screened_again", None)
    assert leader.user_id not in offices.barred(signing.case_of(one), LEADER)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do things in threads that begin together; return what each returned, or the code of its refusal."""
    gate = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            found[place] = act()
        except UsageError as error:
            found[place] = error.code
        except Exception as error:  # what the test is to see
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.django_db(transaction=True)
def test_of_two_leaders_who_sign_at_once_one_does_and_the_other_is_told(
    adopted: Adopt, asked: Ask, purchaser: Actor, actor: Callable[..., Actor]
) -> None:
    first, second = adopted(), actor("leader", builders.CITY)
    for _ in range(3):
        one = submitted(purchaser, asked(SAID))
        before = Event.objects.count()
        found = at_once(lambda one=one: sign(first, one).state, lambda one=one: sign(second, one).state)
        assert sorted(map(str, found)) == ["approved", "screening_state"]
        assert one.steps.filter(verb="cosigned").count() == 1
        assert Event.objects.count() == before + 1
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_of_an_edit_and_a_signature_at_once_the_later_is_told_and_nothing_unseen_is_signed(
    adopted: Adopt, asked: Ask, purchaser: Actor
) -> None:
    leader = adopted()
    for _ in range(3):
        one = submitted(purchaser, asked(SAID))
        wanted = [Wanted({"quantity": 300}, one.lines.get().pk)]
        header = services.header_of(one)

        def edit(one: Request = one, wanted: list[Wanted] = wanted, header: Header = header) -> str:
            return services.edit(purchaser, pk=one.pk, version=1, header=header, lines=wanted).state

        found = at_once(lambda one=one: sign(leader, one).state, edit)
        one.refresh_from_db()
        # an edit after the signature is one more version, for which nothing is signed
        assert found in (["approved", "draft"], ["screening_moved_on", "draft"])
        assert (one.state, one.version, one.lines.get().closed_how) == ("draft", 2, "")
    assert verify() == []
