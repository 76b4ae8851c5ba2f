"""The pages of who administers: the secret is shown once, acts ask first, other cities are not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

import builders
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.screening.models import Request
from chorok.site.webhooks import events, services
from chorok.site.webhooks.models import Delivery, Hook
from chorok.site.webhooks.sending import send_due
from site_world import PASSWORD

pytestmark = pytest.mark.django_db
FORM = {
    "name": "전자결재", "address": "https://approval.example.org/in", "organisation": builders.CITY,
    "events": list(events.EVENTS),
}  # fmt: skip


@pytest.fixture
def admin(market: Any, person: Callable[..., User]) -> Client:
    """A browser in which somebody who administers the first city gave their password just now."""
    user, client = person("administrator", builders.CITY), Client(headers={"accept-language": "en"})
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def test_nothing_yet_says_what_to_do(admin: Client) -> None:
    page = admin.get("/webhooks/").content.decode()
    assert "No system hears" in page
    assert "/webhooks/add/" in page


def test_an_address_is_added_and_its_secret_shown_once(admin: Client) -> None:
    answer = admin.post("/webhooks/add/", FORM)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    secret = re.search(r"whsec_[\w-]+", answer.content.decode())
    assert secret
    made = Hook.objects.get()
    assert (made.organisation, made.address, made.state) == (builders.CITY, FORM["address"], "active")
    for path in ("/webhooks/", f"/webhooks/{made.pk}/", f"/webhooks/{made.pk}/secret/"):
        page = admin.get(path).content.decode()
        assert secret[0] not in page
        assert "approval.example.org" in page or "secret" in path
    event = Event.objects.get(action="webhooks.added")
    assert secret[0] not in str(event.facts)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"address": "http://approval.example.org/"}, "https"),
        ({"address": "https://10.0.0.1/"}, "inside the house"),
        ({"address": "nonsense"}, ""),
        ({"events": []}, ""),
        ({"organisation": builders.OTHER_CITY}, ""),
        ({"organisation": "T-NET"}, ""),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_typed_is_lost(
    admin: Client, change: dict[str, Any], said: str
) -> None:
    answer = admin.post("/webhooks/add/", {**FORM, **change})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "전자결재" in page
    assert not Hook.objects.exists()


def test_to_add_an_address_the_password_is_asked_for_again(signed_in: Callable[..., Client], market: Any) -> None:
    client = signed_in("administrator", builders.CITY)
    answer = client.post("/webhooks/add/", FORM)
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not Hook.objects.exists()


def test_acts_of_the_page(admin: Client, hook: tuple[Hook, str], receiver: Any, bought: Callable[..., Request]) -> None:
    place = f"/webhooks/{hook[0].pk}/"
    assert admin.post(f"{place}pause/").status_code == 302
    assert admin.post(f"{place}pause/", follow=True).status_code == 200
    bought()
    assert send_due() == 0
    assert "Resume" in admin.get(place).content.decode()
    admin.post(f"{place}resume/")
    assert send_due() == 2
    admin.post(f"{place}test/")
    send_due()
    page = admin.get(place).content.decode()
    assert page.count("Arrived") >= 3
    assert "204" in page
    sent = Delivery.objects.get(event="screening.passed")
    admin.post(f"/webhooks/deliveries/{sent.key}/again/")
    send_due()
    assert [one.headers["Chorok-Delivery"] for one in receiver.taken].count(str(sent.key)) == 2
    asked = admin.get(f"{place}secret/").content.decode()
    assert "24 hours" in asked
    assert "whsec_" not in asked
    assert "whsec_" in admin.post(f"{place}secret/").content.decode()
    assert "Delete" in admin.get(f"{place}delete/").content.decode()
    assert Hook.objects.exists()
    admin.post(f"{place}delete/")
    assert not Hook.objects.exists()
    actions = ["added", "paused", "resumed", "tested", "sent_again", "rotated", "deleted"]
    kept = Event.objects.filter(action__startswith="webhooks.").order_by("seq").values_list("action", flat=True)
    assert list(kept) == [f"webhooks.{one}" for one in actions]


def test_who_administers_another_city_does_not_find_it(
    hook: tuple[Hook, str], signed_in: Callable[..., Client], bought: Callable[..., Request], actor: Any
) -> None:
    bought()
    stranger, key = signed_in("administrator", builders.OTHER_CITY), Delivery.objects.first()
    assert key
    place = f"/webhooks/{hook[0].pk}/"
    assert hook[0].address not in stranger.get("/webhooks/").content.decode()
    for path in (place, f"{place}delete/"):
        assert stranger.get(path).status_code == 404
    for path in (f"{place}pause/", f"{place}resume/", f"{place}test/", f"{place}delete/",
                 f"/webhooks/deliveries/{key.key}/again/"):  # fmt: skip
        assert stranger.post(path).status_code == 404
    other = actor("administrator", builders.OTHER_CITY)
    with pytest.raises(Http404):
        services.rotate(other, pk=hook[0].pk)


def test_a_network_administers_no_addresses_of_its_cities(actor: Callable[..., Actor], market: Any) -> None:
    assert not actor("administrator", "T-NET").reach("webhooks.manage")


def test_the_page_asks_little_however_many_messages_there_are(
    admin: Client, hook: tuple[Hook, str], bought: Callable[..., Request], django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        bought()
    with django_assert_max_num_queries(14):
        assert admin.get(f"/webhooks/{hook[0].pk}/").status_code == 200
