"""A worker for tests: carries out what waits, at once and on the connection of the test."""

from __future__ import annotations

from chorok.site.jobs import running
from chorok.site.jobs.models import Job, State


def finish_jobs() -> list[Job]:
    """Carry out all jobs that wait, also those that they start, and return them as they ended."""
    ended = []
    while (job := Job.objects.filter(state=State.QUEUED).order_by("created_at").first()) is not None:
        running.carry_out(job.pk, inline=True)
        job.refresh_from_db()
        ended.append(job)
    return ended
