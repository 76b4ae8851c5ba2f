from __future__ import annotations

import csv
import io
import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chorok.core.errors import BadInputError
from chorok.ledger.registry import Registry
from chorok.ledger.schema import REGISTRY
from chorok.sources import certificates
from chorok.sources.understanding import RawTable
from chorok.wording import LANGUAGES, knows, say, say_error

DAY = date(2020, 11, 2)
SHARED = Path(os.environ.get("CHOROK_SHARED", Path(__file__).parents[3] / "shared"))
KEITI = (
    "용도,업체명,홈페이지,제품번호,인증번호,제품용도명,모델명,분류번호,식별번호,"
    "인증상태,환경표지여부,환경표지인증시작일,환경표지인증종료일,지역"
)
BASES = ["eco_label", "eco-label", "gr", "recycled_aggregate"]
PPS = (
    "물품분류번호,물품식별번호,세부물품분류번호,세부품명,유효기간시작일자,"
    "유효기간종료일자,인증구분,품명,품목,현재인증유효여부"
)


def keiti(**changes) -> dict:
    row = dict.fromkeys(KEITI.split(","), "") | {
        "업체명": "푸른창호",
        "제품번호": "P1",
        "인증번호": "T-EL-1",
        "제품용도명": "EL250.창호",
        "모델명": "AB-100",
        "분류번호": "99000001",
        "식별번호": "99000011",
        "인증상태": "인증",
        "환경표지여부": "Y",
        "환경표지인증시작일": "2019-01-01",
        "환경표지인증종료일": "2021-12-31",
        "지역": "부산",
    }
    return row | changes


def pps(**changes) -> dict:
    values = "99000001,99000011,9900000101,의자,20190101,20211231,환경표지,의자,의자 푸른 AB-100,Y"
    return dict(zip(PPS.split(","), values.split(","), strict=True)) | changes


