"""Requests as the actor may read them: by organisation in reach, and what waits for the actor's offices."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from chorok.core.screening.workflow import may_act
from chorok.site.accounts.rights import Actor
from chorok.site.screening import offices
from chorok.site.screening.cases import case_of
from chorok.site.screening.models import Framework, Request, Step, Waiting

SEE = "screenings.see"


def requests(actor: Actor) -> QuerySet[Request]:
    """Return the requests within reach, the newest first; what was never handed in is its writers' own."""
    drafts = Q(state="draft", submitted_at=None) & ~Q(requester_id=actor.user_id) & ~Q(requester_for_id=actor.user_id)
    reach = actor.reach(SEE)
    return Request.objects.filter(organisation__in=reach).exclude(drafts & ~Q(organisation__in=_asks(actor)))


def _asks(actor: Actor) -> tuple[str, ...]:
    """Return the organisations themselves where the actor asks: there colleagues share their drafts."""
    return actor.places("screenings.ask")


def request(actor: Actor, pk: int) -> Request:
    """Return a request within reach with its lines and steps. Raises Http404."""
    found = requests(actor).filter(pk=pk).prefetch_related("lines__papers", "steps__by", "waiting").first()
    if found is None:
        raise Http404
    return found


def inbox(actor: Actor) -> QuerySet[Waiting]:
    """Return what waits for the actor's offices, the most urgent first.

    Left out is what the actor asked for, or acted on in another office: somebody else takes it.
    """
    mine = Q(pk__in=[])
    for held in actor.held:
        office = offices.OFFICES_OF.get(held.role)
        if office is not None:
            mine |= Q(office=office, place=held.organisation)
    asked = Q(request__requester_id=actor.user_id) | Q(request__requester_for_id=actor.user_id)
    acted = Step.objects.filter(Q(by_id=actor.user_id) | Q(behalf_id=actor.user_id), request=OuterRef("request"))
    elsewhere = Exists(acted.exclude(office="").exclude(office=OuterRef("office")))
    found = Waiting.objects.filter(mine).exclude(asked).exclude(elsewhere)
    return found.select_related("request").order_by("due_on", "pk")


def may_take(actor: Actor, waiting: Waiting) -> bool:
    """Tell whether the actor may act on what waits: nobody acts twice on one request in two roles."""
    case = case_of(waiting.request)
    hand = offices.hand_at(actor, case, waiting.office, [waiting.place])  # type: ignore[arg-type]
    return hand is not None and may_act(case, hand)


def frameworks(actor: Actor, organisation: str) -> QuerySet[Framework]:
    """Return the framework contracts that an organisation may call off today."""
    if not actor.may(SEE, organisation):
        raise Http404
    return Framework.objects.filter(organisation=organisation, until__gte=actor.today).order_by("reference")
