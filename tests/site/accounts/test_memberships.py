"""Roles are given and ended by date, within an administrator's reach, and never one's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404

import builders
from chorok.core.errors import BadInputError, UsageError
from chorok.ledger.store import Ledger
from chorok.site.accounts import services
from chorok.site.accounts.models import Membership, User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.models import Event
from chorok.site.config import ledger as site_ledgers
from site_world import TODAY

pytestmark = pytest.mark.django_db

Act = Callable[..., Actor]
Person = Callable[..., User]
DAY = timedelta(days=1)


def again(actor: Actor) -> Actor:
    return actor_of(actor.user_id, actor.today, actor.tree)


def test_a_role_given_holds_from_its_day_until_its_end_and_leaves_one_event_without_names(
    read_ledger: Ledger, actor: Act, person: Person
) -> None:
    admin, user = actor("administrator", builders.CITY), person("purchaser", builders.WEST)
    before = Event.objects.count()
    services.grant(
        admin,
        user=user,
        role="officer",
        organisation=builders.CITY,
        valid_from=TODAY + DAY,
        valid_until=TODAY + 3 * DAY,
    )
    tree = admin.tree
    may = [actor_of(user.pk, TODAY + n * DAY, tree).may("purchases.import", builders.WEST) for n in range(4)]
    assert may == [False, True, True, False]
    event = Event.objects.order_by("seq").last()
    assert Event.objects.count() == before + 1
    assert event is not None
    assert (event.action, event.actor_id, event.organisation) == ("accounts.role_given", admin.user_id, builders.CITY)
    assert user.name not in event.facts
    assert user.email not in event.facts


@pytest.mark.parametrize("place", [builders.OTHER_CITY, builders.OTHER_WEST, "T-NET"])
def test_out_of_reach_is_like_not_there(read_ledger: Ledger, actor: Act, person: Person, place: str) -> None:
    admin, user = actor("administrator", builders.CITY), person("purchaser", builders.WEST)
    with pytest.raises(Http404):
        services.grant(admin, user=user, role="officer", organisation=place)
    theirs = Membership.objects.create(user=user, role="officer", organisation=place, valid_from=date(2019, 1, 1))
    with pytest.raises(Http404):
        services.end_membership(admin, membership=theirs)
    with pytest.raises(Http404):
        services.restore_membership(admin, membership=theirs)


@pytest.mark.parametrize("role", ["officer", "leader", "auditor", "coordinator"])
def test_only_administrators_give_roles(read_ledger: Ledger, actor: Act, person: Person, role: str) -> None:
    with pytest.raises(Http404):
        services.grant(
            actor(role, builders.CITY), user=person("purchaser", builders.WEST), role="officer",
            organisation=builders.CITY,
        )  # fmt: skip


def test_nobody_changes_their_own_roles(read_ledger: Ledger, actor: Act, person: Person) -> None:
    actor("administrator", builders.CITY)
    admin = actor("administrator", builders.CITY)
    me = User.objects.get(pk=admin.user_id)
    own = me.memberships.get()
    person("administrator", "T-NET")
    for act in (
        lambda: services.grant(admin, user=me, role="officer", organisation=builders.CITY),
        lambda: services.end_membership(admin, membership=own),
        lambda: services.restore_membership(admin, membership=own),
        lambda: services.deactivate(admin, user=me),
        lambda: services.erase(admin, user=me),
        lambda: services.invite(admin, email=me.email, role="officer", organisation=builders.CITY),
    ):
        with pytest.raises(UsageError) as told:
            act()
        assert told.value.code == "own_roles"


def test_an_ended_role_can_be_put_back_and_one_not_begun_goes(read_ledger: Ledger, actor: Act, person: Person) -> None:
    admin, user = actor("administrator", builders.CITY), person("officer", builders.CITY)
    role = user.memberships.get()
    services.end_membership(admin, membership=role)
    assert not actor_of(user.pk, TODAY, admin.tree).held
    services.restore_membership(admin, membership=role)
    assert actor_of(user.pk, TODAY, admin.tree).held
    later = services.grant(admin, user=user, role="head", organisation=builders.CITY, valid_from=TODAY + DAY)
    services.end_membership(admin, membership=later, on=TODAY)
    assert not Membership.objects.filter(role="head").exists()


def test_the_same_role_twice_in_the_same_days_and_swapped_days_are_refused(
    read_ledger: Ledger, actor: Act, person: Person
) -> None:
    admin, user = actor("administrator", builders.CITY), person("officer", builders.CITY)
    with pytest.raises(BadInputError) as told:
        services.grant(admin, user=user, role="officer", organisation=builders.CITY)
    assert told.value.code == "role_held_already"
    with pytest.raises(BadInputError) as told:
        services.grant(admin, user=user, role="head", organisation=builders.CITY, valid_from=TODAY, valid_until=TODAY)
    assert told.value.code == "dates_swapped_role"
    with pytest.raises(BadInputError) as told:
        services.grant(admin, user=user, role="head", organisation="NOWHERE")
    assert told.value.code == "place_unknown"


def test_suppliers_are_looked_after_at_the_top_only_and_by_a_real_business_number(
    read_ledger: Ledger, actor: Act, person: Person
) -> None:
    user = person("purchaser", builders.WEST)
    with pytest.raises(Http404):
        services.grant(actor("administrator", builders.CITY), user=user, role="supplier", supplier_no="124-81-00998")
    top = actor("administrator", "T-NET")
    with pytest.raises(BadInputError) as told:
        services.grant(top, user=user, role="supplier", supplier_no="124-81-0099")
    assert told.value.code == "business_number_bad"
    made = services.grant(top, user=user, role="supplier", supplier_no="124-81-00998")
    assert (made.organisation, made.supplier_no) == ("", "1248100998")


def test_the_last_administrator_stays(read_ledger: Ledger, actor: Act, person: Person) -> None:
    top, other = actor("administrator", "T-NET"), person("administrator", "T-NET")
    city = person("administrator", builders.CITY)
    services.end_membership(top, membership=city.memberships.get())  # the network's are left above it
    last = other.memberships.get()
    mine = Membership.objects.get(user_id=top.user_id)
    acting = actor_of(other.pk, TODAY, top.tree)
    services.end_membership(top, membership=last)
    third = services.grant(
        top, user=person("officer", builders.CITY), role="administrator", organisation="T-NET",
        valid_until=TODAY + DAY,
    )  # fmt: skip
    with pytest.raises(UsageError) as told:  # one with an end date is none to rely on
        services.end_membership(actor_of(third.user_id, TODAY, top.tree), membership=mine)
    assert told.value.code == "last_administrator"
    for act in (services.deactivate, services.erase):
        with pytest.raises(UsageError) as told:
            act(actor_of(third.user_id, TODAY, top.tree), user=User.objects.get(pk=top.user_id))
        assert told.value.code == "last_administrator"
    assert again(top).may("accounts.manage", builders.OTHER_CITY)
    assert not again(acting).held


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other_at_once(read_ledger: Ledger, person: Person) -> None:
    both = [person("administrator", "T-NET"), person("administrator", "T-NET")]
    tree, told = site_ledgers.tree(), []
    start = threading.Barrier(2)

    def end(me: User, other: User) -> None:
        try:
            start.wait()
            services.end_membership(actor_of(me.pk, TODAY, tree), membership=other.memberships.get())
        except (UsageError, Http404) as error:
            told.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=pair) for pair in (both, both[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert Membership.objects.filter(role="administrator", valid_until=None).count() == 1


def test_an_organisation_that_is_not_in_the_tree_yet_has_an_administrator_already(
    read_ledger: Ledger, person: Person
) -> None:
    admin = actor_of(person("administrator", "NEW").pk, TODAY, site_ledgers.tree())
    assert admin.may("organisations.change", "NEW")
    assert not admin.may("organisations.change", builders.CITY)
