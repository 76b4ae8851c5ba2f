"""The pages of the audit: who sees which events, searching, downloads, verifying."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from builders import CITY, OTHER_CITY, WEST
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import actor_of
from chorok.site.audit import heads, selectors
from chorok.site.audit.models import Event
from chorok.site.audit.services import attach, record
from chorok.site.config import ledger as site_ledgers
from jobs_done import finish_jobs

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def events(site_ledger: Ledger) -> dict[str, Event]:
    attach()
    return {
        "own": record(None, "purchases.imported", subject=("batch", "b-own"), organisation=CITY),
        "below": record(None, "reviews.decided", subject=("key", "k-below"), organisation=WEST),
        "other": record(None, "purchases.imported", subject=("batch", "b-other"), organisation=OTHER_CITY),
        "nowhere": record(None, "system.woke", subject=("thing", "t-nowhere")),
    }


def seqs(answer: Any) -> set[int]:
    return {row["event"].seq for row in answer.context["rows"]}


@pytest.mark.parametrize("role", ["officer", "leader", "purchaser", "coordinator"])
def test_only_auditors_and_administrators_see_it(events: dict[str, Event], signed_in: SignIn, role: str) -> None:
    client = signed_in(role, CITY)
    for path in ("/audit/", f"/audit/{events['own'].seq}/", "/audit/events.csv", "/audit/head.txt"):
        assert client.get(path).status_code == 403
    assert client.post("/audit/verify/").status_code == 403


def test_who_is_not_signed_in_is_asked_to(events: dict[str, Event], client: Client) -> None:
    assert "/account/login/" in client.get("/audit/")["Location"]


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_events_of_another_city_are_neither_listed_nor_there(
    events: dict[str, Event], signed_in: SignIn, role: str
) -> None:
    client = signed_in(role, CITY)
    assert {events["own"].seq, events["below"].seq} <= seqs(client.get("/audit/"))
    assert seqs(client.get("/audit/")).isdisjoint({events["other"].seq, events["nowhere"].seq})
    assert client.get(f"/audit/{events['own'].seq}/").status_code == 200
    for hidden in (events["other"].seq, events["nowhere"].seq, 9_999):
        assert client.get(f"/audit/{hidden}/").status_code == 404
    for form in ("csv", "json"):
        text = b"".join(client.get(f"/audit/events.{form}").streaming_content).decode()
        assert "b-own" in text
        assert "b-other" not in text
        assert "t-nowhere" not in text


def test_at_the_top_all_are_seen(events: dict[str, Event], person: Callable[..., User]) -> None:
    user = person("auditor", CITY)
    user.memberships.create(role="auditor", organisation=OTHER_CITY, valid_from="2000-01-01")
    tree = site_ledgers.tree()
    for code in tree.codes():
        if not tree.parents(code, site_ledgers.ledger().today) and code not in {CITY, OTHER_CITY}:
            user.memberships.create(role="auditor", organisation=code, valid_from="2000-01-01")
    actor = actor_of(user.pk, site_ledgers.ledger().today, tree)
    assert selectors.sees_all(actor)
    assert {one.seq for one in events.values()} <= set(selectors.visible(actor).values_list("seq", flat=True))


def test_an_administrators_reading_is_an_event_and_an_auditors_is_not(
    events: dict[str, Event], signed_in: SignIn
) -> None:
    signed_in("auditor", CITY).get("/audit/")
    assert not Event.objects.filter(action="audit.read").exists()
    signed_in("administrator", CITY).get("/audit/?action=purchases&who=Hong")
    read = Event.objects.get(action="audit.read")
    assert read.told == {"search": {"action": "purchases"}}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=purchases", {"own"}),
        ("action=purchases.imported", {"own"}),
        ("action=purch", set()),
        ("action=판정", {"below"}),
        (f"organisation={WEST}", {"below"}),
        ("subject=b-own", {"own"}),
        ("first=2000-01-01&last=2001-01-01", set()),
        ("first=2000-01-01", {"own", "below"}),
        ("before=1", set()),
    ],
)
def test_searching(events: dict[str, Event], signed_in: SignIn, query: str, found: set[str]) -> None:
    listed = seqs(signed_in("auditor", CITY).get(f"/audit/?{query}"))
    assert listed & {one.seq for one in events.values()} == {events[name].seq for name in found}


def test_a_person_is_found_by_name_and_shown_by_id_once_erased(
    events: dict[str, Event], signed_in: SignIn, person: Callable[..., User]
) -> None:
    worker = person("officer", CITY, name="가온누리")
    actor = actor_of(worker.pk, site_ledgers.ledger().today, site_ledgers.tree())
    event = record(actor, "purchases.imported", organisation=CITY)
    client = signed_in("auditor", CITY)
    answer = client.get("/audit/?who=온누")
    assert event.seq in seqs(answer)
    assert "가온누리" in answer.content.decode()
    worker.delete()
    answer = client.get("/audit/", headers={"accept-language": "en"})
    assert f"Person {actor.user_id} (erased)" in answer.content.decode()
    assert client.get(f"/audit/?who={actor.user_id}").context["rows"]


def test_a_slip_in_the_search_is_said_and_nothing_is_shown(events: dict[str, Event], signed_in: SignIn) -> None:
    answer = signed_in("auditor", CITY).get("/audit/?organisation=없는곳")
    assert answer.context["form"].errors
    assert not answer.context["rows"]


def test_pages_go_on_where_the_one_before_ended(
    events: dict[str, Event], signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(120):
        record(None, "room.did", subject=("n", number), organisation=CITY)
    client = signed_in("auditor", CITY)
    client.get("/audit/")
    seen: list[int] = []
    query = ""
    for _ in range(5):
        with django_assert_max_num_queries(14):
            answer = client.get(f"/audit/?{query}")
        seen += [row["event"].seq for row in answer.context["rows"]]
        query = answer.context["older"]
        if not query:
            break
    assert len(seen) == len(set(seen)) >= 122
    assert seen == sorted(seen, reverse=True)


def test_downloads_hold_what_is_needed_to_compute_the_hashes(events: dict[str, Event], signed_in: SignIn) -> None:
    client = signed_in("auditor", CITY)
    text = b"".join(client.get("/audit/events.csv?subject=b-own").streaming_content).decode("utf-8-sig")
    (row,) = list(csv.DictReader(io.StringIO(text)))
    (same,) = json.loads(b"".join(client.get("/audit/events.json?subject=b-own").streaming_content))
    assert row["hash"] == same["hash"] == events["own"].hash
    assert same["facts"] == {}
    assert Event.objects.filter(action="audit.exported").count() == 2
    assert client.get("/audit/events.exe").status_code == 404
    assert json.loads(b"".join(client.get("/audit/events.json?subject=none").streaming_content)) == []


def test_the_head_is_sent_as_a_file_that_is_read_again(events: dict[str, Event], signed_in: SignIn) -> None:
    now = heads.current()
    answer = signed_in("auditor", CITY).get("/audit/head.txt")
    assert "attachment" in answer["Content-Disposition"]
    kept = heads.read(answer.content.decode(), "head.txt")
    assert kept.seq >= now.seq
    assert Event.objects.get(seq=kept.seq).hash == kept.hash


@pytest.mark.parametrize("language", ["ko", "en"])
def test_verifying_from_the_page(events: dict[str, Event], signed_in: SignIn, language: str) -> None:
    client = signed_in("auditor", CITY)
    answer = client.post("/audit/verify/", headers={"accept-language": language})
    (job,) = finish_jobs()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    said = client.get(f"/audit/verified/{job.pk}/", headers={"accept-language": language})
    assert said.context["problems"] == []
    assert f"/audit/verified/{job.pk}/" in client.get(f"/jobs/{job.pk}/").content.decode()
    assert signed_in("auditor", OTHER_CITY).get(f"/audit/verified/{job.pk}/").status_code == 404
