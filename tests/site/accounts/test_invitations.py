"""An invitation works once, for a week, for one address; nothing about other accounts leaks through it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import builders
from chorok.core.errors import BadInputError, UsageError
from chorok.ledger.store import Ledger
from chorok.site.accounts import services
from chorok.site.accounts.models import Invitation, Membership, User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.config import ledger as site_ledgers
from site_world import PASSWORD, TODAY

pytestmark = pytest.mark.django_db

Act = Callable[..., Actor]
Person = Callable[..., User]
Fresh = Callable[..., tuple[Client, User]]
NEW = "a quiet green river"


def offered(actor: Act, email: str = "new@example.org") -> tuple[Actor, Invitation, str]:
    admin = actor("administrator", builders.CITY)
    return admin, *services.invite(admin, email=email, role="officer", organisation=builders.WEST)


def path_of(raw: str) -> str:
    return reverse("accounts:accept", args=[raw])


def test_who_is_invited_comes_in_with_name_password_and_the_role(
    read_ledger: Ledger, actor: Act, client: Client
) -> None:
    _, offer, raw = offered(actor, "New@Example.org")
    assert raw not in (offer.token_hash, str(offer.__dict__))
    page = client.get(path_of(raw)).content.decode()
    assert "new@example.org" in page
    answer = client.post(path_of(raw), {"name": "새사람", "new_password": NEW, "repeated": NEW})
    assert answer["Location"] == "/"
    user = User.objects.get(email="new@example.org")
    assert actor_of(user.pk, TODAY, site_ledgers.tree()).may("purchases.import", builders.WEST)
    assert client.get(reverse("accounts:tokens")).status_code == 200  # signed in, with a password given just now


def test_it_works_once_and_not_after_a_week_nor_when_taken_back_nor_with_an_old_link(
    read_ledger: Ledger, actor: Act, client: Client
) -> None:
    admin, offer, raw = offered(actor)
    newer = services.resend(admin, invitation=offer)
    assert client.get(path_of(raw)).status_code == 404
    services.accept(raw=newer, name="하나", password=NEW)
    with pytest.raises(BadInputError):
        services.accept(raw=newer, name="둘", password=NEW)
    second, late = services.invite(admin, email="late@example.org", role="officer", organisation=builders.WEST)
    Invitation.objects.filter(pk=second.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    third, gone = services.invite(admin, email="gone@example.org", role="officer", organisation=builders.WEST)
    services.revoke(admin, invitation=third)
    for token in (late, gone, "invented"):
        assert client.get(path_of(token)).status_code == 404
        with pytest.raises(BadInputError) as told:
            services.accept(raw=token, name="x", password=NEW)
        assert told.value.code == "invitation_gone"
    assert User.objects.filter(email__in=["late@example.org", "gone@example.org"]).count() == 0
    assert offer.expires_at - timezone.now() < timedelta(days=7, seconds=1)


@pytest.mark.parametrize(
    ("name", "password", "again"),
    [("이름", "short1", "short1"), ("이름", "1234567890123", "1234567890123"), ("이름", "password123", "password123"),
     ("이름", NEW, NEW + "!"), ("", NEW, NEW), ("newcomer@example", "newcomer@example", "newcomer@example")],
)  # fmt: skip
def test_weak_or_differing_passwords_do_not_come_in(
    read_ledger: Ledger, actor: Act, client: Client, name: str, password: str, again: str
) -> None:
    _, _, raw = offered(actor, "newcomer@example.org")
    answer = client.post(path_of(raw), {"name": name, "new_password": password, "repeated": again})
    assert answer.status_code == 200
    assert "form-hint-invalid" in answer.content.decode()
    assert not User.objects.filter(email="newcomer@example.org").exists()


def test_a_known_address_takes_the_role_by_signing_in_and_the_inviter_does_not_learn_of_it(
    read_ledger: Ledger, actor: Act, person: Person, client: Client
) -> None:
    known = person("officer", builders.OTHER_CITY, email="known@example.org")
    _, offer, raw = offered(actor, "known@example.org")
    assert offer.pk
    answer = client.get(path_of(raw))
    assert answer["Location"].startswith("/account/login/")
    answer = client.post(path_of(raw), {"name": "x", "new_password": NEW, "repeated": NEW})
    assert answer["Location"].startswith("/account/login/")  # the link alone does not get into an account
    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    client.force_login(known)
    assert client.get(path_of(raw)).status_code == 200
    client.post(path_of(raw))
    assert Membership.objects.filter(user=known, organisation=builders.WEST).count() == 1


def test_another_account_cannot_take_it(read_ledger: Ledger, actor: Act, person: Person, client: Client) -> None:
    person("officer", builders.OTHER_CITY, email="known@example.org")
    _, _, raw = offered(actor, "known@example.org")
    stranger = person("officer", builders.CITY)
    client.force_login(stranger)
    client.post(path_of(raw))
    with pytest.raises(BadInputError) as told:
        services.accept(raw=raw, user=stranger)
    assert told.value.code == "invitation_not_yours"
    assert stranger.memberships.count() == 1


def test_an_administrator_invites_within_reach_only_and_the_same_not_twice(
    read_ledger: Ledger, actor: Act, person: Person
) -> None:
    admin, offer, _ = offered(actor)
    with pytest.raises(Http404):
        services.invite(admin, email="b@example.org", role="officer", organisation=builders.OTHER_CITY)
    with pytest.raises(BadInputError) as told:
        services.invite(admin, email=offer.email, role="officer", organisation=builders.WEST)
    assert told.value.code == "invited_already"
    stranger = actor("administrator", builders.OTHER_CITY)
    for act in (services.resend, services.revoke):
        with pytest.raises(Http404):
            act(stranger, invitation=offer)
    Invitation.objects.filter(pk=offer.pk).update(expires_at=timezone.now() - timedelta(days=1))
    services.invite(admin, email=offer.email, role="officer", organisation=builders.WEST)  # the first had run out


def test_the_link_goes_by_mail_and_is_kept_as_a_hash_only(read_ledger: Ledger, fresh: Fresh) -> None:
    client, _ = fresh("administrator", builders.CITY)
    wish = {"email": "new@example.org", "role": "officer", "organisation": builders.WEST}
    answer = client.post(reverse("accounts:invitations"), wish)
    assert answer["Location"] == reverse("accounts:invitations")
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    found = re.search(r"/people/invited/([\w-]+)/", str(sent.body))
    assert found is not None
    assert services.invited(found[1]) is not None
    page = client.get(reverse("accounts:invitations")).content.decode()
    assert found[1] in page  # no mail server is set up in tests: the link is shown, once
    assert found[1] not in client.get(reverse("accounts:invitations")).content.decode()


def test_a_mail_server_that_refuses_loses_nothing(
    read_ledger: Ledger, fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise SMTPException

    monkeypatch.setattr("chorok.site.accounts.views.invitations.send_mail", refuse)
    client, _ = fresh("administrator", builders.CITY)
    wish = {"email": "new@example.org", "role": "officer", "organisation": builders.WEST}
    page = client.post(reverse("accounts:invitations"), wish, follow=True).content.decode()
    assert "/people/invited/" in page
    assert Invitation.objects.count() == 1


def test_what_is_missing_is_said_at_the_field(read_ledger: Ledger, fresh: Fresh) -> None:
    client, _ = fresh("administrator", "T-NET")
    for wish in ({"role": "officer", "organisation": ""}, {"role": "supplier", "supplier_no": "1"}):
        answer = client.post(reverse("accounts:invitations"), {"email": "new@example.org", **wish})
        assert answer.status_code == 422
        assert not Invitation.objects.exists()


def test_the_first_administrator_comes_from_the_command_line(read_ledger: Ledger) -> None:
    first = services.first_administrator("first@example.org", "첫째", NEW)
    assert actor_of(first.pk, TODAY, site_ledgers.tree()).may("accounts.manage", builders.OTHER_CITY)
    assert first.check_password(NEW)
    with pytest.raises(BadInputError):
        services.first_administrator("FIRST@example.org", "첫째", NEW)
    assert User.objects.count() == 1


def test_the_first_administrator_of_several_tops_is_to_name_one(
    read_ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chorok.core.organisations import Tree

    monkeypatch.setattr(site_ledgers, "tree", lambda: Tree.of([]))
    with pytest.raises(UsageError) as told:
        services.first_administrator("first@example.org", "첫째")
    assert told.value.code == "top_not_clear"
    first = services.first_administrator("first@example.org", "첫째", organisation="NEW")
    assert not first.has_usable_password()
