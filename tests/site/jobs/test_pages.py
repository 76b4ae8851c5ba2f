"""The pages of jobs: how far one is, whose one sees, and what is said when it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from builders import CITY, OTHER_CITY
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import User
from chorok.site.jobs import kinds
from chorok.site.jobs.models import Job, State
from chorok.site.jobs.services import job_kind

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def kind() -> Iterator[str]:
    before = dict(kinds._kinds)
    job_kind("test.seen", right="purchases.see", link=lambda job: "/result/", origin=lambda job: "/again/")(
        lambda job, told: {}
    )
    yield "test.seen"
    kinds._kinds.clear()
    kinds._kinds.update(before)


@pytest.fixture
def job(read_ledger: Ledger, person: Callable[..., User], kind: str) -> Job:
    owner = person("officer", CITY, name="김가온")
    return Job.objects.create(kind=kind, actor_id=owner.pk, organisation=CITY, heartbeat=timezone.now())


def owner(job: Job) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=job.actor_id))
    return client


def page(client: Client, job: Job, **wish: Any) -> str:
    return client.get(f"/jobs/{job.pk}/", headers={**ENGLISH, **wish}).content.decode()


def test_a_job_is_seen_by_its_owner_and_by_right_and_is_not_there_for_others(
    job: Job, signed_in: Callable[..., Client]
) -> None:
    for client, status in (
        (owner(job), 200),
        (signed_in("auditor", CITY), 200),
        (signed_in("purchaser", CITY), 404),
        (signed_in("officer", OTHER_CITY), 404),
    ):
        assert client.get(f"/jobs/{job.pk}/").status_code == status
        assert (str(job.pk) in client.get("/jobs/").content.decode()) == (status == 200)
    assert owner(job).get(f"/jobs/{uuid4()}/").status_code == 404
    assert Client().get(f"/jobs/{job.pk}/").status_code == 302


def test_it_asks_again_every_second_until_it_ended_and_works_without_script(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, step="matching", done=1_250, total=5_000)
    whole = page(owner(job), job)
    assert 'hx-trigger="every 1s"' in whole
    assert '<noscript><meta http-equiv="refresh"' in whole
    assert "1,250 of 5,000 (25%)" in whole
    assert 'value="1250"' in whole
    part = page(owner(job), job, **{"HX-Request": "true"})
    assert "<html" not in part
    assert 'hx-trigger="every 1s"' in part
    Job.objects.filter(pk=job.pk).update(state=State.DONE, ended_at=timezone.now())
    part = page(owner(job), job, **{"HX-Request": "true"})
    assert "hx-get" not in part
    assert 'href="/result/"' in part


def test_a_failure_is_said_in_words_with_what_to_do(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=State.FAILED, error="ledger_missing", error_params={"path": "<b>x</b>"}, ended_at=timezone.now()
    )
    text = page(owner(job), job)
    assert "&lt;b&gt;x" in text
    assert 'href="/again/"' in text
    Job.objects.filter(pk=job.pk).update(error="job_unexpected", error_params={"reference": "abcd1234"})
    assert "reference abcd1234" in page(owner(job), job)
    Job.objects.filter(pk=job.pk).update(error="of_a_later_version", error_params={})
    assert str(job.pk)[:8] in page(owner(job), job)


def test_taking_a_job_out_of_the_queue_asks_first(job: Job, signed_in: Callable[..., Client]) -> None:
    client, path = owner(job), f"/jobs/{job.pk}/cancel/"
    assert path in page(client, job)
    assert client.get(path).status_code == 200
    assert Job.objects.get(pk=job.pk).state == State.QUEUED
    signed_in("auditor", CITY).post(path)
    assert Job.objects.get(pk=job.pk).state == State.QUEUED
    assert client.post(path)["Location"] == f"/jobs/{job.pk}/"
    assert Job.objects.get(pk=job.pk).state == State.CANCELLED
    assert path not in page(client, job)


def test_the_list_is_narrowed_by_state_and_asks_little_of_the_database(
    job: Job, kind: str, django_assert_max_num_queries: Any
) -> None:
    client = owner(job)
    for _ in range(25):
        Job.objects.create(kind=kind, actor_id=job.actor_id, organisation=CITY, state="done", ended_at=timezone.now())
    client.get("/jobs/")
    with django_assert_max_num_queries(14):
        answer = client.get("/jobs/")
    assert len(answer.context["rows"]) == 26
    assert len(client.get("/jobs/?state=queued").context["rows"]) == 1
    empty = client.get("/jobs/?state=failed", headers=ENGLISH).content.decode()
    assert "No jobs in this state" in empty


def test_nothing_there_yet_says_what_will_be(read_ledger: Ledger, signed_in: Callable[..., Client]) -> None:
    text = signed_in("purchaser", CITY).get("/jobs/", headers=ENGLISH).content.decode()
    assert "No jobs yet" in text
