"""Fixtures of the interface's tests: clients that call with a token, or signed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from chorok.site.accounts import services
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import actor_of
from chorok.site.config import ledger as site_ledgers

API = "/api/v1"


class Caller:
    """A program with a token."""

    def __init__(self, raw: str, user: User) -> None:
        self.raw, self.user, self.client = raw, user, Client()

    def __call__(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any
    ) -> HttpResponse:
        sent = {"Authorization": f"Bearer {self.raw}", "Accept-Language": "en", **(headers or {})}
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        if method == "GET":
            return self.client.get(f"{API}{path}", query, headers=sent)  # type: ignore[return-value]
        return self.client.generic(  # type: ignore[return-value]
            method,
            f"{API}{path}",
            data,
            content_type=kind,
            headers=sent,
            query_params=query,
            CONTENT_TYPE=kind,
            CONTENT_LENGTH=str(len(data)),
        )

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> HttpResponse:
        return self("GET", path, None, headers, **query)

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any) -> HttpResponse:
        return self("POST", path, {} if body is None else body, headers, **query)


@pytest.fixture
def caller(person: Callable[..., User]) -> Callable[..., Caller]:
    """Make a program that acts for somebody with a role; with all rights a token may carry unless some are named."""

    def make(role: str, organisation: str, *scopes: str, days: int = 30) -> Caller:
        user = person(role, organisation)
        actor = actor_of(user.pk, site_ledgers.ledger().today, site_ledgers.tree())
        _, raw = services.make_token(actor, name="t", scopes=scopes or services.tokens.may_carry(actor), days=days)
        return Caller(raw, user)

    return make
