"""Only those are told whose turn it is: the next office, or who asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django.db.models import Q
from django.urls import reverse

from chorok.core.screening.workflow import AGREED, Office
from chorok.site.accounts.models import Delegation
from chorok.site.accounts.rights import Actor
from chorok.site.notices.services import tell
from chorok.site.screening import offices
from chorok.site.screening.cases import case_of
from chorok.site.screening.models import Request, Step, Waiting

QUIET = frozenset({"draft", "edit", "split_off"})
"""Acts of who asks that concern nobody yet."""
MOVES = frozenset({"forward", "escalated", "moved"})
"""Acts by which what waits comes to somebody else."""


def tell_of(actor: Actor, request: Request, step: Step, before: str) -> None:
    """Tell who is next after a step; called in its transaction."""
    if before == "awaiting" and request.state == "draft":
        people = {one.by_id for one in request.steps.exclude(office="requester").exclude(by=None)} - {None}
        _tell("changed", request, (one for one in people if one))
    elif request.state == "awaiting":
        moved = [one for one in request.waiting.all() if one.office == step.office] if step.verb in MOVES else []
        next_ones = moved or [one for one in request.waiting.all() if one.since >= step.at]
        tell_waiting(actor, request, next_ones)
    elif step.verb not in QUIET and request.state in (*AGREED, "rejected", "returned", "refused"):
        to = {one for one in (request.requester_id, request.requester_for_id) if one and one != actor.user_id}
        _tell(request.state, request, to)


def tell_waiting(actor: Actor, request: Request, waiting: Iterable[Waiting], code: str = "awaiting") -> None:
    """Tell the offices that a request waits for; `code` is `awaiting`, or `overdue` for what is due."""
    case = case_of(request)
    for one in waiting:
        office = cast("Office", one.office)
        people = takers(office, one.place, actor.today, offices.barred(case, office))
        more = {"due": one.due_on.isoformat()} if code == "overdue" else {}
        _tell(code, request, people, **more)


def takers(office: Office, place: str, on: date, barred: set[int]) -> set[int]:
    """Return the ids of people who can take what waits for an office: who holds it, and who stands in for them."""
    holders = offices.people_at(office, place, on) - barred
    lent = Delegation.objects.filter(
        Q(membership__valid_until__isnull=True) | Q(membership__valid_until__gt=on),
        membership__user_id__in=holders,
        membership__role__in=offices.ROLES_OF[office],
        membership__organisation=place,
        delegate__is_active=True,
        valid_from__lte=on,
        valid_until__gt=on,
        revoked_at=None,
    )
    return holders | set(lent.values_list("delegate_id", flat=True)) - barred


def _tell(code: str, request: Request, to: Iterable[int], **more: Any) -> None:
    said = {"organisation": request.organisation, "number": request.number, "title": request.title, **more}
    tell(f"site.screening.notice.{code}", to=to, url=reverse("screening:request", args=[request.pk]), **said)
