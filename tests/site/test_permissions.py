"""The table of roles and routes: who may enter where. Whatever is not in it, nobody may."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.views.defaults import page_not_found, permission_denied

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.middleware import TRUSTED
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import SIGNED_IN, rights_of
from chorok.site.accounts.roles import GRANTS, Role

SOURCE = Path(__file__).parents[2] / "src" / "chorok" / "site"

COLUMNS = (
    "purchaser officer leader division_head deputy_head head accounting inspector district_officer coordinator supplier"
    " auditor administrator"
)
TABLE = """
                      pur off lea div dep hea acc ins dis coo sup aud adm
home.see               x   x   x   x   x   x   x   x   x   x   x   x   x
tokens.own             x   x   x   x   x   x   x   x   x   x   x   x   x
accounts.manage        .   .   .   .   .   .   .   .   .   .   .   .   x
delegations.give       x   x   x   x   x   x   x   x   x   .   .   x   .
organisations.see      x   x   x   x   x   x   x   x   x   x   x   x   x
organisations.change   .   x   .   .   .   .   .   .   .   .   .   .   x
registry.see           x   x   x   x   x   x   x   x   x   x   x   x   x
registry.change        .   x   .   .   .   .   .   .   .   .   .   .   x
purchases.see          .   x   x   .   .   x   x   .   x   .   .   x   .
purchases.import       .   x   .   .   .   .   .   .   x   .   .   .   .
purchases.undo         .   x   .   .   .   .   .   .   x   .   .   .   .
reviews.see            .   x   x   .   .   .   .   .   x   .   .   x   .
reviews.decide         .   x   .   .   .   .   .   .   x   .   .   .   .
reviews.second         .   x   x   .   .   .   .   .   .   .   .   .   .
reviews.policy         .   .   x   .   .   .   .   .   .   .   .   .   .
performance.see        x   x   x   x   x   x   x   x   x   .   .   x   .
lines.see              .   x   x   .   .   x   x   .   x   .   .   x   .
network.see            .   x   x   .   .   x   .   .   x   x   .   x   .
figures.release        .   .   x   .   .   x   .   .   .   .   .   .   .
periods.see            .   x   x   .   .   x   .   .   x   .   .   x   .
periods.submit         .   x   .   .   .   .   .   .   x   .   .   .   .
periods.accept         .   x   x   .   .   .   .   .   .   .   .   .   .
goals.see              x   x   x   x   x   x   x   x   x   .   .   x   .
goals.change           .   x   x   .   .   .   .   .   .   .   .   .   .
screenings.ask         x   x   x   .   .   x   x   x   x   .   .   .   .
screenings.see         x   x   x   x   x   x   x   x   x   .   .   x   .
screenings.sign        .   x   x   x   x   .   x   .   x   .   .   .   .
screenings.inspect     .   x   .   .   .   .   .   x   x   .   .   .   .
screenings.report      .   x   x   x   x   x   .   .   x   .   .   x   .
screenings.policy      .   .   x   .   .   .   .   .   .   .   .   .   .
assessments.see        x   x   x   x   x   x   .   x   x   .   .   x   .
assessments.make       x   x   .   .   .   x   .   .   x   .   .   .   .
webhooks.manage        .   .   .   .   .   .   .   .   .   .   .   .   x
audit.see              .   .   .   .   .   .   .   .   .   .   .   x   x
jobs.see               x   x   x   x   x   x   x   x   x   x   x   x   x
"""
"""Right x role, written down a second time: a change of what people may do is to be seen in two places."""

PUBLIC = {
    "home", "language", "health", "ready", "look:gallery", "accounts:accept",
    "api:openapi", "api:reference",  # what the API can do, no data
    "api:nothing", "api:nothing_at_all",  # say that there is no such address
}  # fmt: skip
"""Routes that answer everybody. To add one here is to open it to the world."""

ENTRANCE = {
    "account_login", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip
"""Routes of signing in, open to who is not signed in; the others of allauth are for those who are."""

KEPT_OUT = {"account_logout", "mfa_authenticate"}
"""Routes of allauth that send away whoever has nothing to do there, but not to the sign-in with a way back."""

VALUES: dict[str, object] = {
    "int": 987654, "str": "nothing", "slug": "nothing", "path": "nothing", "uuid": uuid.UUID(int=1),
    "uidb36": "abc", "key": "def",
}  # fmt: skip


def table() -> dict[str, frozenset[str]]:
    roles = COLUMNS.split()
    rows = [line.split() for line in TABLE.strip().splitlines()[1:]]
    return {right: frozenset(r for r, mark in zip(roles, marks, strict=True) if mark == "x") for right, *marks in rows}


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    view: Callable[..., Any]

    @property
    def rights(self) -> tuple[str, ...] | None:
        found = rights_of(self.view)
        return None if found is None else tuple(found)

    @property
    def trusted(self) -> bool:
        return self.view.__module__.startswith(TRUSTED)


def routes() -> list[Route]:
    return sorted(walk(get_resolver(), "/", ""), key=lambda route: route.path)


def walk(resolver: Any, path: str, space: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        here = path + filled(str(pattern.pattern), pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, here, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield Route(f"{space}{pattern.name}", here, pattern.callback)


def filled(pattern: str, converters: dict[str, Any]) -> str:
    """Return a pattern as a path to what is not there."""
    kinds = {name: type(one).__name__.removesuffix("Converter").lower().replace("string", "str") for name, one in
             converters.items()}  # fmt: skip
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(VALUES.get(kinds.get(found[1], "str"), "nothing")), pattern)
    path = (
        re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: str(VALUES.get(found[1], "nothing")), pattern)
        if "(?P" in pattern
        else path
    )
    return path.removeprefix("^").removesuffix("$").replace("\\", "")


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show the page of each kind of refusal once: a walk is refused a hundred times, always with the same page."""
    for name, view in (("handler403", permission_denied), ("handler404", page_not_found)):
        monkeypatch.setattr(f"django.conf.urls.{name}", functools.partial(first_shown, view, []))


