"""Looking products up while somebody types: whole words, beginnings, numbers, later syllables, slips."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builders
from chorok.core.errors import LedgerError
from chorok.ledger import cataloguing
from chorok.ledger.catalogue import Catalogue, Wanted, state
from chorok.ledger.registry import Registry, replace_source
from chorok.ledger.store import Ledger

TODAY = date(2020, 11, 2)
LONG = {"valid_from": date(2019, 1, 1), "valid_until": date(2021, 12, 31)}
PRODUCTS: list[dict[str, Any]] = [
    {"certificate_no": "EL-1", "product_id": "80000001", "product_name": "사무용의자", "model": "CH-100A",
     "supplier_name": "㈜가온가구", **LONG},
    {"certificate_no": "EL-2", "product_id": "80000002", "product_name": "회의용 의자", "model": "CH-100",
     "supplier_name": "나래가구", "valid_from": date(2017, 1, 1), "valid_until": date(2019, 12, 31)},
    {"certificate_no": "제123-45호", "product_id": "80000003", "product_name": "Office chair", "model": "KX 7",
     "supplier_name": "Garam Inc", **LONG},
    {"certificate_no": "EL-4", "product_id": "90000004", "product_name": "복사용지", "model": "A4", "item_group": None,
     "supplier_name": "나래가구", **LONG, "revoked_on": date(2020, 5, 1), "status": "revoked"},
]  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "한글 원장", TODAY.isoformat())
    builders.register(made, certificates=PRODUCTS)
    offers = [
        {"offer_no": "1-1", "product_id": "70000001", "product_name": "접이식 의자", "supplier_no": "1112233333",
         "supplier_name": "주식회사 나래가구", "head_office": "대전광역시 유성구", "detail_code": "9000000101"},
        {"offer_no": "1-2", "product_id": "80000002", "product_name": "회의용 의자", "supplier_no": "1112233333"},
    ]  # fmt: skip
    replace_source(made.path, "offers", builders.rows("offers", offers), "mall")
    return made


def _open(ledger: Ledger) -> Catalogue:
    return Catalogue.of(ledger, Registry.open(ledger.path))


def _found(ledger: Ledger, text: str, **wanted: Any) -> list[str]:
    return [row["product_id"] for row in _open(ledger).search(Wanted(text, **wanted), TODAY).rows]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("사무용", "80000001"),
        ("복사", "90000004"),
        ("용지", "90000004"),  # a later part of a compound
        ("ch-100a", "80000001"),
        ("CH100A", "80000001"),  # a model without its hyphen
        ("kx7", "80000003"),
        ("8000000", "80000001"),  # the beginning of a number
        ("80000003", "80000003"),
        ("제123-45호", "80000003"),
        ("12345", "80000003"),
        ("el 4", "90000004"),
        ("가온 의자", "80000001"),
        ("OFFICE  Chair", "80000003"),
    ],
)
def test_a_product_is_found_as_people_write_it(ledger: Ledger, text: str, first: str) -> None:
    assert _found(ledger, text)[0] == first


def test_what_holds_today_stands_before_what_has_ended_and_what_has_no_certificate(ledger: Ledger) -> None:
    assert _found(ledger, "의자") == ["80000001", "80000003", "80000002", "70000001"]


def test_several_words_must_all_be_there(ledger: Ledger) -> None:
    assert _found(ledger, "나래 의자") == ["80000002", "70000001"]


def test_a_slip_finds_names_that_are_alike_and_says_so(ledger: Ledger) -> None:
    hits = _open(ledger).search(Wanted("사무용의쟈 CH-100A"), TODAY)
    assert hits.alike
    assert hits.rows[0]["product_id"] == "80000001"


def test_nothing_like_it_is_nothing(ledger: Ledger) -> None:
    assert _open(ledger).search(Wanted("쀍쀍"), TODAY).total == 0
    assert _found(ledger, " - ") == []


def test_no_words_is_everything_page_by_page(ledger: Ledger) -> None:
    catalogue = _open(ledger)
    pages = [catalogue.search(Wanted(), TODAY, start=start, limit=2) for start in (0, 2, 4)]
    assert [page.total for page in pages] == [5, 5, 5]
    assert sorted(row["product_id"] for page in pages for row in page.rows) == sorted(
        ["70000001", *(one["product_id"] for one in PRODUCTS)]
    )


def test_conditions_narrow_a_search(ledger: Ledger) -> None:
    assert _found(ledger, "의자", valid_only=True) == ["80000001", "80000003"]
    assert _found(ledger, "", keys=(("group", builders.CHAIR),)) == ["80000001", "80000003", "80000002", "70000001"]
    assert _found(ledger, "", bases=("gr",)) == []
    assert _found(ledger, "", seats=frozenset({"대전광역시 유성구"})) == ["80000002", "90000004", "70000001"]


def test_a_makers_number_is_known_from_other_lists(ledger: Ledger) -> None:
    rows = _open(ledger).having("supplier", "1112233333")
    assert [row["product_id"] for row in rows] == ["80000002", "90000004", "70000001"]


def test_states_say_what_a_certificate_says_on_the_day(ledger: Ledger) -> None:
    rows = {row["product_id"]: row for row in _open(ledger).search(Wanted(), TODAY).rows}
    said = {product: state(row, TODAY) for product, row in rows.items()}
    assert said == {
        "80000001": "valid",
        "80000002": "expired",
        "80000003": "valid",
        "90000004": "revoked",
        "70000001": "none",
    }
    assert state(rows["80000001"], date(2018, 1, 1)) == "not_yet"
    assert state(rows["90000004"], date(2020, 4, 30)) == "valid"


def test_a_revocation_without_a_date_is_a_question(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path / "l", TODAY.isoformat())
    builders.register(ledger)
    rows = {row["product_id"]: row for row in _open(ledger).search(Wanted(), TODAY, limit=50).rows}
    assert {name: state(rows[name], TODAY) for name in (builders.UNDATED, builders.GIVEN_UP, builders.LABELLED)} == {
        builders.UNDATED: "uncertain",
        builders.GIVEN_UP: "uncertain",
        builders.LABELLED: "uncertain",
    }
    assert _open(ledger).counts("group", valid_on=date(2019, 5, 5))[builders.CHAIR] == 4


def test_an_empty_registry_finds_nothing(tmp_path: Path) -> None:
    assert _open(Ledger.create(tmp_path / "l", TODAY.isoformat())).search(Wanted("의자"), TODAY).total == 0


def test_a_changed_registry_gets_a_catalogue_of_its_own_and_old_ones_go(ledger: Ledger) -> None:
    first = _open(ledger)
    for number in range(cataloguing.KEPT + 1):
        one = builders.certificate(product_id="60000001", product_name=f"새의자{number}", source_row=1, **LONG)
        replace_source(ledger.path, "certificates", builders.rows("certificates", [one]), "later")
        assert _found(ledger, f"새의자{number}") == ["60000001"]
    assert len(list((ledger.path / "index").glob("catalogue-*"))) == cataloguing.KEPT
    assert first.search(Wanted("사무용"), TODAY).rows[0]["product_id"] == "80000001"  # it reads on, what is open stays


def test_a_damaged_catalogue_is_an_error_that_says_where(ledger: Ledger) -> None:
    _open(ledger)
    folder = next((ledger.path / "index").glob("catalogue-*"))
    (folder / "words.arrow").write_bytes(b"broken")
    with pytest.raises(LedgerError) as caught:
        _open(ledger)
    assert caught.value.code == "catalogue_unreadable"


NAMES = st.text("가나다라의자용지 ab1-", min_size=1, max_size=12)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", unicodedata.normalize("NFC", text).lower()) if word]


def _says(name: str, typed: str) -> bool:
    """Tell independently whether a name answers typed text: every word begins a word, or a later part in Hangul."""
    begins = [
        part
        for word in _words(name)
        for part in [word, *(word[at:] for at in range(1, len(word)) if re.match("[가-힣]{2}", word[at:]))]
    ]
    words = _words(typed)
    every = bool(words) and all(any(part.startswith(word) for part in begins) for word in words)
    return every or (len(words) > 1 and any(part.startswith("".join(words)) for part in begins))


@settings(max_examples=15, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=6), typed=st.lists(NAMES, min_size=1, max_size=8))
def test_a_search_finds_what_plain_python_finds(
    names: list[str], typed: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    ledger = Ledger.create(tmp_path_factory.mktemp("l") / "l", TODAY.isoformat())
    rows = [
        {"product_name": name, "product_id": f"{number:08}", "basis": "eco_label", "source_row": number}
        for number, name in enumerate(names)
    ]
    replace_source(ledger.path, "certificates", builders.rows("certificates", rows), "test")
    catalogue = _open(ledger)
    for text in typed:
        hits = catalogue.search(Wanted(text), TODAY, limit=99)
        found = set() if hits.alike else {row["product_name"] for row in hits.rows}
        wanted = {name for number, name in enumerate(names) if not text.strip() or _says(f"{name} {number:08}", text)}
        assert found == wanted, text
