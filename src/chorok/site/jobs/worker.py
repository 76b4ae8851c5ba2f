"""The worker: takes jobs from the queue, and queues again those whose worker is gone."""

from __future__ import annotations

import logging
import signal
import threading
import time
import uuid
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from chorok.core.errors import ChorokError
from chorok.site.audit.services import record
from chorok.site.config import alive
from chorok.site.jobs import kinds, queue
from chorok.site.jobs.models import Job, State

log = logging.getLogger(__name__)

STALE = timedelta(seconds=60)
"""Without a sign of life for so long, a job's worker counts as gone, and a waiting job as forgotten by the queue."""

SWEEP = 30.0
"""Seconds between two looks for stale jobs."""

MOST_ATTEMPTS = 3
"""A job that took its worker down so often is not tried again."""

INTERVAL = 0.5
"""Seconds that an idle worker waits before it looks into the queue again."""


def main() -> None:
    """Work until the process is told to stop (SIGTERM, SIGINT); the job at hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(stop)


def run(stop: threading.Event) -> None:
    """Work until `stop` is set; the job at hand is finished first."""
    while not stop.is_set():
        try:
            sweep()
            _work(stop)
        except DatabaseError:
            log.exception("the database does not answer; the worker tries again")
            connection.close()
            stop.wait(SWEEP / 10)


def _work(stop: threading.Event) -> None:
    worker = Worker(
        queue_names=["default"],
        interval=INTERVAL,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=uuid.uuid4().hex,
        excluded_queue_names=[],
    )
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(stop, over, worker), daemon=True)
    watch.start()
    try:
        worker.run()
    finally:
        over.set()
        watch.join()


def _watch(stop: threading.Event, over: threading.Event, worker: Worker) -> None:
    """Look after what is to be looked after now and then, and tell the worker when to stop."""
    looks = [kinds.Look(sweep, SWEEP), *kinds.LOOKS]
    begun = time.monotonic()
    due = [begun + look.every for look in looks]
    while not over.wait(INTERVAL):
        if stop.is_set():
            worker.running = False
            continue
        for number, look in enumerate(looks):
            if time.monotonic() >= due[number]:
                _look(look)
                due[number] = time.monotonic() + look.every
    connection.close()


def _look(look: kinds.Look) -> None:
    try:
        look.run()
    except (ChorokError, DatabaseError, OSError):  # tried again the next time
        log.warning("the worker's look %s failed", look.run, exc_info=True)


def sweep() -> int:
    """Queue jobs again whose worker is gone or that the queue forgot; return how many."""
    before = timezone.now() - STALE
    count = 0
    for job in Job.objects.filter(state=State.RUNNING):
        dead = alive.is_dead(job.worker)
        if dead or (dead is None and (job.heartbeat is None or job.heartbeat < before)):
            count += _again(job)
    for job in Job.objects.filter(state=State.QUEUED, heartbeat__lt=before):
        Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now())
        queue.put(job.pk)
        count += 1
    return count


def _again(job: Job) -> int:
    """Give a job whose worker is gone back to the queue, or up when that has happened too often."""
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker)
        now = timezone.now()
        if job.attempts < MOST_ATTEMPTS:
            taken = mine.update(state=State.QUEUED, worker="", heartbeat=now)
            transaction.on_commit(lambda: queue.put(job.pk))
            return taken
        taken = mine.update(
            state=State.FAILED, error="job_given_up", error_params={"attempts": job.attempts}, ended_at=now
        )
        if taken:
            subject = ("job", job.pk)
            record(
                None, "jobs.failed", subject=subject, organisation=job.organisation, kind=job.kind, error="job_given_up"
            )
        return 0
