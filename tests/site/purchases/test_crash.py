"""A job that is killed at any step and begun again ends as if nothing had happened; two imports take turns."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

import builders
from builders import CITY
from chorok.ledger import batches
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import Actor
from chorok.site.jobs.models import Job
from chorok.site.jobs.models import State as JobState
from chorok.site.purchases import jobs
from chorok.site.purchases.models import State, Upload

from .conftest import bring_in, send


class Killed(BaseException):
    """The process is gone."""


def kill(monkeypatch: pytest.MonkeyPatch, place: str, *, after: bool) -> None:
    from django.utils.module_loading import import_string

    real = import_string(place)

    def dying(*args: Any, **kwargs: Any) -> Any:
        if after:
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(place, dying)


def waiting(upload: Upload) -> Job:
    """Return the import of a file as a job whose turn it is."""
    Upload.objects.filter(pk=upload.pk).update(state=State.IMPORTING)
    return Job.objects.create(
        kind="purchases.import",
        params={"upload": str(upload.pk)},
        actor_id=upload.sent_by_id,
        organisation=upload.organisation,
        state=JobState.RUNNING,
        attempts=1,
    )


def quiet(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@pytest.mark.parametrize(
    ("place", "after"),
    [
        ("chorok.sources.intake.open_tables", True),
        ("chorok.ledger.purchases.post", False),
        ("chorok.ledger.purchases.post", True),
        ("chorok.ledger.snapshots.append", True),
        ("chorok.sources.intake._post", True),
        ("chorok.site.purchases.jobs._result", True),
        ("shutil.rmtree", False),
    ],
)
def test_an_import_that_was_killed_goes_on(
    site_ledger: Ledger,
    officer: Client,
    purchase_file: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    after: bool,
) -> None:
    before = builders.totals(site_ledger)
    upload = send(officer, purchase_file(bad=1))
    job = waiting(upload)
    with monkeypatch.context() as dying:
        kill(dying, place, after=after)
        with pytest.raises(Killed):
            jobs.bring_in(job, quiet)
    job.attempts = 2
    jobs.bring_in(job, quiet)
    upload.refresh_from_db()
    assert upload.state == State.IMPORTED
    assert upload.result["already"] is False
    assert builders.totals(site_ledger) == (before[0] + 3, before[1] + 3_000)
    assert batches.load(site_ledger, upload.batch).state == "posted"  # type: ignore[union-attr]
    assert not upload.folder.exists()
    jobs.bring_in(job, quiet)
    assert builders.totals(site_ledger) == (before[0] + 3, before[1] + 3_000)


def test_understanding_can_be_begun_again(officer: Client, purchase_file: Callable[..., Path]) -> None:
    upload = send(officer, purchase_file())
    Upload.objects.filter(pk=upload.pk).update(state=State.READING, seen={})
    job = Job(kind="purchases.understand", params={"upload": str(upload.pk)}, actor_id=upload.sent_by_id)
    (upload.folder / "work").mkdir()
    jobs.understand(job, quiet)
    upload.refresh_from_db()
    assert (upload.state, upload.seen["tables"][0]["accepted"]) == (State.READY, [3, 3_000])


def test_rights_that_ended_meanwhile_end_the_import(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path]
) -> None:
    before = builders.totals(site_ledger)
    upload = send(officer, purchase_file())
    job = waiting(upload)
    User.objects.update(is_active=False)
    jobs.bring_in(job, quiet)
    upload.refresh_from_db()
    assert (upload.state, upload.error) == (State.READY, "upload_no_rights")
    assert builders.totals(site_ledger) == before


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_take_turns_and_both_are_there(
    site_ledger: Ledger, actor: Callable[..., Actor], purchase_file: Callable[..., Path]
) -> None:
    before = builders.totals(site_ledger)
    who = actor("officer", CITY)
    uploads = []
    for number in range(2):
        path = purchase_file(f"{number}.csv", first=60_000 + 100 * number)
        upload = Upload(name=path.name, size=path.stat().st_size, organisation=CITY, sent_by_id=who.user_id)
        upload.file.parent.mkdir(parents=True)
        upload.file.write_bytes(path.read_bytes())
        upload.save()
        uploads.append(upload)
    told: list[str] = []

    def work(job: Job) -> None:
        jobs.bring_in(job, lambda step, _done, _total: told.append(step))
        connection.close()

    with site_ledger.writing():
        threads = [threading.Thread(target=work, args=(waiting(upload),)) for upload in uploads]
        for thread in threads:
            thread.start()
        for _ in range(100):
            if told.count("waiting") == 2:
                break
            threading.Event().wait(0.1)
    for thread in threads:
        thread.join(120)
    assert told.count("waiting") == 2
    assert {one.state for one in Upload.objects.all()} == {State.IMPORTED}
    assert builders.totals(site_ledger) == (before[0] + 6, before[1] + 6_000)


@pytest.mark.parametrize("ended", [JobState.FAILED, JobState.CANCELLED])
def test_a_file_whose_job_ended_without_an_answer_can_be_tried_again_or_dismissed(
    site_ledger: Ledger, officer: Client, purchase_file: Callable[..., Path], ended: str
) -> None:
    before = builders.totals(site_ledger)
    upload = send(officer, purchase_file())
    job = waiting(upload)
    error = {"error": "job_unexpected", "error_params": {"reference": "x"}} if ended == JobState.FAILED else {}
    Job.objects.filter(pk=job.pk).update(state=ended, ended_at=timezone.now(), **error)
    Upload.objects.filter(pk=upload.pk).update(job=job.pk)
    assert officer.get(f"/purchases/uploads/{upload.pk}/").status_code == 200
    upload.refresh_from_db()
    assert upload.state == State.READY
    assert bring_in(officer, upload).state == State.IMPORTED
    assert builders.totals(site_ledger) == (before[0] + 3, before[1] + 3_000)
