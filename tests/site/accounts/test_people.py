"""What is done to a person as a whole; what an administrator sees of people, and what not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import Http404
from django.test import Client
from django.urls import reverse

import builders
from chorok.core.errors import UsageError
from chorok.ledger.store import Ledger
from chorok.site.accounts import selectors, services
from chorok.site.accounts.models import ApiToken, Delegation, Membership, User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.models import Event
from site_world import OTHERS_MARK, TODAY

pytestmark = pytest.mark.django_db

Act = Callable[..., Actor]
Person = Callable[..., User]
Fresh = Callable[..., tuple[Client, User]]


def test_who_is_deactivated_is_out_at_once_and_can_be_let_in_again(
    read_ledger: Ledger, actor: Act, person: Person
) -> None:
    admin, user = actor("administrator", builders.CITY), person("officer", builders.CITY)
    client = Client()
    client.force_login(user)
    services.deactivate(admin, user=user)
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert not actor_of(user.pk, TODAY, admin.tree).held
    services.reactivate(admin, user=user)
    assert actor_of(user.pk, TODAY, admin.tree).held
    assert client.get(reverse("accounts:profile")).status_code == 302  # the old session does not come back


def test_an_erased_person_is_gone_but_for_the_number_in_the_chain(
    read_ledger: Ledger, actor: Act, person: Person
) -> None:
    admin, user = actor("administrator", builders.CITY), person("officer", builders.CITY, name="지울사람")
    colleague = person("leader", builders.CITY)
    own = actor_of(user.pk, TODAY, admin.tree)
    services.make_token(own, name="t", scopes=["home.see"], days=1)
    lent = Delegation.objects.create(
        membership=colleague.memberships.get(), delegate=user, valid_from=TODAY, valid_until=date(2021, 1, 1)
    )
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    address = user.email
    services.erase(admin, user=user)
    kept = User.objects.get(pk=user.pk)
    assert (kept.name, kept.is_active, kept.has_usable_password()) == ("", False, False)
    assert address not in kept.email
    assert not ApiToken.objects.exists()
    assert not Authenticator.objects.exists()
    lent.refresh_from_db()
    assert lent.revoked_at is not None
    assert not actor_of(user.pk, TODAY, admin.tree).held
    assert Event.objects.filter(actor_id=user.pk, action="accounts.token_made").exists()
    assert not any("지울사람" in one.facts or address in one.facts for one in Event.objects.all())
    with pytest.raises(Http404):
        selectors.person(admin, user.pk)


def test_who_works_elsewhere_too_is_not_one_administrators_alone(
    read_ledger: Ledger, actor: Act, person: Person
) -> None:
    admin, user = actor("administrator", builders.CITY), person("officer", builders.CITY)
    Membership.objects.create(user=user, role="auditor", organisation=builders.OTHER_CITY, valid_from=date(2019, 1, 1))
    for act in (services.deactivate, services.erase, services.reset_second_factor, services.reactivate):
        with pytest.raises(UsageError) as told:
            act(admin, user=user)
        assert told.value.code == "roles_elsewhere"
    services.deactivate(actor("administrator", "T-NET"), user=user)
    assert not User.objects.get(pk=user.pk).is_active


@pytest.mark.parametrize("verb", ["deactivate", "erase", "reset_second_factor", "reactivate"])
def test_people_out_of_reach_are_like_not_there(read_ledger: Ledger, actor: Act, person: Person, verb: str) -> None:
    admin, user = actor("administrator", builders.CITY), person("officer", builders.OTHER_CITY)
    with pytest.raises(Http404):
        getattr(services, verb)(admin, user=user)


def test_no_page_of_one_city_shows_people_of_another(read_ledger: Ledger, fresh: Fresh, person: Person) -> None:
    client, _ = fresh("administrator", builders.CITY)
    theirs = person("officer", builders.OTHER_CITY, name=OTHERS_MARK, email="marked@example.net")
    both = person("officer", builders.CITY, name="두곳")
    Membership.objects.create(user=both, role="head", organisation=builders.OTHER_WEST, valid_from=date(2019, 1, 1))
    offer, _ = services.invite(
        actor_of(person("administrator", builders.OTHER_CITY).pk, TODAY, _tree()), email="marked2@example.net",
        role="officer", organisation=builders.OTHER_CITY,
    )  # fmt: skip
    role = theirs.memberships.get()
    pages = {
        200: ["people/", "people/?words=marked", f"people/{both.pk}/", "people/invitations/", "people/me/rights/"],
        404: [f"people/{theirs.pk}/", f"people/{theirs.pk}/erase/", f"people/{theirs.pk}/deactivate/",
              f"people/{theirs.pk}/second-factor/", f"people/roles/{role.pk}/end/", "people/999999/"],
    }  # fmt: skip
    answers = {}
    for status, paths in pages.items():
        for path in paths:
            answer = client.get(f"/{path}", headers={"accept-language": "ko"})
            text = answer.content.decode()
            assert answer.status_code == status, path
            assert not any(mark in text for mark in (OTHERS_MARK, "marked@", "marked2@", "누리")), path
            answers[path] = text.replace(path, "")
    hidden, absent = answers[f"people/{theirs.pk}/"], answers["people/999999/"]
    assert _bare(hidden) == _bare(absent)  # what is out of reach answers exactly like what is not there
    posted = (f"people/invitations/{offer.pk}/resend/", f"people/invitations/{offer.pk}/revoke/",
              f"people/{theirs.pk}/roles/", f"people/{theirs.pk}/reactivate/",
              f"people/roles/{role.pk}/restore/")  # fmt: skip
    for path in posted:
        assert client.post(f"/{path}").status_code == 404, path


def _bare(text: str) -> list[str]:
    return [line for line in text.splitlines() if "csrf" not in line.lower() and 'name="next"' not in line]


def _tree() -> Any:
    from chorok.site.config import ledger

    return ledger.tree()


def test_the_list_is_searched_by_name_role_place_and_state(read_ledger: Ledger, actor: Act, person: Person) -> None:
    admin = actor("administrator", "T-NET")
    west, other = person("officer", builders.WEST, name="서쪽"), person("auditor", builders.OTHER_CITY, name="저쪽")
    services.deactivate(admin, user=other)

    def found(**wish: str) -> set[str]:
        return {user.name for user in selectors.people(admin, **wish)} - {"administrator T-NET"}

    assert found(words="서쪽") == found(role="officer") == found(organisation=builders.CITY) == {"서쪽"}
    assert found(state="inactive") == {"저쪽"}
    assert found(state="active") == {"서쪽"}
    assert found(words=west.email.upper()) == {"서쪽"}


def test_pages_ask_the_database_no_more_with_more_people(
    read_ledger: Ledger, fresh: Fresh, person: Person, django_assert_max_num_queries: Any
) -> None:
    client, _ = fresh("administrator", "T-NET")
    people = [person("officer", builders.CITY) for _ in range(30)]
    for path, most in (("/people/", 14), (f"/people/{people[0].pk}/", 20), ("/people/invitations/", 12),
                       ("/people/me/", 13), ("/people/me/rights/", 10), ("/people/me/tokens/", 12)):  # fmt: skip
        client.get(path)
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def test_a_lost_second_factor_is_taken_away(read_ledger: Ledger, fresh: Fresh, person: Person) -> None:
    client, _ = fresh("administrator", builders.CITY)
    user = person("officer", builders.WEST)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    path = reverse("accounts:reset_second_factor", args=[user.pk])
    assert client.get(path).status_code == 200
    assert Authenticator.objects.exists()  # asking changes nothing
    assert client.post(path).status_code == 302
    assert not Authenticator.objects.exists()
    assert Event.objects.filter(action="accounts.second_factor_reset", subject_id=str(user.pk)).count() == 1


def test_the_chosen_language_and_name_are_kept_with_the_person(read_ledger: Ledger, fresh: Fresh) -> None:
    client, user = fresh("officer", builders.CITY)
    answer = client.post(reverse("accounts:profile"), {"name": " 새이름 ", "language": "en"})
    assert answer.cookies["language"].value == "en"
    user.refresh_from_db()
    assert (user.name, user.language) == ("새이름", "en")
    client.post("/language/", {"language": "ko"})
    user.refresh_from_db()
    assert user.language == "ko"


def test_sensitive_acts_ask_for_the_password_when_it_was_given_long_ago(
    read_ledger: Ledger, fresh: Fresh, person: Person
) -> None:
    client, _ = fresh("administrator", builders.CITY, ago=16 * 60)
    user = person("officer", builders.WEST)
    for path in (f"/people/{user.pk}/erase/", f"/people/{user.pk}/deactivate/", "/people/me/tokens/",
                 "/people/invitations/", f"/people/{user.pk}/roles/"):  # fmt: skip
        answer = client.post(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate/"), path
    assert User.objects.get(pk=user.pk).is_active
