"""Which events somebody may see, and what they are searched by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from chorok.site.accounts.models import User
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import Role
from chorok.site.audit.models import Event
from chorok.site.audit.wordings import actions_called
from chorok.site.config.addresses import whole

RIGHT = "audit.see"


@dataclass(frozen=True)
class Search:
    """What is searched for; what is left empty fits all."""

    who: str = ""  # part of a name or e-mail address, or an id
    action: str = ""  # the beginning of an action, 'purchases' or 'purchases.imported', or part of its words
    organisation: str = ""  # code; everything below it too
    subject: str = ""  # the id of what it was done to
    first: date | None = None
    last: date | None = None


def sees_all(actor: Actor) -> bool:
    """Tell whether the actor holds the right at the top: then also what belongs to no organisation is seen."""
    return actor.may(RIGHT) and set(actor.tree.codes()) <= actor.reach(RIGHT)


def visible(actor: Actor) -> QuerySet[Event]:
    """Return the events within the actor's reach, newest first."""
    found = Event.objects.order_by("-seq")
    return found if sees_all(actor) else found.filter(organisation__in=actor.reach(RIGHT))


def find(actor: Actor, seq: int) -> Event:
    """Return an event. Raises Http404 alike for one that is not there and one out of reach."""
    event = visible(actor).filter(seq=seq).first()
    if event is None:
        raise Http404
    return event


def found(actor: Actor, search: Search) -> QuerySet[Event]:
    """Return the events that an actor may see and that fit a search, newest first."""
    events = visible(actor)
    if search.who:
        events = events.filter(Q(actor_id__in=_people(search.who)) | Q(on_behalf__in=_people(search.who)))
    if search.action:
        events = events.filter(_done(search.action))
    if search.organisation:
        events = events.filter(organisation__in=actor.tree.subtree(search.organisation))
    if search.subject:
        events = events.filter(subject_id=search.subject)
    if search.first:
        events = events.filter(at__gte=_midnight(search.first))
    if search.last:
        events = events.filter(at__lt=_midnight(search.last + timedelta(days=1)))
    return events


def people(events: Iterable[Event]) -> dict[int, str]:
    """Return the names of those in events who are still known, by id."""
    ids = {one for event in events for one in (event.actor_id, event.on_behalf) if one is not None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}


def reads_as_administrator(actor: Actor) -> bool:
    """Tell whether the actor sees the audit only by being an administrator: then reading it is an event too."""
    roles = {held.role for held in actor.held}
    return Role.ADMINISTRATOR in roles and Role.AUDITOR not in roles


def _done(text: str) -> Q:
    wanted = Q()
    for action in (text, *actions_called(text)):
        wanted |= Q(action=action) | Q(action__startswith=f"{action}.")
    return wanted


def _people(text: str) -> list[int]:
    if (number := whole(text)) is not None:
        return [number]
    return list(User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text)).values_list("pk", flat=True))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
