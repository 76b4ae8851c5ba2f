"""What columns mean: from headers, from values, from answers; and never a silent choice between equals."""

from __future__ import annotations

from pathlib import Path

import pytest

from chorok import wording
from chorok.core.errors import BadInputError, ChorokError, NeedsAnswerError
from chorok.sources.columns import understand
from chorok.sources.tables import open_tables
from chorok.sources.understanding import RawTable, Understanding


def table(tmp_path: Path, text: str, name: str = "a.csv") -> RawTable:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return open_tables(path, tmp_path / "work")[0]


def of(tmp_path: Path, text: str, **answers: str) -> Understanding:
    understood = understand(table(tmp_path, text), answers=answers)
    for code, params in understood.notes:
        assert all(wording.say(code, language, **params) for language in wording.LANGUAGES)
    return understood


def refused(tmp_path: Path, text: str, kind: type[ChorokError], code: str, **answers: str) -> dict[str, object]:
    with pytest.raises(kind) as caught:
        of(tmp_path, text, **answers)
    assert caught.value.code == code, caught.value
    assert all(wording.say_error(caught.value, language) for language in wording.LANGUAGES)
    return caught.value.params


def codes(understood: Understanding) -> set[str]:
    return {code.removeprefix("note.") for code, _ in understood.notes}


KOREAN = (
    "연번,납품요구번호,품목순번,납품요구일자,수요기관,부서,업무구분,물품식별번호,물품분류번호,세부품명번호,품명,규격,"
    "수량,단위,단가,금액(원),업체명,사업자등록번호,담당자,비고\n"
    "1,R1,1,2019.3.5,가시,총무과,물품,20102301,44101501,4410150101,의자,A-1,2,개,500,1000,초록가구,220-81-62517,홍길동,\n"
    "2,R1,2,2019.3.6,가시,총무과,물품,20102302,44101501,4410150101,책상,B-1,1,개,500,500,초록가구,220-81-62517,홍길동,\n"
)


def test_korean_office_file(tmp_path: Path) -> None:
    understood = of(tmp_path, KOREAN)
    assert understood.columns == {
        "source_key": "납품요구번호",
        "source_line": "품목순번",
        "order_date": "납품요구일자",
        "organisation_name": "수요기관",
        "department": "부서",
        "kind": "업무구분",
        "supplier_no": "사업자등록번호",
        "supplier_name": "업체명",
        "product_id": "물품식별번호",
        "class_code": "물품분류번호",
        "detail_code": "세부품명번호",
        "description": "품명",
        "specification": "규격",
        "quantity": "수량",
        "unit": "단위",
        "unit_price": "단가",
        "amount": "금액(원)",
    }
    assert (understood.currency, understood.decimals, understood.multiplier) == ("KRW", 0, 1)
    assert understood.unmapped == ("연번", "담당자", "비고")
    assert ("note.private_dropped", {"columns": "담당자"}) in understood.notes


@pytest.mark.parametrize(
    ("amount", "date", "kind"),
    [
        ("구매금액", "계약일자", "order_date"),
        ("집행금액", "집행일자", "payment_date"),
        ("지출 금액", "지출일", "payment_date"),
        ("승인금액", "승인일시", "payment_date"),
        ("이용금액", "이용일", "order_date"),
        ("총구매금액", "검수일", "receipt_date"),
        ("Amount", "Payment Date", "payment_date"),
        ("NET AMOUNT", "GL Date", "payment_date"),
        ("Invoiced Value", "Date", "payment_date"),
        ("Amount", "Date", "order_date"),
        ("Ammount", "Order date", "order_date"),
        ("EXTENDED_PRICE", "PO_DATE", "order_date"),
        ("Total Cost", "Check Date", "payment_date"),
        ("취득가액", "취득일자", "order_date"),
        ("물품대금", "지급연월일", "payment_date"),
    ],
)
def test_headers(tmp_path: Path, amount: str, date: str, kind: str) -> None:
    understood = of(tmp_path, f"{date},품명,{amount}\n2019-01-02,의자,100\n")
    assert understood.columns["amount"] == amount
    assert understood.columns[kind] == date


def test_two_amounts_of_equal_standing_are_asked(tmp_path: Path) -> None:
    text = "Date,Net amount,Gross amount\n2019-01-02,100,120\n"
    params = refused(tmp_path, text, NeedsAnswerError, "two_amount_columns")
    assert params["columns"] == "Net amount, Gross amount"
    assert of(tmp_path, text, amount="Gross amount").columns["amount"] == "Gross amount"


def test_exactness_of_the_header_decides(tmp_path: Path) -> None:
    text = "일자,예산액,금액,녹색구매금액,세액\n2019-01-02,9,1,2,3\n"
    assert of(tmp_path, text).columns["amount"] == "금액"


def test_a_header_that_its_values_contradict_is_not_believed(tmp_path: Path) -> None:
    text = "일자,금액,계약금액\n2019-01-02,적정,100\n2019-01-03,과다,200\n"
    assert of(tmp_path, text).columns["amount"] == "계약금액"


