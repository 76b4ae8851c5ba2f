"""What this app puts on the start page of auditors: that the chain was not verified for long, or was found broken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from chorok.site.accounts.rights import Actor
from chorok.site.audit.jobs import KIND
from chorok.site.audit.selectors import RIGHT, reads_as_administrator
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting
from chorok.site.jobs.models import Job, State

OFTEN = timedelta(days=30)
"""So often the chain is to be verified (proposed)."""


def verifies(actor: Actor) -> Iterator[Waiting]:
    """Tell an auditor what the last verification found, or that it was long ago."""
    if not actor.may(RIGHT) or reads_as_administrator(actor):
        return
    last = Job.objects.filter(kind=KIND, state=State.DONE).order_by("-ended_at").first()
    if last is not None and last.result["problems"]:
        count = f"{last.result['faults']:,}"
        yield Waiting(say("site.waits.audit_broken", count=count), reverse("audit:index"), True)
    elif last is None or last.ended_at is None or timezone.now() - last.ended_at > OFTEN:
        yield Waiting(say("site.waits.audit_unverified", days=OFTEN.days), reverse("audit:index"))
