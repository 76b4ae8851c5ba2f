"""Time passes: what is due is asked for, what is overdue goes one level up, what lies with nobody finds somebody.

Nothing is ever approved by time (rules section 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import cast

from django.db import transaction
from django.http import Http404

from chorok.core.errors import UsageError
from chorok.core.organisations import Tree
from chorok.core.screening.workflow import Hand, Office
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Via
from chorok.site.config import ledger as site
from chorok.site.screening import adoptions, offices, telling
from chorok.site.screening.cases import NOBODY, Act, case_of, persons
from chorok.site.screening.models import Request, Step, Waiting
from chorok.site.screening.writing import ASK, kept, locked

Deed = Callable[[Actor, Request, Waiting], bool]


def system(today: date, tree: Tree) -> Actor:
    """Return the system as an actor: nobody, with no rights."""
    return Actor(None, (), today, tree, Via.SYSTEM.value)


def look() -> int:
    """Do what is due on all requests that wait; return how many steps were taken. It may be repeated at any time."""
    if not Waiting.objects.exists():
        return 0
    actor = system(site.ledger().today, site.tree())
    deeds: tuple[tuple[Callable[[Actor], Iterable[int]], Deed], ...] = (
        (_left_alone, _move),
        (_late, _escalate),
        (_due, _remind),
    )
    return sum(_carry_out(actor, pk, deed) for find, deed in deeds for pk in find(actor))


def _carry_out(actor: Actor, pk: int, deed: Deed) -> bool:
    """Do one thing on what waits, when it still waits."""
    with transaction.atomic():
        asked_for = Waiting.objects.filter(pk=pk).values_list("request_id", flat=True).first()
        request = Request.objects.select_for_update().filter(pk=asked_for or 0).first()
        waiting = request.waiting.filter(pk=pk).first() if request else None
        return deed(actor, request, waiting) if request and waiting else False


def _due(actor: Actor) -> list[int]:
    """Find what is due and was not asked for yet."""
    return _open(actor, lambda one, days: adoptions.due_on(one.reminded_on, days) if one.reminded_on else one.due_on)


def _late(actor: Actor) -> list[int]:
    """Find what is overdue by as many days again as the office had."""
    return _open(actor, lambda one, days: adoptions.due_on(one.due_on, days))


def _open(actor: Actor, day_of: Callable[[Waiting, int], date]) -> list[int]:
    found = Waiting.objects.filter(due_on__lte=actor.today).select_related("request__adoption").order_by("pk")
    return [one.pk for one in found if day_of(one, adoptions.of_request(one.request).due_days) <= actor.today]


def _remind(actor: Actor, request: Request, waiting: Waiting) -> bool:
    """Ask the office again; once more each time as many days have passed."""
    waiting.reminded_on = actor.today
    waiting.save()
    _step(actor, request, waiting, "remind")
    telling.tell_waiting(actor, request, [waiting], "overdue")
    return True


def _escalate(actor: Actor, request: Request, waiting: Waiting) -> bool:
    """Pass what an office let lie on to the same office one level up, where it is due anew."""
    office = cast("Office", waiting.office)
    barred = offices.barred(case_of(request), office)
    above = offices.above(actor.tree, waiting.place, actor.today, office, barred)
    return _place(actor, request, waiting, above, "escalated")


def _place(actor: Actor, request: Request, waiting: Waiting, place: str | None, verb: str) -> bool:
    if place is None or place == waiting.place:
        return False
    waiting.place, waiting.forwarded, waiting.reminded_on = place, True, None
    waiting.due_on = adoptions.due_on(actor.today, adoptions.of_request(request).due_days)
    waiting.save()
    _step(actor, request, waiting, verb)
    return True


def _step(actor: Actor, request: Request, waiting: Waiting, verb: str) -> None:
    act = Act(verb, Hand(cast("Office", waiting.office), NOBODY), stage=waiting.stage)
    rule = adoptions.of_request(request)
    kept(actor, request, case_of(request), act, rule, office=waiting.office, place=waiting.place)


def _left_alone(actor: Actor) -> list[int]:
    """Find what waits where nobody can take it any more: a role has ended, or its holder has acted in another."""
    found = list(Waiting.objects.select_related("request"))
    hands = defaultdict[int, list[tuple[str, int | None, int | None]]](list)
    steps = Step.objects.filter(request__waiting__isnull=False).exclude(office="").distinct()
    for request, *hand in steps.values_list("request_id", "office", "by_id", "behalf_id"):
        hands[request].append(tuple(hand))  # type: ignore[arg-type]
    held = {
        (one.office, one.place): offices.people_at(cast("Office", one.office), one.place, actor.today) for one in found
    }
    return [one.pk for one in found if not held[one.office, one.place] - _acted(one, hands[one.request_id])]


def _acted(waiting: Waiting, hands: Iterable[tuple[str, int | None, int | None]]) -> set[int]:
    """Return who has acted on a request in another office than the one it waits for."""
    others = {person for office, *people in hands if office != waiting.office for person in people}
    return {one for one in (*others, waiting.request.requester_id, waiting.request.requester_for_id) if one}


def _move(actor: Actor, request: Request, waiting: Waiting) -> bool:
    """Let what lies with nobody wait where somebody is, if there is anybody."""
    office = cast("Office", waiting.office)
    barred = offices.barred(case_of(request), office)
    if offices.people_at(office, waiting.place, actor.today) - barred:
        return False
    place = offices.nearest(actor.tree, request.organisation, actor.today, office, barred)
    return _place(actor, request, waiting, place, "moved")


def remind(actor: Actor, *, pk: int, version: int) -> Request:
    """Ask those whom a request waits for, for its requester; once a day.

    Raises Http404, UsageError screening_moved_on, screening_state, screening_reminded.
    """
    with transaction.atomic():
        request = locked(actor, pk, ASK)
        if request.version != version:
            raise UsageError("screening_moved_on", seen=version, now=request.version)
        if request.state != "awaiting":
            raise UsageError("screening_state", verb="remind", state=request.state)
        if request.steps.filter(verb="remind", on=actor.today).exclude(by=None).exists():
            raise UsageError("screening_reminded")
        hand = _asker(actor, request)
        kept(actor, request, case_of(request), Act("remind", hand), adoptions.of_request(request))
        telling.tell_waiting(actor, request, request.waiting.all())
        return request


def _asker(actor: Actor, request: Request) -> Hand:
    """Return the hand of who asked, or stands in for them. Raises Http404 for anybody else: it would bar them."""
    asked = {request.requester_id, request.requester_for_id} - {None}
    behalf = next((held.behalf for held in actor.why(ASK) if held.behalf in asked), None)
    if actor.user_id not in asked and behalf is None:
        raise Http404
    return Hand("requester", persons(actor.person, None if actor.user_id in asked else behalf))
