"""Only those are told whose turn it is: the next office, or who asked."""

from __future__ import annotations

from django.urls import reverse

from chorok.core.screening.workflow import AGREED
from chorok.site.accounts.rights import Actor
from chorok.site.notices.services import tell
from chorok.site.screening import offices
from chorok.site.screening.cases import case_of
from chorok.site.screening.models import Request, Step

QUIET = frozenset({"draft", "edit", "split_off"})
"""Acts of who asks that concern nobody yet."""


def tell_of(actor: Actor, request: Request, step: Step, before: str) -> None:
    """Tell who is next after a step; called in its transaction."""
    url = reverse("screening:request", args=[request.pk])
    said = {"organisation": request.organisation, "number": request.number, "title": request.title}
    if before == "awaiting" and request.state == "draft":
        people = {one.by_id for one in request.steps.exclude(office="requester").exclude(by=None)} - {None}
        tell("site.screening.notice.changed", to=[one for one in people if one], url=url, **said)
    elif request.state == "awaiting" and (step.after != step.before or step.verb in ("forward", "check", "cosigned")):
        _tell_next(actor, request, url, said)
    elif step.verb not in QUIET and request.state in (*AGREED, "rejected", "returned", "refused"):
        to = {one for one in (request.requester_id, request.requester_for_id) if one and one != actor.user_id}
        tell(f"site.screening.notice.{request.state}", to=to, url=url, **said)


def _tell_next(actor: Actor, request: Request, url: str, said: dict[str, str]) -> None:
    case = case_of(request)
    for one in request.waiting.all():
        people = offices.people_at(one.office, one.place, actor.today) - offices.barred(case, one.office)  # type: ignore[arg-type]
        tell("site.screening.notice.awaiting", to=people, url=url, **said)
