"""API tokens: shown once, kept as a hash, no wider than asked for, and ended by time, by hand and with the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import builders
from chorok.core.errors import BadInputError
from chorok.ledger.store import Ledger
from chorok.site.accounts import services
from chorok.site.accounts.models import ApiToken, Membership, User
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import GRANTS
from site_world import TODAY

pytestmark = pytest.mark.django_db

Act = Callable[..., Actor]
Fresh = Callable[..., tuple[Client, User]]


def made(actor: Actor, *scopes: str, days: int = 30) -> tuple[ApiToken, str]:
    return services.make_token(actor, name="프로그램", scopes=scopes or ("purchases.see",), days=days)


def test_a_token_carries_its_rights_and_no_others_within_the_persons_reach(read_ledger: Ledger, actor: Act) -> None:
    officer = actor("officer", builders.CITY)
    token, raw = made(officer, "purchases.see", "registry.see")
    found = services.actor_of_token(raw)
    assert found is not None
    assert (found.user_id, found.via) == (officer.user_id, "token")
    assert {right for right in GRANTS if found.may(right)} == {"purchases.see", "registry.see"}
    assert found.may("purchases.see", builders.WEST)
    assert not found.may("purchases.see", builders.OTHER_CITY)
    assert not found.may("purchases.import", builders.WEST)
    assert found.roles("purchases.import", builders.WEST) == frozenset()
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert raw not in str(token.__dict__)


def test_it_ends_by_time_by_hand_with_the_person_and_with_the_role(read_ledger: Ledger, actor: Act) -> None:
    officer = actor("officer", builders.CITY)
    late, late_raw = made(officer)
    ApiToken.objects.filter(pk=late.pk).update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(seconds=1)
    )
    gone, gone_raw = made(officer)
    services.revoke_token(officer, token=gone)
    _, raw = made(officer)
    assert [services.actor_of_token(one) is None for one in (late_raw, gone_raw, raw, "chorok_x", "")] == [
        True, True, False, True, True,
    ]  # fmt: skip
    Membership.objects.filter(user_id=officer.user_id).update(valid_until=TODAY)
    without = services.actor_of_token(raw)
    assert without is not None
    assert not any(without.may(right) for right in GRANTS)
    User.objects.filter(pk=officer.user_id).update(is_active=False)
    assert services.actor_of_token(raw) is None


def test_no_token_for_more_than_one_has_nor_for_making_tokens_or_letting_people_in(
    read_ledger: Ledger, actor: Act
) -> None:
    admin, purchaser = actor("administrator", builders.CITY), actor("purchaser", builders.CITY)
    for who, scopes in ((purchaser, ["purchases.import"]), (admin, ["accounts.manage"]), (admin, ["tokens.own"]),
                        (admin, []), (admin, ["nonsense"])):  # fmt: skip
        with pytest.raises(BadInputError) as told:
            services.make_token(who, name="t", scopes=scopes, days=1)
        assert told.value.code == "scopes_bad"
    for days in (0, -1, 366):
        with pytest.raises(BadInputError) as told:
            made(admin, "registry.see", days=days)
        assert told.value.code == "token_days"
    _, raw = made(admin, "registry.see")
    by_token = services.actor_of_token(raw)
    assert by_token is not None
    with pytest.raises(Http404):
        made(by_token, "registry.see")
    with pytest.raises(BadInputError):
        services.make_token(admin, name=" ", scopes=["registry.see"], days=1)


def test_a_right_taken_from_the_role_is_taken_from_the_token(read_ledger: Ledger, actor: Act) -> None:
    purchaser = actor("purchaser", builders.CITY)
    token, raw = made(purchaser, "registry.see")
    ApiToken.objects.filter(pk=token.pk).update(scopes=["registry.see", "purchases.import", "accounts.manage"])
    found = services.actor_of_token(raw)
    assert found is not None
    assert {right for right in GRANTS if found.may(right)} == {"registry.see"}


def test_the_page_shows_the_text_once_and_ends_only_ones_own(read_ledger: Ledger, fresh: Fresh) -> None:
    client, user = fresh("officer", builders.CITY)
    path = reverse("accounts:tokens")
    answer = client.post(path, {"token_name": "연계", "scopes": ["purchases.see"], "days": 10})
    text = answer.content.decode()
    token = ApiToken.objects.get()
    raw = text.split(token.prefix, 1)[1].split("<", 1)[0]
    assert services.actor_of_token(token.prefix + raw) is not None
    assert answer["Cache-Control"] == "no-store"
    assert raw not in client.get(path).content.decode()
    other, _ = fresh("officer", builders.CITY)
    revoke = reverse("accounts:revoke_token", args=[token.pk])
    assert other.post(revoke).status_code == 404
    client.post(revoke)
    assert services.actor_of_token(token.prefix + raw) is None
    assert not ApiToken.objects.filter(user=user, revoked_at=None).exists()
