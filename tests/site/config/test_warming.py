"""After a publication a job makes what the first request would else make; whoever published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import builders
from builders import CITY
from chorok.ledger import cube, replay, review
from chorok.ledger.store import Ledger
from chorok.site.config import ledger as site
from chorok.site.config import warming
from chorok.site.jobs import kinds, queue, worker
from chorok.site.jobs.kinds import LOOKS
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import job_kind, start
from jobs_done import finish_jobs

pytestmark = pytest.mark.django_db


def _publish(ledger: Ledger, folder: Path) -> None:
    lines = [builders.keyed(90_000, org=CITY, name="의자", amount=5_000)]
    builders.take(ledger, builders.write_csv(folder / "더.csv", lines), source="command-line")


def _prepared() -> list[Job]:
    """Carry out what waits; what is prepared may start more."""
    return [one for one in finish_jobs() if one.kind == warming.KIND]


def _files() -> list[Path]:
    state = site.published()
    national = state.definition("national")
    return [one(state, national) for one in (cube.file_of, review.open_file, replay.file_of)]


def test_a_newer_state_is_prepared_once_whoever_published_it(site_ledger: Ledger, tmp_path: Path) -> None:
    watch = warming.Watch()
    assert watch() is not None
    finish_jobs()
    _publish(site_ledger, tmp_path)
    assert not any(one.exists() for one in _files())
    assert watch() is not None
    assert watch() is None
    (ended,) = _prepared()
    assert (ended.kind, ended.state) == (warming.KIND, "done")
    assert ended.result == {"snapshot": site.published().snapshot.number}
    assert all(one.exists() for one in _files())
    assert warming.Watch()() is None  # a worker that starts later finds it done


def test_one_waits_at_a_time_and_prepares_the_newest(site_ledger: Ledger, tmp_path: Path) -> None:
    watch, other = warming.Watch(), warming.Watch()
    assert watch() is not None
    assert other() is None
    _publish(site_ledger, tmp_path)
    assert watch() is None
    assert Job.objects.filter(kind=warming.KIND).count() == 1
    (ended,) = _prepared()
    assert ended.result == {"snapshot": site.published().snapshot.number}


def test_preparing_again_makes_nothing_anew(site_ledger: Ledger) -> None:
    start(None, warming.KIND, snapshot=1)
    finish_jobs()
    before = [one.stat().st_mtime_ns for one in _files()]
    start(None, warming.KIND, snapshot=1)
    assert [one.state for one in _prepared()] == ["done"]
    assert [one.stat().st_mtime_ns for one in _files()] == before


def test_nothing_is_prepared_where_nothing_is_published(bare: Ledger, settings: Any) -> None:
    settings.LEDGER = bare.path
    site.forget()
    assert warming.Watch()() is None
    assert not Job.objects.exists()


def test_the_worker_looks_whether_there_is_something_newer() -> None:
    assert any(isinstance(look.run, warming.Watch) for look in LOOKS)


def test_a_look_that_fails_does_not_stop_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise OSError("no disk")

    worker._look(kinds.Look(broken, 1.0))
    assert "no disk" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_people_s_jobs_go_before_one_that_is_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    from django_tasks_db.models import DBTaskResult

    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    job_kind("test.now")(lambda job, told: {})
    first, second = start(None, warming.KIND, snapshot=1), start(None, "test.now")
    order = [one.args_kwargs["args"] for one in DBTaskResult.objects.ready().filter(task_path__contains=queue.__name__)]
    assert order == [[str(second.pk)], [str(first.pk)]]
