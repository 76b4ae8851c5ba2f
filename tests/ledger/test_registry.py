from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from chorok.core.errors import LedgerError
from chorok.ledger.registry import Registry, replace_source, would_change
from chorok.ledger.schema import CERTIFICATES, ITEM_GROUPS, LABELS, OFFERS, SUPPLIERS


def rows(schema: pa.Schema, *records: dict) -> pa.Table:
    return pa.Table.from_pylist(list(records), schema=schema)


def groups(*records: dict) -> pa.Table:
    return rows(ITEM_GROUPS, *({"derived": False, **record} for record in records))


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "부산 장부 (2019)"


def certificate(**values) -> dict:
    return {"status": "certified", "basis": "eco_label", **values}


def read(ledger) -> list[dict]:
    return Registry.open(ledger).certificates().to_pylist()


class TestStore:
    def test_a_ledger_without_a_registry_is_empty_and_of_version_0(self, ledger):
        registry = Registry.open(ledger)
        assert registry.version == 0
        assert registry.table("certificates").schema == CERTIFICATES
        assert registry.certificates().num_rows == 0
        assert registry.item_groups().num_rows == 0

    def test_each_write_makes_a_larger_version_and_old_ones_stay_readable(self, ledger):
        replace_source(ledger, "suppliers", rows(SUPPLIERS, {"name": "가"}), "a")
        first = Registry.open(ledger)
        replace_source(ledger, "suppliers", rows(SUPPLIERS, {"name": "나"}), "b")
        replace_source(ledger, "item_groups", groups({"code": "X", "name_ko": "의자"}), "b")
        last = Registry.open(ledger)
        assert (first.version, last.version) == (1, 3)
        again = Registry.open(ledger, first.versions)
        assert again.table("suppliers")["name"].to_pylist() == ["가"]
        assert again.table("item_groups").num_rows == 0

    def test_one_source_never_touches_another(self, ledger):
        replace_source(ledger, "suppliers", rows(SUPPLIERS, {"name": "가"}, {"name": "나"}), "a")
        replace_source(ledger, "suppliers", rows(SUPPLIERS, {"name": "가"}), "b")
        change = replace_source(ledger, "suppliers", rows(SUPPLIERS), "a")
        assert (change.removed, change.added) == (2, 0)
        assert Registry.open(ledger).sources("suppliers") == {"b": 1}

    def test_it_says_what_changed(self, ledger):
        def numbered(no: str, name: str) -> dict:
            return {"supplier_no": no, "name": name, "region": "부산"}

        replace_source(ledger, "suppliers", rows(SUPPLIERS, *(numbered(str(n), "가") for n in range(4))), "a")
        after = rows(
            SUPPLIERS, numbered("0", "가"), numbered("1", "가"), numbered("9", "마"), {"name": "가", "supplier_no": "2"}
        )
        change = replace_source(ledger, "suppliers", after, "a")
        assert (change.added, change.removed, change.changed, change.unchanged) == (1, 1, 1, 2)

    def test_equal_content_is_not_written(self, ledger):
        table = rows(SUPPLIERS, {"name": "가"})
        assert replace_source(ledger, "suppliers", table, "a").written
        change = replace_source(ledger, "suppliers", table, "a")
        assert not change.written
        assert change.unchanged == 1
        assert Registry.open(ledger).version == 1
        assert not replace_source(ledger, "offers", rows(OFFERS), "a").written
        assert Registry.open(ledger).version == 1

    def test_a_source_with_quotes_in_its_name(self, ledger):
        name = "it's; DROP TABLE x --"
        replace_source(ledger, "suppliers", rows(SUPPLIERS, {"name": "가"}), name)
        assert Registry.open(ledger).sources("suppliers") == {name: 1}

    def test_a_version_that_is_gone_is_told(self, ledger):
        replace_source(ledger, "suppliers", rows(SUPPLIERS, {"name": "가"}), "a")
        with pytest.raises(LedgerError, match="registry_version_missing"):
            Registry.open(ledger, {"suppliers": 7}).table("suppliers")
        with pytest.raises(LedgerError, match="registry_table_unknown"):
            Registry.open(ledger, {"people": 0})

    def test_two_writers_at_once_lose_nothing(self, ledger):
        from concurrent.futures import ThreadPoolExecutor

        replace_source(ledger, "suppliers", rows(SUPPLIERS, {"name": "첫"}), "first")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: replace_source(ledger, "suppliers", rows(SUPPLIERS, {"name": n}), n), "abcd"))
        assert set(Registry.open(ledger).sources("suppliers")) == {"first", "a", "b", "c", "d"}


