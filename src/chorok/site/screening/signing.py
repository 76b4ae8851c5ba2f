"""The verbs of those who sign: check, close, send back, forward. What changed meanwhile is shown, not signed."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from chorok.core.errors import UsageError
from chorok.core.screening import workflow
from chorok.core.screening.request import Closing
from chorok.core.screening.workflow import Case, Hand, Office, Stage
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.screening import adoptions, offices
from chorok.site.screening.adoptions import InForce
from chorok.site.screening.cases import AFTER_STEP, NOBODY, Act, case_of
from chorok.site.screening.models import Request, Step
from chorok.site.screening.writing import again, kept, locked


def check(actor: Actor, *, pk: int, version: int, stage: Stage, numbers: Collection[int], remark: str = "") -> Request:
    """Pass lines on from a stage before the co-sign. Raises as `workflow.check`; UsageError screening_moved_on."""
    office = workflow.CHECKERS.get(stage, "green_purchase_officer")

    def act(rule: InForce, case: Case, hand: Hand) -> Case:
        return workflow.check(rule.policy, case, version, hand, stage, numbers)

    return _signed(actor, pk, version, office, Act("check", _NOBODY, remark, stage, tuple(numbers)), act)


Go = Callable[[InForce, Case, Hand], Case]
_NOBODY = Hand("requester", NOBODY)


def close(
    actor: Actor, *, pk: int, version: int, how: Closing, numbers: Collection[int], reason: str = "", office: Office
) -> Request:
    """Sign, refuse, override or judge lines. Raises as `workflow.close`; UsageError screening_moved_on."""

    def act(rule: InForce, case: Case, hand: Hand) -> Case:
        return workflow.close(rule.policy, case, version, hand, how, numbers, reason)

    return _signed(actor, pk, version, office, Act(how, _NOBODY, reason, "cosign", tuple(numbers)), act)


def send_back(actor: Actor, *, pk: int, version: int, reason: str, office: Office) -> Request:
    """Return a request to who asked, with a reason. Raises as `workflow.send_back`; UsageError screening_moved_on."""

    def act(_: InForce, case: Case, hand: Hand) -> Case:
        return workflow.send_back(case, version, hand, reason)

    return _signed(actor, pk, version, office, Act("send_back", _NOBODY, reason), act)


def _signed(actor: Actor, pk: int, version: int, office: Office, act: Act, go: Go) -> Request:
    """Carry out what an office does. The lines are screened again first: what changed since is shown, not signed."""
    with transaction.atomic():
        request = locked(actor, pk)
        hand = _of_office(actor, request, office)
        seen = case_of(request)
        if version != seen.version:
            raise UsageError("screening_moved_on", seen=version, now=seen.version)
        go(adoptions.of_request(request), seen, hand)  # whether it may be at all, before anything is screened again
        rule, case = again(actor, request)
        if case.version == seen.version:
            done = Act(act.verb, hand, act.remark, act.stage, act.numbers)
            return kept(actor, request, go(rule, case, hand), done, rule)
        kept(actor, request, case, Act("screened_again", _NOBODY, edited=True), rule)
    raise UsageError("screening_moved_on", seen=version, now=case.version)


def _of_office(actor: Actor, request: Request, office: Office) -> Hand:
    """Return the actor's hand for an office where the request waits for it; an override comes from any place above.

    Raises Http404 for who holds no such office there.
    """
    places = set(request.waiting.filter(office=office).values_list("place", flat=True))
    places = places or set(offices.upwards(actor.tree, request.organisation, actor.today))
    hand = offices.hand_at(actor, case_of(request), office, places)
    if hand is None:
        raise Http404
    return hand


def forward(actor: Actor, *, pk: int, version: int, office: Office, remark: str = "") -> Request:
    """Pass what waits for an office on to the same office one level up.

    Raises UsageError screening_nobody_above, screening_moved_on.
    """
    with transaction.atomic():
        request = locked(actor, pk)
        hand, case = _of_office(actor, request, office), case_of(request)
        if version != case.version:
            raise UsageError("screening_moved_on", seen=version, now=case.version)
        raised = raise_up(actor, request, case, office)
        if not raised:
            raise UsageError("screening_nobody_above", office=office)
        rule = adoptions.of_request(request)
        return kept(actor, request, case, Act("forward", hand, remark), rule, office=office)


def raise_up(actor: Actor, request: Request, case: Case, office: Office) -> bool:
    """Move what waits for an office one level up; tell whether there is one."""
    barred, moved = offices.barred(case, office), False
    for one in request.waiting.filter(office=office):
        place = offices.above(actor.tree, one.place, actor.today, office, barred)
        if place is not None:
            one.place, one.forwarded, moved = place, True, True
            one.save()
    return moved


def finish(actor: Actor | None, request: Request, case: Case | None = None) -> Step:
    """Close a request whose lines were bought; called by what matches purchases, inside its transaction."""
    after = workflow.finish(case or case_of(request))
    before, request.state, request.ended_at = request.state, after.state, timezone.now()
    request.save()
    step = Step.objects.create(
        request=request, verb="finish", office="", by_id=actor.user_id if actor else None, at=request.ended_at,
        on=actor.today if actor else request.screened_on, version=request.version, before=before, after=after.state,
    )  # fmt: skip
    record(
        actor, "screening.finish", subject=("screening", request.pk), organisation=request.organisation,
        version=request.version, before=before, after=after.state,
    )  # fmt: skip
    for told in AFTER_STEP:
        told(request, step)
    return step
