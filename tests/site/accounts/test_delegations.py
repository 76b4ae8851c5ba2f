"""A delegate has the role between the days and not a day more, and never more than the absent person has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import builders
from chorok.core.errors import BadInputError
from chorok.ledger.store import Ledger
from chorok.site.accounts import services
from chorok.site.accounts.models import Delegation, Membership, User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.services import record
from chorok.site.config import ledger as site_ledgers
from site_world import TODAY

pytestmark = pytest.mark.django_db

Person = Callable[..., User]
DAY = timedelta(days=1)


def acting(user: User, on: date = TODAY) -> Actor:
    return actor_of(user.pk, on, site_ledgers.tree())


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    begins=st.integers(-4, 4), lasts=st.integers(1, 6), role_begins=st.integers(-4, 4), role_lasts=st.integers(0, 6),
    revoked=st.booleans(), active=st.booleans(), on=st.integers(-6, 12),
)  # fmt: skip
def test_a_delegate_may_exactly_while_delegation_and_role_both_hold(
    read_ledger: Ledger, person: Person, begins: int, lasts: int, role_begins: int, role_lasts: int, revoked: bool,
    active: bool, on: int,
) -> None:  # fmt: skip
    with transaction.atomic():
        absent, delegate = person("officer", builders.CITY), person("purchaser", builders.WEST)
        absent.is_active = active
        absent.save()
        role = absent.memberships.get()
        role.valid_from = TODAY + role_begins * DAY
        role.valid_until = role.valid_from + role_lasts * DAY if role_lasts else None
        role.save()
        Delegation.objects.create(
            membership=role, delegate=delegate, valid_from=TODAY + begins * DAY,
            valid_until=TODAY + (begins + lasts) * DAY, revoked_at=timezone.now() if revoked else None,
        )  # fmt: skip
        holds = (
            begins <= on < begins + lasts and role_begins <= on and (not role_lasts or on < role_begins + role_lasts)
        )
        actor = acting(delegate, TODAY + on * DAY)
        assert actor.may("purchases.import", builders.EAST) == (holds and active and not revoked)
        assert not actor.may("purchases.import", builders.OTHER_CITY)
        assert not actor.may("accounts.manage")
        transaction.set_rollback(True)


def give(giver: User, delegate: User, **wish: date) -> Delegation:
    days = {"valid_from": TODAY, "valid_until": TODAY + 5 * DAY, **wish}
    return services.give_delegation(acting(giver), membership=giver.memberships.get(), delegate=delegate.email, **days)


def test_what_a_delegate_does_names_both(read_ledger: Ledger, person: Person) -> None:
    absent, delegate = person("officer", builders.CITY), person("purchaser", builders.WEST)
    give(absent, delegate)
    with transaction.atomic():
        event = record(acting(delegate), "purchases.imported", organisation=builders.CITY)
    assert (event.actor_id, event.on_behalf) == (delegate.pk, absent.pk)


def test_people_of_another_city_strangers_and_oneself_cannot_stand_in_and_answers_are_alike(
    read_ledger: Ledger, person: Person
) -> None:
    absent = person("officer", builders.CITY)
    elsewhere = person("officer", builders.OTHER_CITY)
    ended = person("officer", builders.CITY)
    Membership.objects.filter(user=ended).update(valid_until=TODAY)
    out = person("officer", builders.CITY)
    User.objects.filter(pk=out.pk).update(is_active=False)
    nobody = User(email="nobody@example.org")
    for one in (elsewhere, ended, out, nobody, absent):
        with pytest.raises(BadInputError) as told:
            give(absent, one)
        assert (told.value.code, told.value.params) == ("no_such_colleague", {"email": one.email})


def test_only_own_roles_that_may_be_lent_and_days_that_fit(read_ledger: Ledger, person: Person) -> None:
    colleague = person("purchaser", builders.WEST)
    with pytest.raises(Http404):
        give(person("administrator", builders.CITY), colleague)
    mine, other = person("officer", builders.CITY), person("leader", builders.CITY)
    with pytest.raises(Http404):
        services.give_delegation(
            acting(mine), membership=other.memberships.get(), delegate=colleague.email, valid_from=TODAY,
            valid_until=TODAY + DAY,
        )  # fmt: skip
    for days in ({"valid_until": TODAY}, {"valid_from": TODAY - 3 * DAY, "valid_until": TODAY - DAY}):
        with pytest.raises(BadInputError) as told:
            give(mine, colleague, **days)
        assert told.value.code == "delegation_dates"
    give(mine, colleague)
    with pytest.raises(BadInputError) as told:
        give(mine, colleague, valid_from=TODAY + DAY)
    assert told.value.code == "delegated_already"


def test_a_delegate_cannot_lend_it_on(read_ledger: Ledger, person: Person) -> None:
    absent, delegate, third = (person("officer", builders.CITY) for _ in range(3))
    given = give(absent, delegate)
    with pytest.raises(Http404):
        services.give_delegation(
            acting(delegate), membership=given.membership, delegate=third.email, valid_from=TODAY,
            valid_until=TODAY + DAY,
        )  # fmt: skip


def test_the_pages_give_show_and_take_back(read_ledger: Ledger, person: Person, client: Client) -> None:
    absent, delegate = (
        person("officer", builders.CITY, name="부재자"),
        person("purchaser", builders.WEST, name="대행자"),
    )
    stranger = person("officer", builders.CITY)
    path = reverse("accounts:delegations")
    client.force_login(absent)
    wish = {"membership": absent.memberships.get().pk, "delegate": delegate.email, "valid_from": "2020-11-02",
            "valid_until": "2020-11-09"}  # fmt: skip
    assert client.post(path, {**wish, "delegate": "none@example.org"}).status_code == 422
    assert client.post(path, wish).status_code == 302
    assert "대행자" in client.get(path).content.decode()
    back = reverse("accounts:revoke_delegation", args=[Delegation.objects.get().pk])
    client.force_login(stranger)
    assert client.post(back).status_code == 404
    client.force_login(delegate)
    assert (
        "부재자 님 대행" in client.get(reverse("accounts:rights"), headers={"accept-language": "ko"}).content.decode()
    )
    assert client.post(back).status_code == 302
    assert not acting(delegate).may("purchases.import")