def test_missing_columns(tmp_path: Path) -> None:
    params = refused(tmp_path, "일자,품명\n2019-01-02,의자\n", BadInputError, "no_amount_column")
    assert params["columns"] == "일자, 품명"
    refused(tmp_path, "품명,금액\n의자,100\n", BadInputError, "no_date_column")


def test_wrong_answers(tmp_path: Path) -> None:
    text = "일자,금액\n2019-01-02,100\n"
    refused(tmp_path, text, BadInputError, "unknown_field", price="금액")
    refused(tmp_path, text, BadInputError, "unknown_column", amount="액수")
    refused(tmp_path, text, BadInputError, "unknown_answer", date_order="ydm")
    refused(tmp_path, text, BadInputError, "unknown_currency", currency="won")
    refused(tmp_path, text, BadInputError, "unknown_unit", amount_unit="개")


def test_values_alone(tmp_path: Path) -> None:
    text = "2019-01-02,1200,초록,2208162517\n2019-01-03,900,한강,2208162517\n"
    understood = of(tmp_path, text)
    assert understood.columns == {"order_date": "column 1", "amount": "column 2", "supplier_no": "column 4"}
    assert {"headerless", "column_by_values"} <= codes(understood)


@pytest.mark.parametrize(
    ("preamble", "header", "currency", "multiplier"),
    [
        ("(단위: 천원)", "금액", "KRW", 1000),
        ("단위 : 백만원", "금액", "KRW", 10**6),
        ("[단위:억원]", "금액", "KRW", 10**8),
        ("(단위: 원)", "금액", "KRW", 1),
        ("(단위: 천원, 개)", "금액", "KRW", 1000),
        ("(단위: 개)", "금액", "KRW", 1),
        ("실적", "금액(천원)", "KRW", 1000),
        ("(단위: 천원)", "금액(천원)", "KRW", 1000),
        ("(단위: USD)", "금액", "USD", 100),
        ("(단위: 백만달러)", "금액", "USD", 10**8),
        ("Unit: 1 million USD", "Amount", "USD", 10**8),
        ("(Unit: thousand won)", "Amount", "KRW", 1000),
        ("Spend", "Amount (£000)", "GBP", 10**5),
        ("Spend", "Amount (GBP)", "GBP", 100),
        ("Spend", "Amount £", "GBP", 100),
        ("Spend", "Amount", "XXX", 100),
    ],
)
def test_units(tmp_path: Path, preamble: str, header: str, currency: str, multiplier: int) -> None:
    understood = of(tmp_path, f'"{preamble}"\nDate,Item,{header}\n2019-01-02,chair,100\n2019-01-03,desk,90\n')
    assert (understood.currency, understood.multiplier) == (currency, multiplier)
    assert ("currency_unknown" in codes(understood)) == (currency == "XXX")
    factor = multiplier if currency == "KRW" else multiplier // 100
    assert ("unit_applied" in codes(understood)) == (factor != 1)


def test_notes_that_disagree_are_asked(tmp_path: Path) -> None:
    text = "(단위: 천원)\n일자,품명,금액(원)\n2019-01-02,의자,100\n"
    params = refused(tmp_path, text, NeedsAnswerError, "unit_notes_disagree")
    assert (params["note"], params["note2"]) == ("단위: 천원", "원")
    assert of(tmp_path, text, amount_unit="원").multiplier == 1


def test_marks_in_values(tmp_path: Path) -> None:
    assert of(tmp_path, "Date,Amount\n2019-01-02,£1.50\n").currency == "GBP"
    refused(tmp_path, "Date,Amount\n2019-01-02,£1.50\n2019-01-02,$1\n", NeedsAnswerError, "two_currencies")


def test_a_currency_column(tmp_path: Path) -> None:
    text = "Date,Amount,Currency\n2019-01-02,1.50,EUR\n"
    assert of(tmp_path, text).currency == "EUR"
    refused(tmp_path, text + "2019-01-02,1,USD\n", NeedsAnswerError, "two_currencies")
    assert of(tmp_path, text, currency="GBP").currency == "GBP"


def test_decimal_comma(tmp_path: Path) -> None:
    assert of(tmp_path, 'Date,Amount\n2019-01-02,"1.234,56"\n', currency="EUR").decimal_comma
    assert not of(tmp_path, 'Date,Amount\n2019-01-02,"1,234.56"\n', currency="EUR").decimal_comma


def test_date_order_of_the_whole_file(tmp_path: Path) -> None:
    text = "Date,Amount\n" + "05/03/2019,1\n" * 2500
    assumed = of(tmp_path, text)
    assert (assumed.date_order, assumed.date_order_evidence) == ("dmy", "assumed")
    assert "date_order_assumed" in codes(assumed)
    decided = of(tmp_path, text + "03/25/2019,1\n")
    assert (decided.date_order, decided.date_order_evidence) == ("mdy", "decided_by_values")
    refused(tmp_path, text + "03/25/2019,1\n25/03/2019,1\n", NeedsAnswerError, "date_order_conflict")
    assert of(tmp_path, text, date_order="mdy").date_order == "mdy"


