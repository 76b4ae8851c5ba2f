"""The door: who is let in, by what right, how often, and how each refusal looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import builders
import site_world
from api_places import BYTES, PLACES
from chorok import wording
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import ApiToken, User
from chorok.site.accounts.roles import GRANTS, Role
from chorok.site.api import door
from chorok.site.api.door import ways_of
from chorok.site.api.interface import api
from chorok.site.api.rooms import organisations as room
from chorok.site.audit.models import Event

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Hold the one shape of errors."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    error: dict[str, Any] = answer.json()["error"]
    assert set(answer.json()) == {"error"}
    assert set(error) == {"code", "message", "params", "reference"}
    assert error["code"] == code
    assert error["message"]
    assert error["reference"]
    return error


def test_every_operation_is_in_the_table() -> None:
    assert set(PLACES) == set(ways_of(api))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SUPPLIER])
def test_each_role_reaches_what_its_rights_say_and_nothing_else(
    read_ledger: Ledger, caller: Call, role: Role, settings: Any
) -> None:
    program = caller(role, builders.CITY)
    for name, way in ways_of(api).items():
        method, path = PLACES[name]
        allowed = any(role in GRANTS[right] for right in way.rights)
        answer = program(method, path, None if method == "GET" else b"x" if name in BYTES else {})
        assert (answer.status_code != 403) == allowed, (name, answer.content)
        assert answer.status_code < 500, (name, answer.content)


def test_without_a_token_or_a_session_nothing_is_answered(read_ledger: Ledger, client: Client) -> None:
    for method, path in PLACES.values():
        answer = client.generic(method, f"/api/v1{path}", b"x", content_type="application/json")
        if answer.status_code == 415:  # the body is looked at first; no actor is needed to say so
            continue
        refused(answer, 401, "not_signed_in")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_that_has_run_out_was_revoked_or_never_was_is_refused(read_ledger: Ledger, caller: Call) -> None:
    late, gone, wrong = (caller("officer", builders.CITY) for _ in range(3))
    past = timezone.now() - timedelta(days=2)
    ApiToken.objects.filter(user=late.user).update(created_at=past, expires_at=past + timedelta(days=1))
    ApiToken.objects.filter(user=gone.user).update(revoked_at=timezone.now())
    wrong.raw += "x"
    for program in (late, gone, wrong):
        refused(program.get("/organisations"), 401, "token_bad")
    refused(wrong.get("/organisations", headers={"Authorization": "Basic eDp5"}), 401, "token_bad")


def test_a_token_carries_its_scopes_alone_and_the_refusal_is_an_event(read_ledger: Ledger, caller: Call) -> None:
    program = caller("officer", builders.CITY, "registry.see")
    assert program.get("/registry/item-groups").status_code == 200
    error = refused(program.get("/measures/share"), 403, "no_right")
    assert error["params"] == {"right": "performance.see"}
    event = Event.objects.filter(action="accounts.denied").get()
    assert (event.actor_id, event.via) == (program.user.pk, "token")


def test_the_session_of_a_person_reads_and_writes_only_with_its_csrf_token(
    read_ledger: Ledger, person: Callable[..., User]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("officer", builders.CITY))
    assert client.get("/api/v1/organisations").status_code == 200
    body = {"products": [{"product_id": builders.GREEN}]}
    refused(client.post("/api/v1/verdicts", body, content_type="application/json"), 403, "csrf")
    client.get("/people/tokens/")
    token = client.cookies["csrftoken"].value
    with_token = client.post("/api/v1/verdicts", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert with_token.status_code == 200, with_token.content


def test_a_token_goes_before_a_session(read_ledger: Ledger, caller: Call, person: Callable[..., User]) -> None:
    program = caller("supplier", "1208147521")
    program.client.force_login(person("officer", builders.CITY))
    refused(program.get("/measures/share"), 403, "no_right")


def test_who_needs_a_second_factor_is_told_so_in_the_same_shape(
    read_ledger: Ledger, signed_in: Callable[..., Client], settings: Any
) -> None:
    client = signed_in("officer", builders.CITY)
    settings.REQUIRE_SECOND_FACTOR = ["officer"]
    refused(client.get("/api/v1/organisations"), 403, "second_factor")


def test_calls_are_counted_for_each_token_and_more_are_told_when_to_come_again(
    read_ledger: Ledger, caller: Call, settings: Any
) -> None:
    settings.API_CALLS_A_MINUTE = 3
    first, second = caller("officer", builders.CITY), caller("officer", builders.CITY)
    answers = [first.get("/jobs") for _ in range(3)]
    assert [one.status_code for one in answers] == [200] * 3
    assert [one["RateLimit-Remaining"] for one in answers] == ["2", "1", "0"]
    late = first.get("/jobs")
    refused(late, 429, "too_many")
    assert 1 <= int(late["Retry-After"]) <= 60
    assert second.get("/jobs").status_code == 200


def test_each_status_has_the_same_shape(
    read_ledger: Ledger, caller: Call, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = caller("officer", builders.CITY)
    known = refused(program.get("/organisations", colour="green"), 400, "parameter_unknown")["params"]["known"]
    assert known == ["below", "kind", "on", "page", "size"]
    refused(program.get("/organisations?page=1&page=2"), 400, "parameter_twice")
    refused(program.get("/organisations", page=0), 400, "parameter_bad")
    refused(program.get("/organisations", on="20200101"), 400, "parameter_bad")
    refused(program.get("/measures/share", definition="../../etc/passwd"), 400, "parameter_bad")
    refused(program.get("/measures/share", definition="nobodys"), 400, "definition_unknown")
    refused(program.get("/nowhere"), 404, "not_found")
    refused(program.get("/"), 404, "not_found")
    other = program("PATCH", "/organisations")
    refused(other, 405, "method")
    assert other["Allow"] == "GET, HEAD"
    refused(program.post("/verdicts", {"products": []}), 422, "body_bad")
    refused(program.post("/verdicts", {"products": [{"name": "x"}] * 1001}), 422, "body_bad")
    refused(program("POST", "/verdicts", b"{", headers={"Content-Type": "application/json"}), 400, "json_bad")
    refused(program("POST", "/verdicts", b"x"), 415, "media_type")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    refused(program.post("/verdicts", {"products": [{"name": "a long name"}]}), 413, "too_large")
    monkeypatch.setattr(room, "_reach", lambda actor: 1 / 0)
    error = refused(program.get("/organisations"), 500, "unexpected")
    assert error["reference"] in error["message"]
    assert "division" not in str(error)


def test_nothing_published_is_said_so(caller: Call, settings: Any, tmp_path: Any, db: None) -> None:
    from chorok.site.config import ledger as site_ledgers

    settings.LEDGER = Ledger.create(tmp_path / "leer", "2020-11-02").path
    site_ledgers.forget()
    person = site_world.person("officer", builders.CITY)
    client = Client()
    client.force_login(person)
    refused(client.get("/api/v1/measures/share"), 409, "nothing_published")


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_errors_speak_the_language_of_the_caller(read_ledger: Ledger, caller: Call, language: str) -> None:
    answer = caller("officer", builders.CITY).get("/nowhere", headers={"Accept-Language": language})
    assert answer["Content-Language"] == language
    assert answer.json()["error"]["message"] == wording.say("site.api.error.not_found", language)  # type: ignore[arg-type]


def test_what_has_not_changed_is_not_sent_again(
    site_ledger: Ledger, caller: Call, django_assert_max_num_queries: Any
) -> None:
    program = caller("officer", builders.CITY)
    first = program.get("/measures/share")
    with django_assert_max_num_queries(16):
        again = program.get("/measures/share", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert program.get("/measures/share", headers={"If-None-Match": first["ETag"], "Accept-Language": "ko"}).content
    other = caller("officer", builders.OTHER_CITY)
    assert other.get("/measures/share", headers={"If-None-Match": first["ETag"]}).status_code == 200
    builders.take(site_ledger, builders.write_csv(site_ledger.path.parent / "mehr.csv", [builders.keyed(77_777)]))
    assert program.get("/measures/share", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_head_is_answered_like_get_without_a_body(read_ledger: Ledger, caller: Call) -> None:
    answer = caller("officer", builders.CITY)("HEAD", "/organisations")
    assert (answer.status_code, answer.content) == (200, b"")


def test_an_operation_that_says_no_right_is_not_let_in() -> None:
    from ninja.operation import PathView

    silent = PathView()
    silent.add_operation("/silent", ["GET"], lambda request: {})
    with pytest.raises(ValueError, match="right"):
        door._ways(silent, {"get": {"parameters": []}})
