"""The queue: django-tasks says whose turn it is. A job may stand in it twice; it runs once."""

from __future__ import annotations

from uuid import UUID

from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task, task_backends
from django_tasks.backends.immediate import ImmediateBackend

from chorok.site.jobs import running


@task()
def carry_out(job_id: str) -> None:
    """Run one job, called by a worker."""
    # The backend itself: the library's default is a proxy, which is an instance of nothing.
    inline = isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], ImmediateBackend)
    running.carry_out(UUID(job_id), inline=inline)


def put(job_id: UUID, *, patient: bool = False) -> None:
    """Put a job at the queue's end; a patient one behind all that come while it waits."""
    (carry_out.using(priority=-1) if patient else carry_out).enqueue(str(job_id))