def as_csv(rows: list[dict], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


@pytest.fixture
def read(tmp_path):
    def reader(content: bytes, name: str = "목록 1.csv", **options) -> certificates.RegistryFile:
        path = tmp_path / name
        path.write_bytes(content)
        found = certificates.read(path, tmp_path / "작업", **{"read_on": DAY, **options})
        assert found.account.received == found.account.accepted + found.account.rejected
        for table, rows in found.tables.items():
            assert rows.schema == REGISTRY[table]
        return found

    return reader


def rows_of(found: certificates.RegistryFile, table: str = "certificates") -> list[dict]:
    return found.tables[table].to_pylist()


class TestKeiti:
    @pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig"])
    def test_a_row(self, read, encoding):
        found = read(as_csv([keiti(), keiti(인증번호="T-EL-2")], encoding))
        assert found.kind == found.source == "keiti_by_use"
        first = {key: value for key, value in rows_of(found)[0].items() if value is not None}
        assert first == {
            "certificate_no": "T-EL-1",
            "basis": "eco_label",
            "status": "certified",
            "valid_from": date(2019, 1, 1),
            "valid_until": date(2021, 12, 31),
            "item_label": "EL250.창호",
            "product_no": "P1",
            "product_id": "99000011",
            "class_code": "99000001",
            "model": "AB-100",
            "supplier_name": "푸른창호",
            "region": "부산",
            "source": "keiti_by_use",
            "source_row": 1,
        }

    @pytest.mark.parametrize(
        ("word", "status"),
        [
            ("인증", "certified"),
            ("인증취소", "revoked"),
            ("인증포기", "given_up"),
            (" 인증만료 ", "revoked"),
            ("?", "unknown"),
        ],
    )
    def test_status_words_and_an_end_before_the_printed_end(self, read, word, status):
        assert rows_of(read(as_csv([keiti(인증상태=word)])))[0]["status"] == status

    def test_an_expired_certificate_keeps_its_printed_days(self, read):
        row = rows_of(read(as_csv([keiti(인증상태="인증만료", 환경표지인증종료일="2020-11-01")])))[0]
        assert (row["status"], row["valid_until"]) == ("expired", date(2020, 11, 1))

    def test_what_is_not_certified_with_the_eco_label_has_no_basis_and_makes_no_group(self, read):
        found = read(as_csv([keiti(환경표지여부="N")]))
        assert rows_of(found)[0]["basis"] is None
        assert rows_of(found, "item_groups") == []
        assert found.account.notes == ()

    def test_an_unknown_word_is_said(self, read):
        found = read(as_csv([keiti(인증상태="보류"), keiti()]))
        assert ("word_unknown", {"field": "status", "word": "보류", "rows": "1"}) in found.account.notes

    def test_groups_are_derived_and_a_class_goes_to_its_most_frequent_group(self, read):
        rows = [keiti(), keiti(), keiti(제품용도명="EL172.가구"), keiti(제품용도명="EL172.가구", 분류번호="99000002")]
        rows += [keiti(제품용도명="벽지", 분류번호="")]
        found = {row["code"]: row for row in rows_of(read(as_csv(rows)), "item_groups")}
        assert {code: (row["name_ko"], row["codes"]) for code, row in found.items()} == {
            "EL250": ("창호", ["99000001"]),
            "EL172": ("가구", ["99000002"]),
            "벽지": ("벽지", []),
        }
        assert all(row["derived"] for row in found.values())

    def test_a_workbook(self, read, tmp_path):
        import openpyxl

        book = openpyxl.Workbook()
        rows = [keiti(), keiti(인증번호="T-EL-2", 환경표지인증종료일="없음")]
        book.active.append(list(rows[0]))
        for row in rows:
            book.active.append(list(row.values()))
        book.save(tmp_path / "x.xlsx")
        found = read((tmp_path / "x.xlsx").read_bytes(), "용도별.xlsx")
        assert [row["certificate_no"] for row in rows_of(found)] == ["T-EL-1"]
        assert found.account.rejects.to_pylist()[0]["row"] == 3


class TestRejects:
    def test_each_row_that_cannot_be_used_is_told_with_its_place(self, read):
        rows = [
            keiti(),
            keiti(환경표지인증종료일="2021-02-30"),
            keiti(인증번호="", 제품번호="", 식별번호=" "),
            keiti(환경표지인증시작일="2022-01-01"),
        ]
        found = read(as_csv(rows) + b",,,,,,,,,,,,,\r\nshort,row\r\n")
        assert (found.account.received, found.account.accepted) == (5, 1)
        told = [(reject["column"], reject["value"], reject["reason"]) for reject in found.account.rejects.to_pylist()]
        assert told == [
            ("환경표지인증종료일", "2021-02-30", "date_bad"),
            ("인증번호", None, "nothing_to_know_by"),
            ("환경표지인증종료일", "2021-12-31", "dates_swapped"),
            (None, "short,row", "broken_row"),
        ]
        assert [reject["row"] for reject in found.account.rejects.to_pylist()[:3]] == [2, 3, 4]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_reason_has_words_and_a_remedy(self, language):
        for reason in ("date_bad", "number_bad", "flag_bad", "dates_swapped", "nothing_to_know_by", "broken_row"):
            assert knows(f"registry_reject.{reason}", language)
            assert knows(f"registry_remedy.{reason}", language)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_rows_that_cannot_be_read_are_an_error_in_words(self, tmp_path, language):
        gone = RawTable("목록 1.csv", tmp_path / "gone.csv", "csv", tuple(KEITI.split(",")))
        with pytest.raises(BadInputError) as caught:
            certificates.of_tables([gone], read_on=DAY, file="목록 1.csv")
        assert caught.value.code == "list_unreadable"
        assert "목록 1.csv" in say_error(caught.value, language)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_an_unknown_list_is_told_with_its_headers(self, read, language):
        with pytest.raises(BadInputError) as caught:
            read(b"one,two\n1,2\n3,4\n")
        assert caught.value.code == "list_unknown"
        assert "one, two" in say_error(caught.value, language)

    def test_days_without_a_meaning_are_no_fault(self, read):
        row = rows_of(read(as_csv([keiti(환경표지인증시작일="0000-00-00", 환경표지인증종료일="9999-12-31")])))[0]
        assert (row["valid_from"], row["valid_until"]) == (None, None)


class TestOtherLists:
    def test_pps_items_take_their_basis_from_the_label(self, read):
        labels = ["환경표지", "GR(우수재활용)", "저탄소제품", "녹색기술인증", "새로운인증"]
        found = read(as_csv([pps(인증구분=label) for label in labels]))
        assert [row["basis"] for row in rows_of(found)] == ["eco_label", "gr", "low_carbon", "none", None]
        assert [(row["label"], row["seen"]) for row in rows_of(found, "labels")] == [("새로운인증", 1)]
        assert rows_of(found)[0]["detail_code"] == "9900000101"
        for language in LANGUAGES:
            code, params = found.account.notes[0]
            assert "새로운인증" in say(f"registry_note.{code}", language, **params)

    def test_a_pps_item_no_longer_valid_before_its_end_ended_nobody_knows_when(self, read):
        rows = [pps(현재인증유효여부="N"), pps(현재인증유효여부="N", 유효기간종료일자="20200101")]
        assert [row["status"] for row in rows_of(read(as_csv(rows)))] == ["revoked", "expired"]

    def test_the_revoked_list_as_xml(self, read):
        xml = """<response><header><resultCode>00</resultCode></header><body><items>
        <item><prodRson>EL250.창호</prodRson><prodRsid>T-EL-1</prodRsid><prodMdel>AB-100</prodMdel>
        <prodRsdt>2019-01-01</prodRsdt><prodRedt>2021-12-31</prodRedt><prodRtdt>2020-01-08</prodRtdt></item>
        <item><prodRson>EL250.창호</prodRson><prodRsid>T-EL-2</prodRsid><prodMdel>AB-200</prodMdel>
        <prodRsdt>2019-01-01</prodRsdt><prodRedt>2021-12-31</prodRedt><prodRtdt></prodRtdt></item>
        </items></body></response>"""
        rows = rows_of(read(xml.encode(), "해지.xml"))
        assert [(row["certificate_no"], row["status"], row["revoked_on"]) for row in rows] == [
            ("T-EL-1", "revoked", date(2020, 1, 8)),
            ("T-EL-2", "revoked", None),
        ]

    def test_mall_rows_become_offers_and_evidence_of_the_day(self, read):
        items = [
            {
                "shopngCntrctNo": "00190001",
                "shopngCntrctSno": "7",
                "prdctIdntNo": "99000011",
                "cntrctPrceAmt": "12,000",
                "cntrctCorpBizno": "000-12-34567",
                "cntrctEndDate": "9999-12-31",
                "prodctCertList": "GR(우수재활용, 1종),환경표지제품,KS,새표지",
                "hdoffceLocplc": "부산광역시",
            },
            {"shopngCntrctNo": "00190001", "shopngCntrctSno": "8", "prdctIdntNo": "99000012", "cntrctPrceAmt": "많음"},
            {"shopngCntrctNo": "00190001", "shopngCntrctSno": "9", "prdctIdntNo": "99000013", "cntrctPrceAmt": "5"},
        ]
        envelope = {"response": {"header": {"resultCode": "00"}, "body": {"items": items, "totalCount": 3}}}
        found = read(json.dumps(envelope).encode(), "쇼핑몰.json")
        assert found.source == "쇼핑몰"
        first = rows_of(found, "offers")[0]
        assert (first["offer_no"], first["price"], first["supplier_no"]) == ("00190001-7", 12000, "0001234567")
        assert (first["currency"], first["contract_until"], first["head_office"]) == ("KRW", None, "부산광역시")
        assert first["labels"] == ["GR(우수재활용, 1종)", "환경표지제품", "KS", "새표지"]
        evidence = [(row["product_id"], row["basis"], row["read_on"], row["valid_from"]) for row in rows_of(found)]
        assert evidence == [("99000011", "eco_label", DAY, None)]
        assert [row["label"] for row in rows_of(found, "labels")] == ["GR(우수재활용, 1종)", "새표지"]
        assert [reject["reason"] for reject in found.account.rejects.to_pylist()] == ["number_bad"]

    def test_templates(self, read):
        groups = "code,name_ko,name_en,synonyms,codes,standard_from,standard_until,mandatory\n"
        groups += "T-C,의자,Chairs, 걸상 | 책상 의자|걸상,99000001|9900000101,2005-09-02,,Y\n"
        row = rows_of(read(groups.encode(), "item_groups.csv"), "item_groups")[0]
        assert (row["synonyms"], row["codes"]) == (["걸상", "책상 의자"], ["99000001", "9900000101"])
        assert (row["standard_from"], row["standard_until"]) == (date(2005, 9, 2), None)
        assert (row["mandatory"], row["derived"], row["source"]) == (True, False, "item_groups")
        people = "code,name_ko,name_en,kind,parent,valid_from,valid_until,aliases\n"
        people += "T-1,부산,Busan,city,T-0,,2020-01-01,가|나\n"
        row = rows_of(read(people.encode(), "organisations.csv"), "organisations")[0]
        assert (row["valid_until"], row["aliases"]) == (date(2020, 1, 1), ["가", "나"])
        labels = rows_of(read("label,basis\n새표지,eco_label\n".encode(), "labels.csv"), "labels")
        assert labels == [{"label": "새표지", "basis": "eco_label", "seen": 0, "first_source": "labels"}]

    def test_a_basis_that_no_definition_knows_is_said(self, read):
        rows = [{"certificate_no": str(n), "basis": basis, "product_name": "의자"} for n, basis in enumerate(BASES)]
        found = read(as_csv(rows), "certificates.csv")
        assert [row["basis"] for row in rows_of(found)] == BASES
        assert {row["status"] for row in rows_of(found)} == {"certified"}
        assert found.account.notes == (("basis_unknown", {"basis": "eco-label", "rows": "1"}),)

    @pytest.mark.skipif(not (SHARED / "data/registries/energystar").is_dir(), reason="no shared data")
    def test_real_energy_star_lists(self, tmp_path):
        for path in sorted((SHARED / "data/registries/energystar").glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                expected = list(csv.DictReader(file))
            found = certificates.read(path, tmp_path, read_on=DAY)
            assert found.kind == "energy_star"
            assert (found.account.received, found.account.rejected) == (len(expected), 0)
            assert [row["model"] for row in rows_of(found)] == [row["Model Number"].strip() for row in expected]
            month, day, year = (expected[0].get("Date Certified") or expected[0]["Date Qualified"]).split("/")
            assert rows_of(found)[0]["valid_from"] == date(int(year), int(month), int(day))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["T-1", "", "T-2"]),
            st.sampled_from(["P", ""]),
            st.sampled_from(["2019-01-01", "x", "", "2022-01-01", "2019-02-30"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_rows_in_are_rows_accepted_and_rejected(read, cases):
    rows = [keiti(인증번호=no, 제품번호=p, 식별번호="", 환경표지인증시작일=day) for no, p, day in cases]
    found = read(as_csv(rows))
    good = [no for no, p, day in cases if (no or p) and day in ("2019-01-01", "")]
    assert found.account.received == len(cases)
    assert [row["certificate_no"] for row in rows_of(found)] == [no or None for no in good]


def test_from_files_to_the_registry_and_back(read, tmp_path):
    ledger = tmp_path / "부산 장부"
    first = read(as_csv([keiti(), keiti(인증번호="T-EL-2", 식별번호="99000012")], "cp949"))
    assert [change.added for change in certificates.post(ledger, first)] == [2, 1]
    assert not any(change.written for change in certificates.post(ledger, first))
    again = read(as_csv([keiti(인증상태="인증취소"), keiti(인증번호="T-EL-3", 식별번호="99000013")]))
    change = certificates.post(ledger, again)[0]
    assert (change.added, change.removed, change.changed) == (1, 1, 1)
    revoked = [{"prodRsid": "T-EL-1", "prodMdel": "", "prodRtdt": "2020-05-05", "prodRson": "EL250.창호"}]
    certificates.post(ledger, read(as_csv(revoked), "해지 2020.csv"))
    registry = Registry.open(ledger)
    found = {
        row["certificate_no"]: row for row in registry.certificates().to_pylist() if row["source"] == "keiti_by_use"
    }
    assert found["T-EL-1"]["revoked_on"] == date(2020, 5, 5)
    assert found["T-EL-3"]["revoked_on"] is None
    assert {row["item_group"] for row in found.values()} == {"EL250"}
    assert registry.codes().to_pylist() == [{"code": "99000001", "item_group": "EL250"}]
