"""Messages arrive, signed, in their order, at least once; and go nowhere that they should not."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

import builders
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.audit.services import verify
from chorok.site.notices.models import Notice
from chorok.site.screening import services as asking
from chorok.site.screening import signing
from chorok.site.screening.cases import AFTER_STEP
from chorok.site.screening.models import Request
from chorok.site.webhooks import events, outbox, reaching, sending, services
from chorok.site.webhooks.models import Delivery, Hook
from chorok.site.webhooks.sending import WAITS, send_due

pytestmark = pytest.mark.django_db
Bought = Callable[..., Request]
SAID = {"description": "배수관", "class_code": "90000002", "quantity": 3, "unit": "개", "amount": 30_000,
        "statement": "이 규격의 인증 제품이 없음"}  # fmt: skip
OFFICE: Any = "environment_team_leader"


def later(minutes: float = 0) -> None:
    """Let so much time pass for what waits."""
    for one in Delivery.objects.filter(state="waiting"):
        one.next_at -= timedelta(minutes=minutes)
        if one.claimed_until:
            one.claimed_until -= timedelta(minutes=minutes)
        one.save()


def test_a_message_arrives_and_its_signature_holds(hook: tuple[Hook, str], receiver: Any, bought: Bought) -> None:
    request = bought()
    assert receiver.taken == []
    assert send_due() == 2
    assert receiver.events() == ["screening.submitted", "screening.passed"]
    first = receiver.taken[0]
    assert first.path == "/taken?by=them"
    # what a receiver does, written by itself
    parts = dict(part.split("=", 1) for part in first.headers["Chorok-Signature"].split(","))
    wanted = hmac.new(hook[1].encode(), parts["t"].encode() + b"." + first.body, hashlib.sha256).hexdigest()
    assert parts["v1"] == wanted
    assert abs(time.time() - int(parts["t"])) < 60
    said = json.loads(receiver.taken[1].body)
    assert said["event"] == "screening.passed"
    assert said["delivery"] == receiver.taken[1].headers["Chorok-Delivery"]
    assert (said["organisation"], said["screening"]["id"]) == (builders.WEST, request.pk)
    assert said["screening"]["outcomes"] == {"pass_green": 1}
    assert (said["step"]["before"], said["step"]["after"]) == ("draft", "passed")
    assert said["screening"]["href"] == f"/api/v1/screenings/{request.pk}"
    assert Delivery.objects.filter(state="sent", status=204, attempts=1).count() == 2
    assert send_due() == 0


def test_the_receiver_of_the_documentation_knows_our_messages_and_no_others(
    hook: tuple[Hook, str], receiver: Any, bought: Bought
) -> None:
    text = (Path(__file__).parents[3] / "docs" / "site" / "webhooks.md").read_text(encoding="utf-8")
    told: dict[str, Any] = {}
    exec(text.split("```python\n")[1].split("```")[0], told)
    bought()
    sending.send_due()
    header, body = receiver.taken[0].headers["Chorok-Signature"], receiver.taken[0].body
    now = int(timezone.now().timestamp())
    assert told["is_ours"](hook[1], header, body, now)
    assert not told["is_ours"](hook[1], header, body + b" ", now)
    assert not told["is_ours"](hook[1], header, body, now + 600)
    assert not told["is_ours"]("whsec_other", header, body, now)


def test_no_name_of_a_person_and_nothing_that_people_wrote_leaves(
    hook: tuple[Hook, str], receiver: Any, bought: Bought
) -> None:
    bought(SAID)
    send_due()
    assert all("김구매" not in one.body.decode() and "인증 제품이" not in one.body.decode() for one in receiver.taken)


def test_each_step_is_told_once(hook: tuple[Hook, str], receiver: Any, bought: Bought, leader: Actor) -> None:
    request = bought(SAID)
    signing.send_back(leader, pk=request.pk, version=1, reason="규격을 적을 것", office=OFFICE)
    send_due()
    assert receiver.events() == ["screening.submitted", "screening.awaiting", "screening.returned"]
    second = bought(SAID)
    done = signing.close(leader, pk=second.pk, version=1, how="cosigned", numbers=[1], office=OFFICE)
    signing.finish(leader, done)
    send_due()
    assert receiver.events()[3:] == [
        "screening.submitted", "screening.awaiting", "screening.approved", "screening.closed",
    ]  # fmt: skip
    assert len({one.headers["Chorok-Delivery"] for one in receiver.taken}) == len(receiver.taken)


def test_drafts_and_their_changes_are_nobodys_business(hook: tuple[Hook, str], purchaser: Actor) -> None:
    from chorok.site.screening.writing import Header, Wanted

    made = asking.draft(purchaser, organisation=builders.WEST, header=Header("의자"), lines=[Wanted(dict(SAID))])
    asking.edit(purchaser, pk=made.pk, version=1, header=Header("의자 둘"), lines=[Wanted(dict(SAID))])
    assert not Delivery.objects.exists()
    asking.withdraw(purchaser, pk=made.pk, version=2)
    assert Delivery.objects.get().event == "screening.withdrawn"


def test_only_chosen_events_and_only_of_organisations_below(
    leader: Actor, administrator: Actor, receiver: Any, bought: Bought
) -> None:
    def add(place: str, *wanted: str) -> Hook:
        return services.add(administrator, organisation=place, name="x", address=receiver.address, events=wanted)[0]

    heard, elsewhere = add(builders.CITY, "screening.passed"), add(builders.EAST, *events.EVENTS)
    bought()
    assert [one.event for one in Delivery.objects.filter(hook=heard)] == ["screening.passed"]
    assert not Delivery.objects.filter(hook=elsewhere).exists()


def test_a_network_hears_nothing_of_its_cities(leader: Actor, receiver: Any, bought: Bought, person: Any) -> None:
    Hook.objects.create(organisation="T-NET", name="x", address=receiver.address, events=events.EVENTS, salt="s")
    bought()
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_sent(hook: tuple[Hook, str], receiver: Any, bought: Bought) -> None:
    def fail() -> None:
        with transaction.atomic():
            bought()
            raise RuntimeError(Delivery.objects.count())

    with pytest.raises(RuntimeError, match="2"):
        fail()
    assert not Delivery.objects.exists()
    assert send_due() == 0
    assert receiver.taken == []


def test_after_a_failure_it_is_tried_again_with_the_same_id_after_growing_waits(
    hook: tuple[Hook, str], receiver: Any, bought: Bought
) -> None:
    Hook.objects.update(events=["screening.passed"])
    receiver.statuses = [500, 503]
    bought()
    assert send_due() == 1
    one = Delivery.objects.get()
    assert (one.state, one.attempts, one.status, one.error) == ("waiting", 1, 500, "answered")
    assert timedelta(seconds=50) < one.next_at - timezone.now() <= WAITS[0]
    assert send_due() == 0
    later(1)
    assert send_due() == 1
    one.refresh_from_db()
    assert timedelta(minutes=4) < one.next_at - timezone.now() <= WAITS[1]
    later(5)
    assert send_due() == 1
    one.refresh_from_db()
    assert (one.state, one.attempts, one.status, one.error) == ("sent", 3, 204, "")
    assert {item.headers["Chorok-Delivery"] for item in receiver.taken} == {str(one.key)}
    assert len({item.body for item in receiver.taken}) == 1


def test_a_connection_that_nobody_takes_is_tried_again(hook: tuple[Hook, str], receiver: Any, bought: Bought) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    Hook.objects.update(events=["screening.passed"], address=f"http://127.0.0.1:{free}/")
    bought()
    send_due()
    assert Delivery.objects.values_list("state", "error", "status").get() == ("waiting", "refused", None)
    Hook.objects.update(address=receiver.address)
    later(1)
    send_due()
    assert receiver.events() == ["screening.passed"]


def test_what_never_arrives_is_given_up_and_the_address_stopped_after_a_few(
    hook: tuple[Hook, str], receiver: Any, bought: Bought, administrator: Actor
) -> None:
    Hook.objects.update(events=["screening.passed"])
    for _ in range(sending.LOST):
        bought()
    receiver.statuses = [500] * 1_000
    for wait in (*WAITS, timedelta()):
        send_due()
        later(wait.total_seconds() / 60)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("given_up", len(WAITS) + 1)}
    found = Hook.objects.get()
    assert (found.state, found.lost) == ("disabled", sending.LOST)
    note = Notice.objects.get(code="site.webhooks.notice.disabled")
    assert (note.user_id, note.organisation, note.url) == (
        administrator.user_id, builders.CITY, f"/webhooks/{found.pk}/",
    )  # fmt: skip
    assert Event.objects.filter(action="webhooks.disabled", actor_id=None).count() == 1
    receiver.statuses = []
    bought()
    assert send_due() == 0, "nothing is sent while it is stopped"
    services.resume(administrator, pk=found.pk)
    assert send_due() == 1, "what was kept meanwhile is"
    assert verify() == []


def test_a_message_that_arrives_forgives_those_that_did_not(
    hook: tuple[Hook, str], receiver: Any, bought: Bought
) -> None:
    Hook.objects.update(lost=4)
    bought()
    send_due()
    assert Hook.objects.get().lost == 0


def test_messages_about_one_request_keep_their_order_and_others_do_not_wait(
    hook: tuple[Hook, str], receiver: Any, bought: Bought, leader: Actor
) -> None:
    first = bought(SAID)
    receiver.statuses = [500]
    assert send_due() == 1, "the second message about the request waits for the first"
    signing.close(leader, pk=first.pk, version=1, how="cosigned", numbers=[1], office=OFFICE)
    other = bought()
    assert send_due() == 2
    later(1)
    send_due()
    told = [json.loads(one.body) for one in receiver.taken[1:]]
    assert [one["event"] for one in told if one["screening"]["id"] == first.pk] == [
        "screening.submitted", "screening.awaiting", "screening.approved",
    ]  # fmt: skip
    assert [one["screening"]["id"] for one in told[:2]] == [other.pk] * 2


def test_several_are_sent_at_once_and_a_slow_system_does_not_hold_up_another(
    leader: Actor, administrator: Actor, receiver: Any, bought: Bought
) -> None:
    for name in ("slow", "quick"):
        address = receiver.address.replace("taken", name)
        services.add(administrator, organisation=builders.CITY, name=name, address=address,
                     events=["screening.passed"])  # fmt: skip
    gate, quick = threading.Event(), threading.Semaphore(0)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.startswith("/slow"):
            gate.wait(10)
        else:
            quick.release()
        handler.send_response(204)
        handler.end_headers()

    receiver.answers = answer
    for _ in range(4):
        bought()

    def open_when_quick_is_done() -> None:
        for _ in range(4):
            assert quick.acquire(timeout=8)
        gate.set()

    watching = threading.Thread(target=open_when_quick_is_done)
    watching.start()
    assert send_due() == 8
    watching.join()
    assert gate.is_set()
    assert Delivery.objects.filter(state="sent").count() == 8


def test_after_a_new_secret_both_hold_for_a_day(
    hook: tuple[Hook, str], receiver: Any, bought: Bought, administrator: Actor
) -> None:
    old = hook[1]
    _, new = services.rotate(administrator, pk=hook[0].pk)

    def signed_by(secret: str) -> bool:
        last = receiver.taken[-1]
        at, *signatures = (part.split("=", 1)[1] for part in last.headers["Chorok-Signature"].split(","))
        return hmac.new(secret.encode(), at.encode() + b"." + last.body, hashlib.sha256).hexdigest() in signatures

    bought()
    send_due()
    assert signed_by(old)
    assert signed_by(new)
    Hook.objects.update(old_until=timezone.now() - timedelta(seconds=1))
    bought()
    send_due()
    assert signed_by(new)
    assert not signed_by(old)


def test_the_secret_does_not_stand_in_the_database(hook: tuple[Hook, str]) -> None:
    kept = Hook.objects.filter(pk=hook[0].pk).values().get()
    assert hook[1].removeprefix("whsec_") not in str(kept)


def test_what_a_worker_that_died_had_begun_is_sent_by_the_next_with_the_same_id(
    hook: tuple[Hook, str], receiver: Any, bought: Bought, monkeypatch: pytest.MonkeyPatch
) -> None:
    Hook.objects.update(events=["screening.passed"])
    bought()

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_keep", die)
        with pytest.raises(KeyboardInterrupt):
            send_due()
    assert len(receiver.taken) == 1
    assert send_due() == 0, "it may still be at it"
    later(3)
    assert send_due() == 1
    assert len({one.headers["Chorok-Delivery"] for one in receiver.taken}) == 1
    assert Delivery.objects.get().state == "sent"


def test_an_answer_that_comes_after_another_worker_took_over_is_not_kept(
    hook: tuple[Hook, str], receiver: Any, bought: Bought
) -> None:
    Hook.objects.update(events=["screening.passed"])
    bought()
    (one,) = sending._claimed(8, ())
    Delivery.objects.update(claimed_until=timezone.now() + timedelta(minutes=9))
    sending._keep(one, reaching.Outcome(500, "answered", 3))
    assert Delivery.objects.values_list("attempts", "state").get() == (0, "waiting")


def test_an_address_that_is_deleted_meanwhile_is_no_failure(
    hook: tuple[Hook, str], bought: Bought, administrator: Actor
) -> None:
    Hook.objects.update(events=["screening.passed"])
    bought()
    (one,) = sending._claimed(8, ())
    services.delete(administrator, pk=hook[0].pk)
    sending._keep(one, reaching.Outcome(204, "", 3))
    assert not Delivery.objects.exists()


def test_a_test_is_sent_once_and_does_not_count(hook: tuple[Hook, str], receiver: Any, administrator: Actor) -> None:
    receiver.statuses = [500]
    services.send_trial(administrator, pk=hook[0].pk)
    assert send_due() == 1
    assert receiver.events() == ["webhook.test"]
    assert Delivery.objects.values_list("state", "status").get() == ("given_up", 500)
    assert Hook.objects.get().lost == 0


def test_old_messages_are_forgotten_but_none_that_waits(hook: tuple[Hook, str], bought: Bought) -> None:
    bought()
    first, second = Delivery.objects.all()
    past = timezone.now() - sending.KEPT - timedelta(days=1)
    Delivery.objects.filter(pk=first.pk).update(state="sent", done_at=past)
    Delivery.objects.filter(pk=second.pk).update(next_at=past)
    assert sending.forget() == 1
    assert Delivery.objects.get() == second


def test_the_app_hears_of_steps_once() -> None:
    assert AFTER_STEP.count(outbox.note) == 1
