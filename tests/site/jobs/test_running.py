"""Jobs: run once, tell how far they are, end in a state that says what happened, and survive their worker."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from builders import CITY
from chorok import wording
from chorok.core.errors import BadInputError, UsageError
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.config import alive
from chorok.site.jobs import kinds, queue, running, worker
from chorok.site.jobs.models import Job, State
from chorok.site.jobs.services import cancel, job_kind, start
from jobs_done import finish_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Iterator[Callable[..., str]]:
    """Register kinds for one test."""
    before = dict(kinds._kinds)

    def make(run: Callable[..., Any], name: str = "test.work", **wish: Any) -> str:
        job_kind(name, **wish)(run)
        return name

    yield make
    kinds._kinds.clear()
    kinds._kinds.update(before)


def test_a_job_is_started_with_an_event_runs_and_keeps_its_result(
    site_ledger: Ledger, actor: Callable[..., Actor], made: Callable[..., str]
) -> None:
    def work(job: Job, told: Callable[[str, int, int], None]) -> dict[str, Any]:
        told("reading", 1, 4)
        assert Job.objects.get(pk=job.pk).state == State.RUNNING
        return {"lines": job.params["lines"], "day": site_ledger.today}

    who = actor("officer", CITY)
    job = start(who, made(work), organisation=CITY, lines=12)
    event = Event.objects.latest("seq")
    assert (event.action, event.subject_id, event.told) == ("jobs.started", str(job.pk), {"kind": "test.work"})
    (ended,) = finish_jobs()
    assert (ended.state, ended.attempts, ended.result) == ("done", 1, {"lines": 12, "day": "2020-11-02"})
    assert (ended.done, ended.total) == (4, 4)
    assert ended.ended_at is not None


def test_nothing_is_started_of_a_kind_that_is_not_known() -> None:
    with pytest.raises(KeyError):
        start(None, "nobody.knows")
    assert not Job.objects.exists()


def test_a_job_of_a_change_that_is_taken_back_was_never_started(made: Callable[..., str]) -> None:
    with transaction.atomic():
        start(None, made(lambda job, told: {}))
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("error", "code", "params"),
    [
        (BadInputError("file_empty", file=Path("가.csv")), "file_empty", {"file": "가.csv"}),
        (RuntimeError("secret inside"), "job_unexpected", None),
    ],
)
def test_a_failure_says_why_and_keeps_the_program_s_own_words_to_the_log(
    made: Callable[..., str], error: Exception, code: str, params: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(job: Job, told: object) -> dict[str, Any]:
        raise error

    job = start(None, made(fail), organisation=CITY)
    (ended,) = finish_jobs()
    assert (ended.state, ended.error) == ("failed", code)
    assert ended.error_params == (params or {"reference": str(job.pk)[:8]})
    assert "secret" not in str(ended.error_params)
    assert (str(job.pk) in caplog.text) == (code == "job_unexpected")
    failed = Event.objects.latest("seq")
    assert (failed.action, failed.told["error"]) == ("jobs.failed", code)


def test_progress_never_goes_back_within_a_step(made: Callable[..., str]) -> None:
    seen = []

    def work(job: Job, told: Callable[[str, int, int], None]) -> dict[str, Any]:
        for step, done in (("a", 1), ("a", 5), ("a", 3), ("b", 2), ("b", 1)):
            told(step, done, 10)
            now = Job.objects.get(pk=job.pk)
            seen.append((now.step, now.done))
        return {}

    start(None, made(work))
    finish_jobs()
    assert seen == [("a", 1), ("a", 5), ("a", 5), ("b", 2), ("b", 2)]


def test_a_job_that_stands_twice_in_the_queue_runs_once(made: Callable[..., str]) -> None:
    runs = []
    job = start(None, made(lambda job, told: runs.append(1)))
    running.carry_out(job.pk, inline=True)
    running.carry_out(job.pk, inline=True)
    assert runs == [1]


def test_a_waiting_job_can_be_taken_out_and_a_running_one_not(
    site_ledger: Ledger, actor: Callable[..., Actor], made: Callable[..., str]
) -> None:
    who = actor("officer", CITY)
    job = cancel(who, start(who, made(lambda job, told: {}), organisation=CITY))
    assert job.state == "cancelled"
    assert Event.objects.latest("seq").action == "jobs.cancelled"
    assert finish_jobs() == []
    with pytest.raises(UsageError, match="job_not_queued"):
        cancel(who, job)


def _running(made: Callable[..., str], holder: str, **wish: Any) -> Job:
    job = start(None, made(lambda job, told: {}))
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, worker=holder, **{"attempts": 1, **wish})
    return job


def test_the_sweep_queues_again_what_lost_its_worker_and_gives_up_in_the_end(
    site_ledger: Ledger, made: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[Any] = []
    monkeypatch.setattr(queue, "put", put.append)
    long_ago = timezone.now() - 2 * worker.STALE
    gone = _running(made, f"{uuid4()}@{alive.here()}")
    elsewhere = _running(made, "x@another-host", heartbeat=timezone.now())
    silent = _running(made, "x@another-host", heartbeat=long_ago)
    hopeless = _running(made, f"{uuid4()}@{alive.here()}", attempts=worker.MOST_ATTEMPTS)
    forgotten = start(None, made(lambda job, told: {}))
    Job.objects.filter(pk=forgotten.pk).update(heartbeat=long_ago)
    with alive.held() as name:
        busy = _running(made, name, heartbeat=long_ago)
        assert worker.sweep() == 3
    states = {job.pk: job.state for job in Job.objects.all()}
    again = [states[job.pk] for job in (gone, silent, forgotten)]
    assert again == ["queued"] * 3
    assert [states[job.pk] for job in (elsewhere, busy)] == ["running"] * 2
    assert Job.objects.get(pk=hopeless.pk).error == "job_given_up"
    assert forgotten.pk in put


def test_one_taken_for_dead_does_not_write_into_its_successor_s_row(made: Callable[..., str]) -> None:
    def work(job: Job, told: Callable[[str, int, int], None]) -> dict[str, Any]:
        Job.objects.filter(pk=job.pk).update(worker="another", done=7, total=9)
        told("late", 1, 9)
        return {"late": True}

    job = start(None, made(work))
    running.carry_out(job.pk, inline=True)
    now = Job.objects.get(pk=job.pk)
    assert (now.state, now.worker, now.done, now.result) == ("running", "another", 7, {})


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_from_outside_while_the_work_is_in_a_transaction(
    site_ledger: Ledger, made: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there progress is told as soon as the work's transaction ends")
    monkeypatch.setattr(running, "THROTTLE", 0.02)
    seen = []

    def work(job: Job, told: Callable[[str, int, int], None]) -> dict[str, Any]:
        with transaction.atomic():
            told("posting", 3, 4)
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline and Job.objects.get(pk=job.pk).done != 3:
                time.sleep(0.02)
            seen.append(Job.objects.get(pk=job.pk).done)
            transaction.set_rollback(True)
        return {}

    job = start(None, made(work))
    running.carry_out(job.pk)
    assert seen == [3]


@pytest.mark.django_db(transaction=True)
def test_the_worker_takes_from_the_queue_until_it_is_stopped(
    site_ledger: Ledger, made: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "INTERVAL", 0.05)
    jobs = [start(None, made(lambda job, told: {"n": job.params["n"]}), n=number) for number in range(3)]
    stop = threading.Event()

    def work() -> None:
        worker.run(stop)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and Job.objects.exclude(state=State.DONE).exists():
        time.sleep(0.05)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert [Job.objects.get(pk=job.pk).result for job in jobs] == [{"n": 0}, {"n": 1}, {"n": 2}]


WORKER = """
import os, sys, threading, time
from pathlib import Path
from chorok.site.config import setup
setup.ready(Path(sys.argv[1]), Path(sys.argv[2]))
setup.migrate()
from chorok.site.jobs import worker
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import job_kind, start
worker.INTERVAL = 0.05

