"""`chorok screen --sheet --statement`: the documents that a purchaser gets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hwpx import HwpxDocument

import builders
from builders import CITY

DETAIL = "9000000101"
DAY = date(2019, 6, 1)
HEAD = ("품명", "물품식별번호", "세부품명번호", "수량", "단위", "금액", "예외사유", "사유서", "증빙")
ROWS = (
    ("사무용 의자", "80000001", DETAIL, 3, "개", "30,000", "", "", ""),
    ("사무용 의자", "80000099", DETAIL, 3, "개", "40,000", "", "", ""),
    ("회전 의자", "80000098", DETAIL, 3, "개", "50,000", "②", "재고가 없음", "제조사 회신"),
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one certified chair that is supplied everywhere."""
    return builders.one_chair(tmp_path_factory.mktemp("문서") / "장부")


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    file = tmp_path / "상반기 의자.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows((HEAD, *ROWS))
    return file


def pdf_text(file: Path) -> str:
    pages = pypdf.PdfReader(io.BytesIO(file.read_bytes())).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def cells(file: Path) -> list[str]:
    tables = (table for one in HwpxDocument.open(file).paragraphs for table in one.tables)
    return [cell.text for table in tables for row in table.rows for cell in row.cells]


def test_the_sheet_says_of_every_line_what_was_decided_and_on_what(
    run: Callable[..., Any], ledger: Path, request_file: Path, tmp_path: Path
) -> None:
    sheet, reasons = tmp_path / "검토서.pdf", tmp_path / "사유서.hwpx"
    done = run(
        "screen", request_file, "--ledger", ledger, "--organisation", CITY, "--sheet", sheet, "--statement", reasons,
        "--needed-by", "2019-07-01", "--lang", "ko",
    )  # fmt: skip
    assert done.code == 1
    assert "검토서.pdf" in done.err.replace("\n", "")
    text = pdf_text(sheet)
    assert "상반기의자" in text
    assert "전체3건(가능2건,불가1건)" in text
    assert "2019-07-01" in text
    assert "legal@" in text
    assert "national@" in text
    assert "A-1" in text
    assert "[통과(녹색제품)]" in text
    assert "[반려]" in text
    assert "[협조대기]" in text
    assert "가나의자(가나의자)" in text
    assert "법제6조예외사유②" in text
    assert "가상데이터/synthetic" in text
    written = cells(reasons)
    assert "회전 의자 80000098" in written
    assert "사무용 의자 80000099" not in written
    assert {"재고가 없음", "제조사 회신", "A-1"} <= set(written)
    assert "500원/개" in written


def test_without_a_line_that_needs_reasons_no_statement_is_written_and_that_is_said(
    run: Callable[..., Any], ledger: Path, tmp_path: Path
) -> None:
    reasons = tmp_path / "사유서.pdf"
    done = run("screen", "--text", "의자 80000001", "--ledger", ledger, "--statement", reasons, "--lang", "en")
    assert "No line needs a statement" in done.err.replace("\n", " ")
    assert not reasons.exists()


def test_another_ending_is_refused_before_anything_is_screened(
    run: Callable[..., Any], ledger: Path, tmp_path: Path
) -> None:
    done = run("screen", "--text", "의자", "--ledger", ledger, "--sheet", tmp_path / "검토서.docx", "--lang", "en")
    assert done.code == 2
    assert ".hwpx" in done.err
    assert done.out == ""
