"""Fixtures of the site's tests: a ledger of two cities, people, and clients that are signed in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import builders
import site_world
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.config import ledger as site_ledgers
from once import once
from unsealed import emptied_between_tests  # noqa: F401 - a fixture


@pytest.fixture(scope="session")
def made_ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The ledger that the others are copies of; read it, never write."""
    return Ledger.open(once(tmp_path_factory, "두 도시", site_world.make) / "ledger")


@pytest.fixture
def serve(settings: Any, tmp_path: Path) -> Callable[[Ledger], Ledger]:
    """Let the site stand on a ledger."""

    def stand(ledger: Ledger) -> Ledger:
        settings.LEDGER = ledger.path
        settings.SITE_FOLDER = tmp_path / "site"
        settings.UPLOADS = tmp_path / "site" / "uploads"
        site_ledgers.forget()
        return ledger

    return stand


@pytest.fixture
def read_ledger(made_ledger: Ledger, serve: Callable[[Ledger], Ledger]) -> Ledger:
    """The shared ledger, for tests that only read."""
    return serve(made_ledger)


@pytest.fixture
def site_ledger(made_ledger: Ledger, serve: Callable[[Ledger], Ledger], tmp_path: Path) -> Ledger:
    """A copy of the ledger for one test, to be written into."""
    return serve(builders.copy(made_ledger.path, tmp_path / "두 도시 원장"))


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make somebody with one role."""
    return site_world.person


@pytest.fixture
def signed_in(person: Callable[..., User]) -> Callable[..., Client]:
    """Return a client in which somebody with a role is signed in."""

    def sign_in(role: str, organisation: str, **wish: Any) -> Client:
        client = Client()
        client.force_login(person(role, organisation, **wish))
        return client

    return sign_in


@pytest.fixture
def actor(person: Callable[..., User]) -> Callable[..., Actor]:
    """Return somebody with a role as an actor, for services."""

    def act(role: str, organisation: str, **wish: Any) -> Actor:
        user = person(role, organisation, **wish)
        return actor_of(user.pk, site_ledgers.ledger().today, site_ledgers.tree())

    return act


@pytest.fixture(scope="session")
def made_market(made_ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The ledger of two cities with a market of chairs; read or copy it, never write."""

    def make(folder: Path) -> None:
        site_world.stock(builders.copy(made_ledger.path, folder / "ledger"))

    return Ledger.open(once(tmp_path_factory, "시장", make) / "ledger")


@pytest.fixture
def market(made_market: Ledger, serve: Callable[[Ledger], Ledger]) -> Ledger:
    """The site on the ledger with a market, for tests that only read it."""
    return serve(made_market)
