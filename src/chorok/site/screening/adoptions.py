"""Under which policy an organisation screens on a day."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from chorok.core.organisations import Tree
from chorok.core.screening import policy as policies
from chorok.core.screening.policy import Policy
from chorok.site.screening.models import Adoption, Request
from chorok.site.screening.offices import upwards

UNADOPTED = "legal"
"""What is tried where nothing was adopted: the Act itself."""
DUE_DAYS = 3
"""Working days that an office has where nothing was adopted (proposed)."""


@dataclass(frozen=True)
class InForce:
    """What an organisation screens under. Without an adoption it is a trial, and nothing can be submitted."""

    policy: Policy
    definition: str
    due_days: int
    adoption: Adoption | None


def in_force(tree: Tree, organisation: str, day: date) -> InForce:
    """Return what an organisation screens under on a day: its own adoption, or the nearest above it."""
    found = _nearest(tree, organisation, day)
    if found is None:
        return InForce(policies.preset(UNADOPTED), "national", DUE_DAYS, None)
    return of(found)


def of_request(request: Request) -> InForce:
    """Return what a request was screened under."""
    return of(request.adoption) if request.adoption else InForce(policies.preset(UNADOPTED), "national", DUE_DAYS, None)


def of(adoption: Adoption) -> InForce:
    """Return an adoption as it is used."""
    return InForce(read(adoption.content, adoption.policy), adoption.definition, adoption.due_days, adoption)


@functools.lru_cache(maxsize=64)
def read(content: str, where: str) -> Policy:
    """Return a policy from its whole text. Raises BadInputError."""
    return policies.made(tomllib.loads(content, parse_float=str), where)


def _nearest(tree: Tree, organisation: str, day: date) -> Adoption | None:
    places = list(upwards(tree, organisation, day))
    known = {one.organisation: one for one in holding(places, day)}
    return next((known[place] for place in places if place in known), None)


def holding(places: Iterable[str], day: date) -> list[Adoption]:
    """Return the adoptions of some organisations that hold on a day; of two of one the newer is the last."""
    valid = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    return list(Adoption.objects.filter(valid, organisation__in=list(places)).order_by("since", "pk"))


def due_on(day: date, working_days: int) -> date:
    """Return the day some working days later; Saturdays and Sundays do not count, holidays do."""
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
