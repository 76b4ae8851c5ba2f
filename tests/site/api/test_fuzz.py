"""Whatever is sent: no failure of the program, and every answer is one that the document names, in its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import builders
from api_places import PLACES
from chorok.ledger.store import Ledger
from chorok.site.api import document
from chorok.site.config.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 4
"""Requests to each operation in each mode: few, since each asks a ledger."""


@pytest.fixture(scope="module")
def operations() -> dict[str, Any]:
    """Every operation of the document by its name. Made where it is used: every worker reads this file."""
    schema = schemathesis.openapi.from_dict(document.document("en"))
    schema.app = application
    found = [one.ok() for one in schema.get_all_operations()]
    return {one.definition.raw["operationId"]: one for one in found}


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the connection of the test open, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", PLACES)
def test_nothing_that_is_sent_makes_the_program_fail(
    site_ledger: Ledger, caller: Callable[..., Any], operations: dict[str, Any], name: str, mode: GenerationMode
) -> None:
    operation = operations[name]
    role = "auditor" if operation.path.endswith("/audit/head") else "officer"
    headers = {"Authorization": f"Bearer {caller(role, builders.CITY).raw}"}

    @seed(2020)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def sent(data: Any) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        case.headers.update(headers)
        assert case.call_and_validate(checks=CHECKS).status_code not in (401, 403)

    sent()
