"""What waits for somebody on the start page: only what they can do themselves, within their reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import builders
from builders import CITY, OTHER_CITY, WEST
from chorok.ledger import review
from chorok.ledger.registry import replace_source
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.config.waiting import waiting
from chorok.site.jobs.models import Job, State
from chorok.site.periods import services as periods
from chorok.site.purchases.models import State as FileState
from chorok.site.purchases.models import Upload
from chorok.site.registry import writing
from chorok.site.registry.models import ListFile, RegistryState
from chorok.site.reviews.models import Review
from chorok.site.reviews.models import State as Decided
from chorok.site.webhooks.models import Hook

ActorOf = Callable[..., Actor]
pytestmark = pytest.mark.django_db


def pages(actor: Actor) -> set[str]:
    return {one.url for one in waiting(actor)}


def said(actor: Actor, page: str) -> str:
    return next((one.text for one in waiting(actor) if one.url == page), "")


def proposed(actor: Actor, key: int = 1, state: str = Decided.PROPOSED, **wish: Any) -> Review:
    return Review.objects.create(
        product_key=key, city=CITY, organisation=CITY, outcome="not_green", reason="-", lines=1, amount=1,
        currency="KRW", state=state, proposed_by_id=actor.user_id, proposed_at=timezone.now(),
        proposed_on=actor.today, second_needed=state == Decided.PROPOSED, **wish,
    )  # fmt: skip


def test_a_proposal_waits_for_another_than_who_made_it_and_not_in_another_city(
    read_ledger: Ledger, actor: ActorOf
) -> None:
    officer, leader = actor("officer", CITY), actor("leader", CITY)
    proposed(officer)
    proposed(officer, 2)
    assert "2" in said(leader, "/reviews/waiting/")
    assert all("/reviews/waiting/" not in pages(one) for one in (officer, actor("leader", OTHER_CITY)))
    proposed(leader, 3)
    assert "1" in said(officer, "/reviews/waiting/")


def test_what_is_decided_waits_for_who_may_publish_until_a_job_does(read_ledger: Ledger, actor: ActorOf) -> None:
    officer = actor("officer", CITY)
    one = proposed(officer, state=Decided.CONFIRMED)
    assert "1" in said(officer, "/reviews/ready/")
    assert "/reviews/ready/" not in pages(actor("leader", CITY)) | pages(actor("officer", OTHER_CITY))
    one.job = Job.objects.create(kind="reviews.publish").pk
    one.save()
    assert "/reviews/ready/" not in pages(officer)


def test_the_queue_is_named_with_its_sum_of_one_s_own_organisations_once_it_is_added_up(
    site_ledger: Ledger, actor: ActorOf
) -> None:
    officer, other = actor("officer", CITY), actor("officer", OTHER_CITY)
    state = site.published()
    file = review.open_file(state, state.definition("national"))
    file.unlink(missing_ok=True)
    assert "/reviews/" not in pages(officer)
    assert not file.exists()  # the start page adds nothing up
    review.open_lines(state, state.definition("national"))
    for one, city in ((officer, CITY), (other, OTHER_CITY)):
        inside = state.tree.subtree(city, one.today)
        whole = review.page(state, review.Wanted(organisations=inside), 0)
        assert f"{whole.lines:,}" in said(one, "/reviews/")
        assert f"{whole.amount:,} 원" in said(one, "/reviews/")
    assert said(officer, "/reviews/") != said(other, "/reviews/")
    assert "/reviews/" not in pages(actor("leader", CITY))


@pytest.mark.parametrize("state", [FileState.READY, FileState.FAILED, FileState.RECEIVING])
def test_a_file_that_waits_for_somebody_is_led_to(read_ledger: Ledger, actor: ActorOf, state: str) -> None:
    officer = actor("officer", CITY)
    one = Upload.objects.create(name="a.csv", size=1, organisation=WEST, state=state)
    assert f"/purchases/uploads/{one.pk}/" in pages(officer)
    assert pages(actor("officer", OTHER_CITY)) & {f"/purchases/uploads/{one.pk}/", "/purchases/"} == set()
    Upload.objects.create(name="b.csv", size=1, organisation=CITY, state=state)
    assert "2" in said(officer, "/purchases/")
    Upload.objects.update(state=FileState.READING)
    assert "/purchases/" not in pages(officer)


def test_results_wait_for_who_may_accept_them_and_return_to_who_sent_them(site_ledger: Ledger, actor: ActorOf) -> None:
    district, leader, officer = actor("district_officer", WEST), actor("leader", CITY), actor("officer", CITY)
    page = f"/periods/{WEST}/2019/"
    periods.submit(district, organisation=WEST, period="2019")
    assert page in pages(leader)
    assert page in pages(officer)
    assert page not in pages(district) | pages(actor("leader", OTHER_CITY))
    periods.take(leader, organisation=WEST, period="2019", verb="return", remarks="누락")
    assert page in pages(district)
    assert page not in pages(leader) | pages(actor("district_officer", OTHER_CITY))


test_results_wait_for_who_may_accept_them_and_return_to_who_sent_them.pytestmark = [  # type: ignore[attr-defined]
    pytest.mark.django_db(transaction=True)
]


def test_duties_are_named_when_late_or_within_fourteen_days(read_ledger: Ledger, actor: ActorOf) -> None:
    from chorok.site.periods import selectors

    officer = actor("officer", CITY)
    owed = [one for one in selectors.desk().duties(2020) if one.organisation in officer.reach("periods.submit")]
    late = [one for one in owed if one.state == "late"]
    soon = [one for one in owed if one.state == "due_soon" and one.due <= officer.today + timedelta(days=14)]
    assert late
    assert f"{len(late)}" in said(officer, "/periods/calendar/?year=2020&state=late")
    assert bool(soon) == ("/periods/calendar/?year=2020&state=due" in pages(officer))
    assert all("/calendar/" not in page for page in pages(actor("leader", CITY)))


def test_the_registry_s_work_waits_for_who_may_change_it(site_ledger: Ledger, actor: ActorOf) -> None:
    officer, purchaser = actor("officer", CITY), actor("purchaser", CITY)
    ListFile.objects.create(name="a.csv", size=1, read_on=officer.today, state=ListFile.State.READ)
    replace_source(site_ledger.path, "labels", builders.rows("labels", [{"label": "새마크", "basis": None}]), "list")
    RegistryState.objects.all().delete()
    assert "1" in said(officer, "/registry/lists/")
    assert "1" in said(officer, "/registry/labels/")
    writing.must_be_known(site_ledger)
    assert "/registry/versions/" not in pages(officer)
    rows = [builders.certificate(certificate_no="O-1", product_id="60000009", product_name="밖의자")]
    replace_source(site_ledger.path, "certificates", builders.rows("certificates", rows), "outside")
    assert "/registry/versions/" in pages(officer)
    assert not {page for page in pages(purchaser) if page.startswith("/registry/")}


def test_one_s_own_failed_job_is_named_for_a_week(read_ledger: Ledger, actor: ActorOf) -> None:
    officer, other = actor("officer", CITY), actor("officer", CITY)
    job = Job.objects.create(
        kind="goals.replay", actor_id=officer.user_id, state=State.FAILED, error="x", ended_at=timezone.now()
    )
    assert f"/jobs/{job.pk}/" in pages(officer)
    assert f"/jobs/{job.pk}/" not in pages(other)
    Job.objects.update(ended_at=timezone.now() - timedelta(days=8))
    assert f"/jobs/{job.pk}/" not in pages(officer)


@pytest.mark.parametrize("role", ["officer", "district_officer", "leader", "administrator"])
def test_the_start_page_asks_little(
    read_ledger: Ledger, signed_in: Callable[..., Client], role: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(role, CITY)
    client.get("/")
    with django_assert_max_num_queries(16):
        assert client.get("/").status_code == 200


def test_an_auditor_is_told_when_nobody_verified_and_what_was_found(read_ledger: Ledger, actor: ActorOf) -> None:
    auditor, administrator = actor("auditor", CITY), actor("administrator", CITY)
    assert "30일" in said(auditor, "/audit/")
    assert "/audit/" not in pages(administrator)
    job = Job.objects.create(
        kind="audit.verify", state=State.DONE, ended_at=timezone.now(), result={"problems": [], "faults": 0}
    )
    assert "/audit/" not in pages(auditor)
    job.result = {"problems": [["gap", {"first": 1, "last": 2}]], "faults": 1}
    job.save()
    assert "이상 1건" in said(auditor, "/audit/")


def test_an_administrator_is_told_of_an_address_that_stopped(read_ledger: Ledger, actor: ActorOf) -> None:
    one = Hook.objects.create(organisation=CITY, name="전자결재", address="https://example.org/in", state="disabled")
    assert "전자결재" in said(actor("administrator", CITY), f"/webhooks/{one.pk}/")
    assert not pages(actor("administrator", OTHER_CITY)) & {f"/webhooks/{one.pk}/"}
