"""The document and its page: what is promised does not vanish unnoticed, and all of it is said in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from django.urls import URLPattern

from chorok import wording
from chorok.ledger.store import Ledger
from chorok.site.accounts.roles import GRANTS
from chorok.site.api import document, refusals
from chorok.site.api.urls import urlpatterns

OPERATIONS = {
    "GET /audit/head": "audit_head",
    "GET /jobs": "jobs",
    "GET /jobs/{key}": "job",
    "GET /measures/core-items": "core_items",
    "GET /measures/drivers": "drivers",
    "GET /measures/forecast": "forecast",
    "GET /measures/network": "network",
    "GET /measures/scorecard": "scorecard",
    "GET /measures/share": "share",
    "GET /measures/targets": "targets",
    "GET /organisations": "organisations",
    "GET /organisations/{code}": "organisation",
    "GET /organisations/{code}/tree": "organisation_tree",
    "GET /periods": "periods",
    "GET /periods/{organisation}/{period}": "period",
    "GET /purchases/imports": "imports",
    "GET /purchases/imports/{batch}": "import_account",
    "GET /purchases/imports/{batch}/rejects": "import_rejects",
    "POST /purchases/imports/{batch}/withdraw": "import_withdraw",
    "GET /purchases/uploads": "uploads",
    "POST /purchases/uploads": "upload_whole",
    "POST /purchases/uploads/pieces": "upload_begin",
    "DELETE /purchases/uploads/{key}": "upload_dismiss",
    "GET /purchases/uploads/{key}": "upload",
    "PUT /purchases/uploads/{key}/bytes": "upload_piece",
    "POST /purchases/uploads/{key}/import": "upload_import",
    "GET /registry/certificates/{number}": "certificate",
    "GET /registry/item-groups": "item_groups",
    "GET /registry/products": "registry_products",
    "GET /registry/products/{key}": "registry_product",
    "GET /registry/suppliers/{key}": "supplier",
    "GET /reviews/queue": "review_queue",
    "GET /frameworks": "frameworks",
    "GET /frameworks/{framework}": "framework",
    "GET /screenings": "screenings",
    "GET /screenings/{screening}/papers": "papers",
    "POST /screenings/{screening}/frameworks": "framework_grant",
    "POST /screenings/{screening}/lines/{line}/papers": "paper_attach",
    "POST /screenings": "screening_ask",
    "GET /screenings/{screening}": "screening",
    "POST /screenings/{screening}/withdraw": "screening_withdraw",
    "GET /verdicts": "verdict",
    "POST /verdicts": "verdicts",
}
"""What version 1 has promised. Add to it; never take away or rename (docs/site/api.md)."""


def told() -> Iterator[tuple[str, dict[str, Any]]]:
    for method, path, operation in document.operations(document.document("en")):
        yield f"{method.upper()} {path.removeprefix(document.PREFIX)}", operation


def test_no_operation_vanishes_or_changes_its_name() -> None:
    assert {place: one["operationId"] for place, one in told()} == OPERATIONS


def test_the_document_is_openapi() -> None:
    found = document.document("ko")
    assert found["openapi"].startswith("3.1")
    for schema in found["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(found)))
    assert named <= set(found["components"]["schemas"])


def test_every_route_says_its_rights_and_none_is_open_but_the_explanations() -> None:
    open_ones = set()
    for one in urlpatterns:
        assert isinstance(one, URLPattern)
        rights = one.callback.rights  # type: ignore[attr-defined]
        assert set(rights) <= set(GRANTS)
        if not rights:
            open_ones.add(one.name)
    assert open_ones == {"reference", "openapi", "nothing", "nothing_at_all"}


def test_every_code_of_the_door_is_worded_and_is_no_code_of_the_program() -> None:
    for code in refusals.CODES:
        for language in wording.LANGUAGES:
            assert wording.knows(f"site.api.error.{code}", language)
            assert not wording.knows(f"error.{code}", language)
    for code in refusals.STATUS:
        assert wording.knows(f"error.{code}", "ko")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_document_and_its_page_speak_the_language(
    read_ledger: Ledger, client: Client, language: str, db: None
) -> None:
    headers = {"accept-language": language}
    sent = client.get("/api/v1/openapi.json", headers=headers)
    assert sent.json() == json.loads(json.dumps(document.document("ko" if language == "ko" else "en")))
    page = client.get("/api/", headers=headers).content.decode()
    for operation in (one for _, one in told()):
        assert f'id="operation-{operation["operationId"]}"' in page
    assert wording.say("site.api.operation.share", "ko" if language == "ko" else "en") in page
    assert "style=" not in page
    assert "<script>" not in page
    outside = re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page)
    assert outside == []


def test_the_page_asks_the_database_little(
    read_ledger: Ledger, client: Client, db: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        assert client.get("/api/").status_code == 200