def first_shown(view: Callable[..., HttpResponse], answers: list[int], request: Any, exception: Any) -> HttpResponse:
    """Answer by a view the first time, then with its status alone."""
    answer = view(request, exception) if not answers else HttpResponse(status=answers[0])
    answers[:] = [answer.status_code]
    return answer


def ask(client: Client, path: str) -> HttpResponse:
    """Ask for a page, or where it only takes something, send it nothing."""
    answer = client.get(path)
    return client.post(path) if answer.status_code == 405 else answer  # type: ignore[return-value]


def to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/account/login/")


def test_the_table_is_what_the_site_grants() -> None:
    assert {right: {str(role) for role in roles} for right, roles in GRANTS.items()} == table()
    assert set(COLUMNS.split()) == set(Role.values)


def test_every_route_says_whom_it_answers() -> None:
    silent = [route.name for route in routes() if route.rights is None and not route.trusted]
    assert silent == []


def test_only_the_routes_of_the_list_are_open_to_everybody() -> None:
    opened = {route.name for route in routes() if route.rights == ()}
    assert opened <= PUBLIC, opened - PUBLIC


def test_every_right_is_asked_for_somewhere() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.name != "roles.py"]
    unused = [right for right in GRANTS if not any(f'"{right}"' in text for text in texts)]
    assert unused == []


def test_every_right_that_a_route_names_is_in_the_table() -> None:
    named = {right for route in routes() for right in route.rights or ()} - {SIGNED_IN}
    assert named <= table().keys()


def test_there_are_routes_to_walk_at_all() -> None:
    names = {route.name for route in routes()}
    assert {"accounts:person", "account_login", "mfa_index", "home"} <= names
    assert len(names) > 40


@pytest.mark.django_db
def test_who_is_not_signed_in_is_sent_to_sign_in(read_ledger: Ledger, client: Client) -> None:
    client.raise_request_exception = False
    for route in routes():
        if route.rights == () or route.name in ENTRANCE | KEPT_OUT or route.name.startswith("api:"):
            continue
        assert to_sign_in(ask(client, route.path)), route.name


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_each_role_enters_where_the_table_lets_it_and_nowhere_else_and_no_page_breaks(
    site_ledger: Ledger, person: Callable[..., User], plain: None, role: str
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person(role, "1248100998" if role == Role.SUPPLIER else builders.CITY))
    granted = table()
    wrong, broken = [], []
    for route in routes():
        if not route.rights or route.name.startswith("api:"):
            continue
        expected = any(right == SIGNED_IN or role in granted[right] for right in route.rights)
        answer = ask(client, route.path)
        refused = answer.status_code == 403 or to_sign_in(answer)
        wrong += [(route.name, route.rights, answer.status_code)] if refused == expected else []
        broken += [(route.name, answer.status_code)] if answer.status_code >= 500 else []
    assert (wrong, broken) == ([], [])


@pytest.mark.django_db
def test_whoever_holds_no_role_enters_nowhere_but_their_own_pages(
    read_ledger: Ledger, client: Client, plain: None
) -> None:
    client.force_login(User.objects.create_user("free@example.org", "x", name="x"))
    client.raise_request_exception = False
    for route in routes():
        if route.rights and SIGNED_IN not in route.rights and not route.name.startswith("api:"):
            assert ask(client, route.path).status_code == 403, route.name