class TestItemGroups:
    def test_an_entered_group_takes_its_codes_from_a_derived_one(self, ledger):
        derived = {"code": "EL9", "name_ko": "걸상", "codes": ["99000001", "99000002"], "derived": True}
        replace_source(ledger, "item_groups", groups(derived), "list")
        replace_source(ledger, "item_groups", groups({"code": "CHAIR", "name_ko": "의자", "codes": ["99000001"]}), "me")
        assert Registry.open(ledger).codes().sort_by("code").to_pylist() == [
            {"code": "99000001", "item_group": "CHAIR"},
            {"code": "99000002", "item_group": "EL9"},
        ]

    def test_a_derived_group_goes_when_an_entered_one_has_its_name_or_all_its_codes(self, ledger):
        by_name = {"code": "EL1", "name_ko": "의 자", "codes": ["99000005"], "derived": True}
        by_code = {"code": "EL2", "name_ko": "걸상", "codes": ["99000001"], "derived": True}
        replace_source(ledger, "item_groups", groups(by_name, by_code), "list")
        entered = {"code": "CHAIR", "name_ko": "가구", "synonyms": ["의자"], "codes": ["99000001"]}
        replace_source(ledger, "item_groups", groups(entered), "me")
        assert Registry.open(ledger).item_groups()["code"].to_pylist() == ["CHAIR"]