def test_a_key_that_repeats_is_no_key(tmp_path: Path) -> None:
    header = "Transaction number,Date,Amount\n"
    rows = "".join(f"T{number},2019-01-02,1\n" for number in range(2100))
    assert of(tmp_path, header + rows).columns["source_key"] == "Transaction number"
    repeated = of(tmp_path, header + rows + "T5,2019-01-02,1\n")
    assert "source_key" not in repeated.columns
    assert "key_not_unique" in codes(repeated)


def test_change_orders(tmp_path: Path) -> None:
    final = "납품요구번호,변경차수,최종여부,일자,금액,증감금액\nR1,0,N,2019-01-02,10,10\nR1,1,Y,2019-01-02,12,2\n"
    assert of(tmp_path, final).change_orders == "final_row"
    deltas = "납품요구번호,변경차수,일자,증감금액\nR1,0,2019-01-02,10\nR1,1,2019-01-02,2\n"
    understood = of(tmp_path, deltas)
    assert (understood.change_orders, "amount" in understood.columns) == ("sum_deltas", False)


def test_several_dates_are_said(tmp_path: Path) -> None:
    understood = of(tmp_path, "지출일자,계약일자,금액\n2019-02-02,2019-01-02,100\n")
    assert understood.columns["order_date"] == "계약일자"
    assert ("note.several_dates", {"used": "계약일자", "others": "지출일자"}) in understood.notes


KONEPS = {
    "IntlCntrctDlvrReqDate": "2019-01-02",
    "cnstwkMtrlDrctPurchsObjYn": "N",
    "cntrctCorpBizno": "2208162517",
    "corpNm": "초록가구",
    "dlvrReqAmt": "9999",
    "dlvrReqChgOrd": "00",
    "dlvrReqNo": "R1",
    "dlvrReqRcptDate": "2019-01-03",
    "dminsttCd": "B551521",
    "dminsttNm": "가시",
    "fnlDlvrReqYn": "Y",
    "incdecAmt": "0",
    "prdctAmt": "1000",
    "prdctIdntNo": "20102301",
    "prdctSno": "1",
    "prdctUnit": "개",
}


def test_koneps_delivery_requests_are_known(tmp_path: Path) -> None:
    understood = of(tmp_path, ",".join(KONEPS) + "\n" + ",".join(KONEPS.values()) + "\n")
    assert understood.columns["amount"] == "prdctAmt"
    assert understood.columns["order_date"] == "IntlCntrctDlvrReqDate"
    assert "receipt_date" not in understood.columns
    assert understood.columns["furnished_material"] == "cnstwkMtrlDrctPurchsObjYn"
    assert understood.change_orders == "final_row"
    assert "dlvrReqAmt" in understood.unmapped
    assert "profile_applied" in codes(understood)


def test_koneps_differences_alone_are_summed(tmp_path: Path) -> None:
    less = {key: value for key, value in KONEPS.items() if key not in {"prdctAmt", "fnlDlvrReqYn"}}
    understood = of(tmp_path, ",".join(less) + "\n" + ",".join(less.values()) + "\n")
    assert understood.change_orders == "sum_deltas"
    assert "amount" not in understood.columns


def test_a_header_over_two_rows_is_found_by_its_upper_row(tmp_path: Path) -> None:
    text = (
        "2019년 1분기 구매내역,,,,\n(단위: 천원),,,,\n일자,구매,,금액,\n,품명,규격,공급가액,부가세\n"
        "2019-01-02,의자,A,100,10\n2019-01-03,책상,B,200,20\n"
    )
    opened = table(tmp_path, text)
    assert opened.columns == ("일자", "구매 품명", "구매 규격", "금액 공급가액", "금액 부가세")
    understood = of(tmp_path, text)
    assert (understood.columns["amount"], understood.multiplier) == ("금액 공급가액", 1000)
    assert understood.columns["order_date"] == "일자"


@pytest.mark.parametrize(
    "title", ["작성: 총무과,,(단위: 천원),,", "작성,총무과,,,,담당,홍길동", "부서,총무과,,,", "금액,,,,"]
)
def test_a_title_above_a_full_header_stays_a_title(tmp_path: Path, title: str) -> None:
    text = f"{title}\n일자,품명,규격,공급가액,부가세\n2019-01-02,의자,A,100,10\n2019-01-03,책상,B,200,20\n"
    assert table(tmp_path, text).columns == ("일자", "품명", "규격", "공급가액", "부가세")


@pytest.mark.parametrize("header", ["Net Amount GBP", "net_amount_gbp", "Amount USD", "금액 KRW"])
def test_a_currency_behind_a_name_does_not_hide_it(tmp_path: Path, header: str) -> None:
    understood = of(tmp_path, f"Date,Item,{header}\n2019-01-02,chair,100\n2019-01-03,desk,90\n")
    assert understood.columns["amount"] == header
    assert understood.currency == header[-3:].upper()
