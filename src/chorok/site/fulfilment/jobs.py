"""Long work of this app: purchases are matched after each publication."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from chorok.site.accounts.rights import actor_of
from chorok.site.config import ledger as site
from chorok.site.fulfilment import matching
from chorok.site.jobs.models import Job, State
from chorok.site.jobs.services import Told, job_kind, start

KIND = "fulfilment.match"


def _link(_job: Job) -> str:
    return reverse("fulfilment:index")


@job_kind(KIND, right="screenings.report", link=_link, origin=_link)
def run(job: Job, told: Told) -> dict[str, Any]:
    """Match agreed requests with the purchases of the newest state; doing it again changes nothing."""
    told("match", 0, 1)
    found = matching.run(actor_of(job.actor_id, site.ledger().today, site.tree(), via="command"))
    told("match", 1, 1)
    return vars(found)


def after_publication() -> Job | None:
    """Start matching unless a job for it waits already."""
    if Job.objects.filter(kind=KIND, state=State.QUEUED).exists():
        return None
    return start(None, KIND)
