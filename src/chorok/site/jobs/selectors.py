"""Which jobs somebody may see: their own, and those of others whose kind says by what right."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from chorok.site.accounts.rights import Actor
from chorok.site.jobs import kinds
from chorok.site.jobs.models import Job


def visible(actor: Actor) -> QuerySet[Job]:
    """Return the jobs that an actor may see, newest first."""
    mine = Q(actor_id=actor.user_id, actor_id__isnull=False)
    for kind in kinds.every():
        if kind.right:
            mine |= Q(kind=kind.name, organisation__in=actor.reach(kind.right))
    return Job.objects.filter(mine).order_by("-created_at", "-pk")


def find(actor: Actor, job_id: UUID) -> Job:
    """Return a job. Raises Http404 alike for one that is not there and one of others."""
    found = visible(actor).filter(pk=job_id).first()
    if found is None:
        raise Http404
    return found
