"""Files of lines to be bought: read as an import reads, without a day, and nothing is guessed or lost."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from chorok.core.errors import BadInputError, NeedsAnswerError
from chorok.sources import requests
from chorok.sources.requests import EXTRA, Read, look, measured, read

HEAD = ("품명", "규격", "물품식별번호", "세부품명번호", "수량", "단위", "단가", "금액", "예외사유", "사유서", "필요일")
ROWS: tuple[Sequence[object], ...] = (
    ("사무용 의자", "CH-100", "80000001", "9000000101", "1,200", "개", "50,000", "60,000,000", "②", "재고 없음",
     "2020-12-01"),
    ("책상 외 2종", "", "", "", 1, "식", "", "700000", "", "", ""),
    ("합계", "", "", "", "", "", "", "60,700,000", "", "", ""),
)  # fmt: skip


def sheet(folder: Path, head: Sequence[str], rows: Sequence[Sequence[object]], encoding: str = "cp949") -> Path:
    file = folder / "구매 요구.csv"
    with file.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle).writerows([["구매 요구서"], head, *rows])
    return file


def of(folder: Path, head: Sequence[str], *rows: Sequence[object]) -> Read:
    return read(sheet(folder, head, rows), folder / "work")


def test_a_file_without_any_date_is_read_with_all_its_columns(tmp_path: Path) -> None:
    found = of(tmp_path, HEAD, *ROWS)
    first, second = found.lines
    assert (first.number, second.number, found.aside) == (3, 4, 1)
    assert (first.description, first.specification, first.product_id) == ("사무용 의자", "CH-100", "80000001")
    assert (first.quantity, first.amount, first.currency, first.unit) == (Decimal(1200), 60_000_000, "KRW", "개")
    assert (first.ground, first.statement, first.needed_by) == ("②", "재고 없음", date(2020, 12, 1))
    assert (first.measured, second.measured) == ("one", "lump")
    assert (second.specification, second.product_id, second.ground, second.needed_by) == (None, None, None, None)
    assert found.columns["needed_by"] == "필요일"
    assert not any("chorok" in column for column in found.columns.values())


def test_a_workbook_gives_the_same_lines(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["구매 요구서"], HEAD, *ROWS):
        book.active.append([str(cell) for cell in row])
    book.save(tmp_path / "요구.xlsx")
    lines = read(tmp_path / "요구.xlsx", tmp_path / "work").lines
    assert lines == of(tmp_path, HEAD, *ROWS).lines


@pytest.mark.parametrize(
    ("head", "row", "amount"),
    [
        (("품명", "수량", "단가"), ("의자", "3", "1,500"), 4500),
        (("품명", "수량", "단가"), ("의자", "1.5", "1,001"), None),
        (("품명", "수량"), ("의자", "3"), None),
        (("품명", "금액"), ("의자", ""), None),
        (("품명", "금액 (천원)"), ("의자", "12"), 12_000),
    ],
)
def test_an_amount_is_read_or_multiplied_or_not_known(
    tmp_path: Path, head: Sequence[str], row: Sequence[str], amount: int | None
) -> None:
    (line,) = of(tmp_path, head, row).lines
    assert line.amount == amount


@pytest.mark.parametrize(
    ("head", "row", "code"),
    [
        (("품명", "금액"), ("의자", "약 30만원"), "request_values_bad"),
        (("품명", "금액", "필요일"), ("의자", "100", "다음 주"), "request_values_bad"),
        (("품명", "수량"), ("의자", "많이"), "request_values_bad"),
        (("이름표", "수량"), ("의자", "3"), "request_no_product_column"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_screened(
    tmp_path: Path, head: Sequence[str], row: Sequence[str], code: str
) -> None:
    with pytest.raises(BadInputError) as error:
        of(tmp_path, head, row, row)
    assert error.value.code == code
    if code == "request_values_bad":
        assert error.value.params["rows"] == f"3 ({row[-1]}); 4 ({row[-1]})"


def test_two_columns_that_may_be_the_amount_are_a_question(tmp_path: Path) -> None:
    head, row = ("품명", "계약금액", "지급금액"), ("의자", "15000", "16000")
    with pytest.raises(NeedsAnswerError, match="two_amount_columns"):
        of(tmp_path, head, row)
    file = sheet(tmp_path, head, [row])
    (line,) = read(file, tmp_path / "again", {"amount": "지급금액"}).lines
    assert line.amount == 16000


def test_what_is_open_is_told_cell_by_cell_and_the_lines_are_read(tmp_path: Path) -> None:
    rows = [("1", "의자", "많이", "-"), ("2", "책상", "10개", "5,000"), ("3", "", "", ""), ("합계", "", "", "5,000")]
    found = look(sheet(tmp_path, ("연번", "품명", "수량", "단가"), rows), tmp_path / "work")
    assert [(one.description, one.quantity, one.unit, one.unit_price, one.amount) for one in found.lines] == [
        ("의자", None, None, None, None),
        ("책상", Decimal(10), "개", 5000, 50_000),
    ]
    assert [(one.row, one.line, one.field, one.column, one.value) for one in found.faults] == [
        (3, 0, "quantity", "수량", "많이")
    ]
    assert (found.left, found.aside) == (((5, "blank_row"), (6, "total_row")), 2)


def test_an_answer_holds_for_the_sheet_that_it_was_given_for(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, columns in (("가", ("계약금액", "지급금액")), ("나", ("집행액", "사용금액"))):
        page = book.create_sheet(name)
        page.append(["품명", *columns])
        page.append(["의자", 100, 200])
    book.save(tmp_path / "요구.xlsx")
    asked = look(tmp_path / "요구.xlsx", tmp_path / "work").questions
    answers = {one.table: {one.field: one.choices[1][0]} for one in asked}
    found = look(tmp_path / "요구.xlsx", tmp_path / "again", of_tables=answers)
    assert [line.amount for line in found.lines] == [200, 200]
    assert not found.questions


def test_columns_of_a_request_alone_are_understood(tmp_path: Path) -> None:
    head = ("품명", "수량", "구분", "물품 없음", "긴급 구매", "증빙 자료", "규격 차이", "관급자재", "부서", "기관")
    (line,) = of(tmp_path, head, ("의자", 1, "공사", "예", "Y", "회신", "높이 70/75", "○", "총무과", "서구")).lines
    assert (line.kind, line.no_goods, line.emergency, line.furnished) == ("works", True, True, True)
    assert (line.evidence, line.difference) == ("회신", "높이 70/75")
    assert (line.department, line.organisation) == ("총무과", "서구")


def test_a_year_of_purchases_is_no_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_LINES", 2)
    assert len(of(tmp_path, ("품명", "수량"), *[("의자", 1)] * 2).lines) == 2
    with pytest.raises(BadInputError, match="request_too_long"):
        of(tmp_path, ("품명", "수량"), *[("의자", 1)] * 3)


@pytest.mark.parametrize(
    ("unit", "name", "told"),
    [
        ("식", "전산장비", "lump"), ("1식", "의자", "lump"), ("L/S", "chairs", "lump"), ("Lot", "", "lump"),
        ("개", "의자 외 12종", "lump"), ("개", "의자 외12품목", "lump"), (None, "보도블록 1식", "lump"),
        ("세트", "책상", "set"), ("SET", "desk", "set"), ("개", "의자", "one"), (None, None, "one"),
        ("개", "세트 의자", "one"), ("개", "LED 조명 11식", "one"), ("개", "외부용 의자", "one"),
    ],
)  # fmt: skip
def test_lump_sums_and_sets_are_told_from_one_product(unit: str | None, name: str | None, told: str) -> None:
    assert measured(unit, name) == told


def test_the_columns_of_a_request_are_fields_of_a_line() -> None:
    from chorok.ledger.asked import Asked

    assert set(EXTRA) <= set(Asked.__dataclass_fields__)


def test_typed_texts_are_lines() -> None:
    lines = requests.typed_in([" 의자 CH-100 ", "", "책상 외 3종"], date(2020, 12, 1))
    assert [(line.number, line.description, line.measured) for line in lines] == [
        (1, "의자 CH-100", "one"),
        (3, "책상 외 3종", "lump"),
    ]
