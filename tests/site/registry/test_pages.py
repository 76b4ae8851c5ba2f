"""The pages of the registry: item groups, products, certificates, suppliers, definitions, labels, versions, files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

import builders
from builders import BOTH, CHAIR, CITY, GREEN, LAMP, PIPE, REVOKED
from chorok.core import definitions
from chorok.ledger import publishing
from chorok.ledger.registry import Registry, replace_source
from chorok.ledger.store import Ledger
from chorok.site.audit.models import Event
from chorok.site.registry.models import Guide
from chorok.site.registry.products import chart

pytestmark = [pytest.mark.django_db(transaction=True)]

SignedIn = Callable[..., Client]
KO, EN = {"accept-language": "ko"}, {"accept-language": "en"}


def _text(client: Client, url: str, language: dict[str, str] = KO, **query: str) -> str:
    answer = client.get(url, query, headers=language)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


@pytest.mark.parametrize(
    "url",
    [
        "/registry/",
        "/registry/groups/",
        f"/registry/groups/{CHAIR}/",
        f"/registry/products/{GREEN}/",
        "/registry/certificates/T-4/",
        "/registry/definitions/",
        *(f"/registry/definitions/{name}/" for name in definitions.names()),
        "/registry/labels/",
        "/registry/versions/",
    ],
)
def test_every_page_answers_who_may_see_the_registry_with_few_queries(
    url: str, read_ledger: Ledger, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in("purchaser", CITY)
    _text(client, url, EN)
    with django_assert_max_num_queries(14):
        assert "<h1>" in _text(client, url)
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize(
    "url",
    [
        "/registry/groups/NONE/",
        "/registry/products/1/",
        "/registry/certificates/X/",
        "/registry/suppliers/x/",
        "/registry/definitions/none/",
        "/registry/versions/99/",
    ],
)
def test_what_is_not_there_is_not_found(url: str, read_ledger: Ledger, signed_in: SignedIn) -> None:
    assert signed_in("officer", CITY).get(url).status_code == 404


def test_an_item_group_shows_codes_dates_and_what_holds_today(read_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", CITY)
    page = _text(client, f"/registry/groups/{CHAIR}/", EN)
    for text in ("90000001", "class, 8 digits", "9000000101", "detailed item, 10 digits", "의자"):
        assert text in page
    assert "2021-01-01" in _text(client, f"/registry/groups/{PIPE}/")
    assert "2019-07-01" in _text(client, f"/registry/groups/{LAMP}/")


def test_groups_sort_and_come_as_a_file(read_ledger: Ledger, signed_in: SignedIn) -> None:
    client = signed_in("officer", CITY)
    up, down = (_text(client, "/registry/groups/", sort=sort) for sort in ("products", "-products"))
    assert up.index(LAMP) < up.index(CHAIR)
    assert down.index(CHAIR) < down.index(LAMP)
    rows = _csv(client.get("/registry/groups/", {"as": "csv"}, headers=EN))
    assert rows[0][:2] == ["Code", "Name"]
    assert {row[0] for row in rows[1:]} == {CHAIR, PIPE, LAMP}
    assert client.get("/registry/groups/", {"as": "xlsx"})["Content-Type"].endswith("sheet")


def _csv(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_guideline_is_written_by_who_may_and_shown_to_all(read_ledger: Ledger, signed_in: SignedIn) -> None:
    officer, url = signed_in("officer", CITY), f"/registry/groups/{CHAIR}/guide/"
    given = {"text_ko": "재질을 <b>확인</b>", "text_en": "Check the material", "mandatory": "true"}
    assert officer.post(url, given).status_code == 302
    page = _text(signed_in("purchaser", CITY), f"/registry/groups/{CHAIR}/")
    assert "재질을 &lt;b&gt;확인" in page
    assert "의무구매 품목" in page
    assert Guide.objects.get().mandatory is True
    assert Event.objects.filter(action="registry.guide_written", subject_id=CHAIR).count() == 1
    assert signed_in("purchaser", CITY).post(url, given).status_code == 403


def test_a_product_shows_all_its_certificates_over_time(read_ledger: Ledger, signed_in: SignedIn) -> None:
    page = _text(signed_in("officer", CITY), f"/registry/products/{BOTH}/", EN)
    for text in ("T-2", "T-3", "eco-label", "GR", "Expired", "2019-06-30", "2020-06-30", "<svg"):
        assert text in page
    assert "Revoked" in _text(signed_in("officer", CITY), f"/registry/products/{REVOKED}/", EN)


def test_equal_certificates_are_one_bar_within_the_chart() -> None:
    row: dict[str, Any] = {"read_on": None, "basis": "gr", "certificate_no": "A"}
    spans = [(date(2017, 1, 1), date(2020, 1, 1)), (date(2017, 1, 1), date(2020, 1, 1)), (date(2019, 1, 1), date.max)]
    drawn = chart([{**row, "begins": begins, "ends": ends} for begins, ends in spans], date(2020, 11, 2))
    assert drawn is not None
    assert len(drawn.bars) == 2
    assert all(bar.left >= 0 and bar.left + bar.width <= 1000 for bar in drawn.bars)
    assert chart([{**row, "begins": None, "ends": date.max}], date(2020, 1, 1)) is None


def test_what_an_earlier_registry_said_stays_readable(site_ledger: Ledger, signed_in: SignedIn) -> None:
    changed = [{**one, "valid_until": date(2030, 1, 1)} if one["certificate_no"] == "T-1" else one
               for one in builders.CERTIFICATES]  # fmt: skip
    rows = builders.rows("certificates", [builders.certificate(**one) for one in changed])
    replace_source(site_ledger.path, "certificates", rows, "test")
    with site_ledger.writing():
        publishing.publish(site_ledger, "certificates", "test")
    page = _text(signed_in("officer", CITY), "/registry/certificates/T-1/", EN)
    assert "2030-01-01" in page
    assert "2019-12-31" in page


def test_a_supplier_shows_its_names_and_place(site_ledger: Ledger, signed_in: SignedIn) -> None:
    one = builders.certificate(product_id="60000001", supplier_no="1112233333", supplier_name="㈜가까운가구")
    replace_source(site_ledger.path, "certificates", builders.rows("certificates", [one]), "made")
    known = [{"supplier_no": "1112233333", "name": "가까운가구", "region": "가람시", "address": "서구 1"}]
    replace_source(site_ledger.path, "suppliers", builders.rows("suppliers", known), "suppliers")
    page = _text(signed_in("officer", CITY), "/registry/suppliers/1112233333/")
    for text in ("㈜가까운가구", "가람시 서구 1", "관내 업체", "60000001"):
        assert text in page
    assert "관내 업체" not in _text(signed_in("officer", builders.OTHER_CITY), "/registry/suppliers/1112233333/")


def test_what_was_found_comes_as_a_file(read_ledger: Ledger, signed_in: SignedIn) -> None:
    rows = _csv(signed_in("officer", CITY).get("/registry/", {"q": "T-4", "as": "csv"}, headers=EN))
    assert len(rows) == 2
    assert REVOKED in rows[1]


def test_too_much_for_a_file_is_said(read_ledger: Ledger, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chorok.site.registry.views.search.MOST", 2)
    client = signed_in("officer", CITY)
    answer = client.get("/registry/", {"as": "csv", "basis": "eco_label"}, headers=EN)
    assert answer.status_code == 302
    assert "too many" in _text(client, answer["Location"], EN)


def _offered(ledger: Ledger) -> None:
    offer = {"offer_no": "1-1", "product_id": "70000001", "product_name": "의자", "labels": ["새로운표지"],
             "read_on": date(2020, 11, 2)}  # fmt: skip
    replace_source(ledger.path, "offers", builders.rows("offers", [offer]), "mall")
    label = {"label": "새로운표지", "seen": 3}
    replace_source(ledger.path, "labels", builders.rows("labels", [label]), "mall")


def test_a_new_label_waits_is_decided_once_and_holds(site_ledger: Ledger, signed_in: SignedIn) -> None:
    _offered(site_ledger)
    client = signed_in("officer", CITY)
    assert "새로운표지" in _text(client, "/registry/labels/")
    assert "<select" not in _text(signed_in("purchaser", CITY), "/registry/labels/")
    assert client.post("/registry/labels/", {"label-1": "새로운표지", "basis-1": "eco_label"}).status_code == 302
    assert "새로운표지" not in _text(client, "/registry/labels/")
    assert "새로운표지" in _text(client, "/registry/labels/", all="1")
    labels = Registry.open(site_ledger.path).labels().to_pylist()
    assert [(row["label"], row["basis"], row["seen"]) for row in labels] == [("새로운표지", "eco_label", 3)]
    assert "유효" in _text(client, "/registry/products/70000001/")


@pytest.mark.parametrize("basis", ["", "invented", "<script>"])
def test_a_label_is_not_decided_by_what_is_no_choice(basis: str, site_ledger: Ledger, signed_in: SignedIn) -> None:
    _offered(site_ledger)
    client = signed_in("officer", CITY)
    client.post("/registry/labels/", {"label-1": "새로운표지", "basis-1": basis})
    assert Registry.open(site_ledger.path).labels()["basis"].to_pylist() == [None]


def test_only_who_may_change_the_registry_decides_labels(site_ledger: Ledger, signed_in: SignedIn) -> None:
    _offered(site_ledger)
    client = signed_in("purchaser", CITY)
    client.post("/registry/labels/", {"label-1": "새로운표지", "basis-1": "eco_label"})
    assert Registry.open(site_ledger.path).labels()["basis"].to_pylist() == [None]


@pytest.mark.parametrize("name", definitions.names())
def test_a_definition_shows_its_dates_source_and_log(name: str, read_ledger: Ledger, signed_in: SignedIn) -> None:
    found = definitions.load(name)
    page = _text(signed_in("auditor", CITY), f"/registry/definitions/{name}/", EN)
    for text in (found.source.split(",")[0], f"{found.in_force_from}", f"{found.next_review}", found.hash()[:16]):
        assert text in page
