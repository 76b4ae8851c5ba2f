"""The whole record of a request: what an auditor sees of it, and what it finds that was changed in the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

import builders
from chorok.site.accounts.models import Delegation, Membership, User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit import chain, seals
from chorok.site.audit.models import Event
from chorok.site.config import ledger as site
from chorok.site.screening import services, signing
from chorok.site.screening.models import Request, Step

from .test_services import LEADER, SAID, Adopt, Ask


@pytest.fixture
def signed(adopted: Adopt, asked: Ask, purchaser: Actor, person: Callable[..., User]) -> Request:
    """A request that somebody signed who stands in for the leader."""
    leader = adopted()
    one = services.submit(purchaser, pk=asked(SAID).pk, version=1)
    stand_in = person("head", builders.CITY)
    held = Membership.objects.get(user_id=leader.user_id)
    Delegation.objects.create(
        membership=held, delegate=stand_in, valid_from=leader.today, valid_until=leader.today + timedelta(days=3)
    )
    delegate = actor_of(stand_in.pk, leader.today, site.tree())
    return signing.close(delegate, pk=one.pk, version=1, how="cosigned", numbers=[1], reason="확인함", office=LEADER)


@pytest.fixture
def auditor(signed_in: Callable[..., Client]) -> Client:
    return signed_in("auditor", builders.CITY)


def page(client: Client, one: Request) -> str:
    return client.get(reverse("screening:record", args=[one.pk])).content.decode()


def test_an_auditor_sees_who_did_what_for_whom_and_that_the_audit_bears_it_out(
    signed: Request, auditor: Client, signed_in: Callable[..., Client]
) -> None:
    shown = page(auditor, signed)
    for part in ("감사기록과 일치합니다", "직무대리(", "확인함", signed.policy_version, signed.definition):
        assert part in shown
    assert shown.count("/audit/") >= 3 + 1  # an event each for draft, submit and co-sign, and verifying all
    assert reverse("screening:record", args=[signed.pk]) in text(auditor, signed)
    for role, place, status in (("leader", builders.CITY, 403), ("auditor", builders.OTHER_CITY, 404)):
        client = signed_in(role, place)
        for name in ("record", "record_file"):
            assert client.get(reverse(f"screening:{name}", args=[signed.pk])).status_code == status


def text(client: Client, one: Request) -> str:
    return client.get(reverse("screening:request", args=[one.pk])).content.decode()


def test_the_file_holds_events_whose_hashes_can_be_computed_again(signed: Request, auditor: Client) -> None:
    sent = auditor.get(reverse("screening:record_file", args=[signed.pk]))
    told: dict[str, Any] = json.loads(sent.content)
    assert [one["action"] for one in told["events"]][-2:] == ["screening.cosigned", "screening.exported"]
    for one in told["events"]:
        fields = {**one, "facts": chain.written(one["facts"])}
        assert chain.sealed(*(fields[name] for name in chain.FIELDS[:-1])) == one["hash"]
    assert told["request"]["state"] == "approved"
    assert told["policy"]["adoption"]["content"]
    assert told["whole"] is True


@pytest.mark.parametrize(
    "change",
    [
        lambda one: Step.objects.filter(request=one, verb="cosigned").update(by_id=one.requester_id),
        lambda one: Step.objects.filter(request=one, verb="cosigned").update(behalf=None, after="passed"),
        lambda one: Step.objects.filter(request=one, verb="cosigned").delete(),
        lambda one: Step.objects.create(
            request=one, verb="overridden", office=LEADER, at=one.decided_at, on=one.screened_on, version=1,
            before="rejected", after="overridden",
        ),
    ],
)  # fmt: skip
def test_a_history_that_was_changed_in_the_database_is_found(
    signed: Request, auditor: Client, change: Callable[[Request], object]
) -> None:
    change(signed)
    assert "감사기록과 맞지 않는 것이 있습니다" in page(auditor, signed)


@pytest.mark.parametrize("field", ["actor_id", "previous"])
def test_an_event_that_was_changed_in_the_database_is_found(signed: Request, auditor: Client, field: str) -> None:
    seals.lift(connection)
    Event.objects.filter(action="screening.cosigned").update(**{field: 1 if field == "actor_id" else "0" * 64})
    seals.put(connection)
    assert "기록된 뒤에 바뀌었습니다" in page(auditor, signed)
