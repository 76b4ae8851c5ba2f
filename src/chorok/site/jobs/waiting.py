"""What this app puts on the start page: one's own jobs that failed lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from chorok.site.accounts.rights import Actor
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting
from chorok.site.jobs.models import Job, State

LATELY = timedelta(days=7)
"""So long a failed job is shown: it has no other end than being begun again."""


def waits(actor: Actor) -> Iterator[Waiting]:
    """Tell of one's own jobs that failed lately; of a single one, lead to it."""
    since = timezone.now() - LATELY
    mine = Job.objects.filter(actor_id=actor.user_id, state=State.FAILED, ended_at__gte=since)
    found = list(mine.values_list("pk", flat=True)) if actor.user_id is not None else []
    if found:
        page = f"{reverse('jobs:list')}?state={State.FAILED}"
        url = page if len(found) > 1 else reverse("jobs:show", args=[found[0]])
        yield Waiting(say("site.waits.failed", count=len(found)), url)
