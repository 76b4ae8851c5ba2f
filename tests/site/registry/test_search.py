"""The search page: as somebody types, without JavaScript, for whom, and how many questions it asks the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

import builders
from chorok.ledger.registry import replace_source
from chorok.ledger.store import Ledger

pytestmark = pytest.mark.django_db
URL = "/registry/"

SignedIn = Callable[..., Client]


def test_a_plain_form_finds_products_without_javascript(read_ledger: Ledger, signed_in: SignedIn) -> None:
    page = signed_in("purchaser", builders.CITY).get(URL, {"q": builders.GREEN[:5]}).content.decode()
    assert "<h1>" in page
    assert builders.GREEN in page
    assert "T-1" in page


def test_htmx_gets_the_results_alone(read_ledger: Ledger, signed_in: SignedIn) -> None:
    part = signed_in("officer", builders.CITY).get(URL, {"q": "T-4"}, headers={"hx-request": "true"}).content.decode()
    assert "<h1>" not in part
    assert builders.REVOKED in part


def test_conditions_come_with_the_address(read_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", builders.CITY)
    page = client.get(URL, {"basis": "gr"}).content.decode()
    assert "T-3" in page
    assert "T-1<" not in page
    assert "T-3" not in client.get(URL, {"basis": "gr", "valid": "1"}).content.decode()  # it ended in June


def test_what_is_not_found_says_what_to_do(read_ledger: Ledger, signed_in: SignedIn) -> None:
    page = signed_in("officer", builders.CITY).get(URL, {"q": "쀍쀍"}, headers={"accept-language": "en"})
    assert "No product found" in page.content.decode()


def test_an_empty_registry_says_where_lists_come_from(site_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", builders.CITY)
    replace_source(site_ledger.path, "certificates", builders.rows("certificates", []), "test")
    assert "15087711" in client.get(URL).content.decode()


def test_makers_in_the_jurisdiction_are_marked_and_can_be_kept_alone(site_ledger: Ledger, signed_in: SignedIn) -> None:
    near = builders.certificate(product_id="60000001", supplier_name="가까운가구", region="가람시")
    far = builders.certificate(product_id="60000002", supplier_name="먼가구", region="누리시 서구")
    replace_source(site_ledger.path, "certificates", builders.rows("certificates", [near, far]), "seats")
    client = signed_in("officer", builders.WEST)
    page = client.get(URL, {"q": "가구"}, headers={"accept-language": "ko"}).content.decode()
    assert page.count("관내 업체</span>") == 1
    alone = client.get(URL, {"q": "가구", "local": "1"}).content.decode()
    assert "60000001" in alone
    assert "60000002" not in alone


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "２", "7"])
def test_an_odd_page_is_no_error(read_ledger: Ledger, signed_in: SignedIn, page: str) -> None:
    assert signed_in("officer", builders.CITY).get(URL, {"page": page}).status_code == 200


def test_nobody_searches_without_signing_in(read_ledger: Ledger, client: Client) -> None:
    assert client.get(URL).status_code == 302


def test_a_keystroke_asks_the_database_few_questions(
    read_ledger: Ledger, signed_in: SignedIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = signed_in("officer", builders.CITY)
    client.get(URL)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get(URL, {"q": "T"}, headers={"hx-request": "true"})
