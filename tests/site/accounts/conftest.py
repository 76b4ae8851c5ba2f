"""Fixtures of the tests on people: a client whose password was given a moment ago."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chorok.site.accounts.models import User


def prove(client: Client, user: User, ago: int = 0) -> Client:
    """Let it stand in the session that the password was given some seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def fresh(person: Callable[..., User]) -> Callable[..., tuple[Client, User]]:
    """Return a client signed in with a password given just now (or some seconds `ago`), and who it is."""

    def enter(role: str, organisation: str, *, ago: int = 0, **wish: Any) -> tuple[Client, User]:
        user = person(role, organisation, **wish)
        client = Client()
        client.force_login(user)
        return prove(client, user, ago), user

    return enter