class TestCertificates:
    @pytest.mark.parametrize("revoked_first", [True, False])
    def test_the_revoked_list_dates_a_certificate_whatever_came_first(self, ledger, revoked_first):
        steps = [
            ("keiti", certificate(certificate_no="EL 123", model="AB-1", status="revoked", product_id="99")),
            (
                "revoked",
                certificate(certificate_no="EL123", model="ab1", status="revoked", revoked_on=date(2024, 1, 8)),
            ),
        ]
        for source, row in reversed(steps) if revoked_first else steps:
            replace_source(ledger, "certificates", rows(CERTIFICATES, row), source)
        assert {row["source"]: row["revoked_on"] for row in read(ledger)} == {
            "keiti": date(2024, 1, 8),
            "revoked": date(2024, 1, 8),
        }

    def test_another_model_of_the_same_number_stays_valid(self, ledger):
        found = [
            certificate(certificate_no="1", model="A"),
            certificate(certificate_no="1", model="B"),
            certificate(certificate_no="1"),
            certificate(certificate_no="2", model="A"),
        ]
        replace_source(ledger, "certificates", rows(CERTIFICATES, *found), "keiti")
        gone = certificate(certificate_no="1", model="A", revoked_on=date(2020, 1, 1), status="revoked")
        replace_source(ledger, "certificates", rows(CERTIFICATES, gone), "z")
        states = [
            (row["certificate_no"], row["model"], row["status"]) for row in read(ledger) if row["source"] == "keiti"
        ]
        assert sorted(states, key=str) == [
            ("1", "A", "revoked"),
            ("1", "B", "certified"),
            ("1", None, "revoked"),
            ("2", "A", "certified"),
        ]

    def test_a_revocation_without_a_model_is_of_all_models_and_the_first_date_counts(self, ledger):
        found = rows(
            CERTIFICATES, certificate(certificate_no="1", model="A"), certificate(certificate_no="1", model="B")
        )
        replace_source(ledger, "certificates", found, "keiti")
        days = [certificate(certificate_no="1", revoked_on=date(2020, month, 1)) for month in (5, 2)]
        replace_source(ledger, "certificates", rows(CERTIFICATES, *days), "z")
        result = read(ledger)
        assert len(result) == 4
        assert {row["revoked_on"] for row in result} == {date(2020, 2, 1)}

    def test_the_group_comes_from_detail_code_then_class_then_word(self, ledger):
        entered = groups(
            {"code": "D", "name_ko": "상세", "codes": ["9900000101"]},
            {"code": "K", "name_ko": "분류", "codes": ["99000001"]},
            {"code": "W", "name_ko": "창호", "synonyms": ["창문"], "codes": []},
        )
        replace_source(ledger, "item_groups", entered, "me")
        cases = [
            ({"detail_code": "9900000101", "class_code": "99000001", "item_label": "창호"}, "D"),
            ({"class_code": "99000001", "item_label": "창호"}, "K"),
            ({"detail_code": "9900000102"}, "K"),
            ({"item_label": "EL250.창호"}, "W"),
            ({"item_label": " 창 문"}, "W"),
            ({"item_group": "W", "class_code": "99000001"}, "W"),
            ({"item_group": "gone", "class_code": "99000001"}, "K"),
            ({"item_label": "의자"}, None),
        ]
        found = [certificate(certificate_no=str(n), source_row=n, **values) for n, (values, _) in enumerate(cases)]
        replace_source(ledger, "certificates", rows(CERTIFICATES, *found), "keiti")
        assert [row["item_group"] for row in read(ledger)] == [group for _, group in cases]

    def test_a_word_of_two_groups_says_nothing(self, ledger):
        two = groups({"code": "A", "name_ko": "의자"}, {"code": "B", "name_ko": "가구", "synonyms": ["의자"]})
        replace_source(ledger, "item_groups", two, "me")
        replace_source(ledger, "certificates", rows(CERTIFICATES, certificate(item_label="의자")), "keiti")
        assert read(ledger)[0]["item_group"] is None

    def test_a_label_that_a_person_mapped_becomes_evidence_of_the_day(self, ledger):
        offer = {
            "offer_no": "1-1",
            "product_id": "99000009",
            "labels": ["친환경마크", "KS"],
            "read_on": date(2026, 1, 2),
        }
        replace_source(ledger, "offers", rows(OFFERS, offer), "mall")
        replace_source(ledger, "labels", rows(LABELS, {"label": "친환경마크", "seen": 1}), "mall")
        assert read(ledger) == []
        assert Registry.open(ledger).labels().to_pylist()[0]["basis"] is None
        replace_source(ledger, "labels", rows(LABELS, {"label": "친환경마크", "basis": "eco_label"}), "me")
        assert [(row["basis"], row["product_id"], row["read_on"]) for row in read(ledger)] == [
            ("eco_label", "99000009", date(2026, 1, 2))
        ]
        assert Registry.open(ledger).labels().to_pylist() == [
            {"label": "친환경마크", "basis": "eco_label", "seen": 1, "first_source": "mall"}
        ]


def test_a_preview_counts_as_the_write_does_and_writes_nothing(ledger):
    first = rows(CERTIFICATES, *(certificate(certificate_no=f"T-{n}") for n in range(3)))
    second = rows(CERTIFICATES, *(certificate(certificate_no=f"T-{n}", region=f"{n // 2}") for n in (1, 2, 4)))
    third = rows(CERTIFICATES, *(certificate(certificate_no=f"T-{n}", region="1") for n in (1, 2, 4)))
    for given in (first, second, third, third):
        before = Registry.open(ledger).version
        expected = would_change(ledger, "certificates", given, "list")
        assert Registry.open(ledger).version == before
        written = replace_source(ledger, "certificates", given, "list")
        assert replace(expected, version=None) == replace(written, version=None)
    assert Registry.open(ledger).of_source("certificates", "list").num_rows == 3
    assert Registry.open(ledger).of_source("certificates", "another").num_rows == 0
