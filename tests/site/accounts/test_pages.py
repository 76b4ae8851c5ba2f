"""Every page about people answers, in both languages, and tells whoever has nothing yet what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import User

pytestmark = pytest.mark.django_db

Fresh = Callable[..., tuple[Client, User]]
PAGES = ["people", "invitations", "profile", "rights", "tokens"]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_an_administrator_sees_each_page(read_ledger: Ledger, fresh: Fresh, page: str, language: str) -> None:
    client, _ = fresh("administrator", builders.CITY)
    answer = client.get(reverse(f"accounts:{page}"), headers={"accept-language": language})
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("route", ["account_login", "account_reset_password", "account_reset_password_done"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_entrance_is_ours_and_speaks_both_languages(
    read_ledger: Ledger, client: Client, route: str, language: str
) -> None:
    text = client.get(reverse(route), headers={"accept-language": language}).content.decode()
    assert f'lang="{language}"' in text
    assert 'id="krds-header"' in text
    assert ("본문" in text) == (language == "ko")


def test_nobody_signs_up_or_manages_addresses_by_themselves(read_ledger: Ledger, client: Client) -> None:
    for path in ("/account/signup/", "/account/email/", "/account/login/code/"):
        assert client.get(path).status_code == 404


def test_a_person_without_roles_still_sees_their_profile(read_ledger: Ledger, db: Any) -> None:
    client = Client()
    client.force_login(User.objects.create_user("free@example.org", "x", name="무소속"))
    for page in ("profile", "rights"):
        answer = client.get(reverse(f"accounts:{page}"))
        assert answer.status_code == 200
        assert "현재 맡은 역할이 없습니다" in answer.content.decode()
    assert client.get(reverse("accounts:tokens")).status_code == 403
