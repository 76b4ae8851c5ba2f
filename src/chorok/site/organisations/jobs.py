"""The long work of this app."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from chorok.site.accounts.rights import actor_of
from chorok.site.config import ledger as site
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import Told, job_kind
from chorok.site.organisations import application, reach


@job_kind(application.KIND, right=reach.CHANGE, link=lambda _job: reverse("organisations:changes"))
def apply(job: Job, told: Told) -> dict[str, Any]:
    """Apply a change to the tree."""
    return application.carry_out(actor_of(job.actor_id, site.ledger().today, site.tree()), job, told)