@job_kind("test.steps")
def work(job, told):
    folder = Path(job.params["folder"])
    for step in range(4):
        told("staging", step, 4)
        place = folder / f"step-{step}"
        if not place.exists():  # a step that was done is not done again
            place.write_text(str(job.attempts))
        if step == 2 and job.attempts == 1:
            time.sleep(0.7)  # let the progress be written
            os.kill(os.getpid(), 9)
    return {"steps": 4}

if sys.argv[3] == "first":
    start(None, "test.steps", folder=sys.argv[4])
stop = threading.Event()
def watch():
    while Job.objects.filter(state__in=("queued", "running")).exists():
        time.sleep(0.05)
    stop.set()
threading.Thread(target=watch, daemon=True).start()
worker.run(stop)
job = Job.objects.get()
print(job.state, job.attempts, job.result)
"""


def test_a_job_whose_worker_is_killed_is_taken_up_by_the_next(site_ledger: Ledger, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CHOROK_DATABASE"}
    steps = tmp_path / "steps"
    steps.mkdir()
    places = [str(site_ledger.path), str(tmp_path / "사이트")]

    def worked(turn: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WORKER, *places, turn, str(steps)]
        return subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=120)

    assert worked("first").returncode == -9
    second = worked("second")
    assert second.stdout.strip().endswith("done 2 {'steps': 4}"), second.stderr
    assert [(steps / f"step-{step}").read_text() for step in range(4)] == ["1", "1", "1", "2"]


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_kind_of_job_has_a_name(language: wording.Language) -> None:
    for name in [one.name for one in kinds.every() if not one.name.startswith("test")]:
        assert wording.knows(f"site.job.{name}", language), name
