"""Running one job: it is claimed once, tells how far it is, and ends as done or failed."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from chorok.core.errors import ChorokError
from chorok.site.audit.services import record
from chorok.site.config import alive
from chorok.site.jobs import kinds
from chorok.site.jobs.models import Job, State

log = logging.getLogger(__name__)

BEAT = 5.0
"""Seconds between two signs of life."""

INLINE = "inline"
"""The worker of a job that runs within a request or a test."""

THROTTLE = 0.5
"""Seconds between two writings of progress."""


class Progress:
    """How far a job is, written by a thread of its own: on its own connection, so outside any transaction of the work,
    and also while the work is in one long call that tells nothing.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.state = ("", 0, 0)
        self.written = self.state
        self.at = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take in how far a step is. Within a step it never goes back."""
        before = self.state
        kept = max(done, before[1]) if step == before[0] else done
        self.state = (step, max(kept, 0), max(total, 0))

    def write(self) -> None:
        """Write it, and with it the sign of life, if this is still the job's attempt."""
        step, done, total = self.written = self.state
        self.at = time.monotonic()
        _mine(self.job).update(step=step, done=done, total=total, heartbeat=timezone.now())

    def due(self) -> bool:
        """Tell whether there is something to write."""
        return self.state != self.written or time.monotonic() - self.at >= BEAT

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Write from a thread until the work ends."""
        over = threading.Event()
        thread = threading.Thread(target=self._beat, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(THROTTLE):
            if self.due():
                with contextlib.suppress(DatabaseError):  # a busy database: the next beat tells it
                    self.write()
        connection.close()


class Inline(Progress):
    """Progress of a job that runs within a request or a test, on the one connection there is."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Write at once."""
        super().__call__(step, done, total)
        self.write()

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Need no thread."""
        yield


def carry_out(job_id: UUID, *, inline: bool = False) -> None:
    """Run a job that waits; nothing happens when it does not wait any more."""
    with contextlib.nullcontext(INLINE) if inline else alive.held() as worker:
        job = _claim(job_id, worker)
        if job is None:
            return
        progress = (Inline if inline else Progress)(job)
        try:
            with progress.beating():
                result = _run(job, progress)
        except ChorokError as error:
            _fail(job, error.code, error.params)
        except Exception:
            log.exception("job %s (%s) failed", job.pk, job.kind)
            _fail(job, "job_unexpected", {"reference": str(job.pk)[:8]})
        except BaseException:
            _give_back(job)  # the worker is told to stop: another goes on
            raise
        else:
            _mine(job).update(
                state=State.DONE, result=result, ended_at=timezone.now(), step="", done=F("total"), heartbeat=None
            )


def _claim(job_id: UUID, worker: str) -> Job | None:
    now = timezone.now()
    taken = Job.objects.filter(pk=job_id, state=State.QUEUED).update(
        state=State.RUNNING, started_at=now, heartbeat=now, worker=worker, attempts=F("attempts") + 1
    )
    return Job.objects.get(pk=job_id) if taken else None


def _run(job: Job, told: Callable[[str, int, int], None]) -> Any:
    return _plain(kinds.kind(job.kind).run(job, told) or {})


def _plain(value: Any) -> Any:
    """Return a value as JSON gives it back; days and ids become text."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _mine(job: Job) -> Any:
    """The job's row as long as it is this attempt's: one taken for dead must not write into its successor's."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker)


def _fail(job: Job, code: str, params: dict[str, object]) -> None:
    told = {name: value if isinstance(value, (int, str)) else str(value) for name, value in params.items()}
    with transaction.atomic():
        ours = _mine(job).update(
            state=State.FAILED, error=code, error_params=told, ended_at=timezone.now(), heartbeat=None
        )
        if ours:
            subject = ("job", job.pk)
            record(None, "jobs.failed", subject=subject, organisation=job.organisation, kind=job.kind, error=code)


def _give_back(job: Job) -> None:
    _mine(job).update(state=State.QUEUED, heartbeat=timezone.now(), worker="")
