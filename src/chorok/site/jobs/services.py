"""Starting and cancelling long work."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from chorok.core.errors import UsageError
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.jobs import kinds, queue
from chorok.site.jobs.kinds import Told, job_kind
from chorok.site.jobs.models import Job, State

__all__ = ["Told", "cancel", "job_kind", "start"]


def start(actor: Actor | None, kind: str, *, organisation: str = "", **params: Any) -> Job:
    """Put a job into the queue and return it at once. The caller has checked that the actor may do this.

    `params` are kept as JSON. Raises KeyError for a kind that nobody registered.
    """
    patient = kinds.kind(kind).patient
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            params=params,
            actor_id=actor.user_id if actor else None,
            organisation=organisation,
            heartbeat=timezone.now(),
        )
        record(actor, "jobs.started", subject=("job", job.pk), organisation=organisation, kind=kind)
        transaction.on_commit(lambda: queue.put(job.pk, patient=patient))
    return job


def cancel(actor: Actor | None, job: Job) -> Job:
    """Take a job out of the queue. Raises UsageError job_not_queued when it has begun or ended meanwhile."""
    with transaction.atomic():
        taken = Job.objects.filter(pk=job.pk, state=State.QUEUED).update(
            state=State.CANCELLED, ended_at=timezone.now(), heartbeat=None
        )
        if not taken:
            raise UsageError("job_not_queued")
        record(actor, "jobs.cancelled", subject=("job", job.pk), organisation=job.organisation, kind=job.kind)
    job.refresh_from_db()
    return job
