"""Official files of green purchases by category: read whole, or refused with the row that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from chorok.core.errors import BadInputError
from chorok.sources import official

HEADER = "BUYS_ORDR,BUYS_BLNM,BUYS_BSNM,SUM_TAMT,SUM_EAMT,SUM_AMT_RATE"
ROWS = ["1,가구,의자,1000,600,60.00", '2,가구,책상,"2,000",500,25.00', "3,건설,배수관,3000,0,0"]
KOREAN = "대분류,소분류,총구매금액(천원),녹색제품 구매금액(천원),구매율(%)"


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, encoding: str = "utf-8", name: str = "현황.csv") -> Path:
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding=encoding)
        return tmp_path / name

    return write


def read(path: Path, year: int = 2019) -> official.OfficialFile:
    return official.read(path, path.parent / "work", year)


def plain(found: official.OfficialFile) -> list[tuple[str, int, int, str | None]]:
    return [(row.names[0], row.total, row.green, row.printed[2]) for row in found.rows]


EXPECTED = [("의자", 1000, 600, "60.00"), ("책상", 2000, 500, "25.00"), ("배수관", 3000, 0, "0")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_the_public_columns_in_any_encoding(file: Callable[..., Path], encoding: str) -> None:
    found = read(file(HEADER, *ROWS, "", ",,합계,6000,1100,18.33", encoding=encoding))
    assert (plain(found), found.currency, found.set_aside) == (EXPECTED, "KRW", 1)
    assert found.rows[0].names == ("의자", "가구")


def test_a_workbook_and_json_say_the_same(file: Callable[..., Path], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [HEADER.split(","), [1, "가구", "의자", 1000, 600, "60.00"], [2, "가구", "책상", 2000, 500, "25.00"],
                [3, "건설", "배수관", 3000, 0, "0"]]:  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "현황.xlsx")
    assert plain(read(tmp_path / "현황.xlsx")) == EXPECTED
    records = [dict(zip(HEADER.split(","), row, strict=True)) for row in (
        ["1", "가구", "의자", "1000", "600", "60.00"], ["2", "가구", "책상", "2000", "500", "25.00"],
        ["3", "건설", "배수관", "3000", "0", "0"])]  # fmt: skip
    assert plain(read(file(json.dumps({"data": records}, ensure_ascii=False), name="현황.json"))) == EXPECTED


def test_korean_headers_with_a_unit(file: Callable[..., Path]) -> None:
    found = read(file(KOREAN, "가구,의자,1.5,0.5,33.33", "가구,책상,2,2,100"))
    assert plain(found) == [("의자", 1500, 500, "33.33"), ("책상", 2000, 2000, "100")]
    assert found.rows[0].printed[:2] == ("1.5", "0.5")
    assert found.unit_note is not None


def test_years_are_told_by_their_column(file: Callable[..., Path]) -> None:
    lines = ("연도,소분류,총구매금액,녹색구매금액", "2018,의자,원,1", "2018,의자,10,1", "2019,의자,20,2")
    found = read(file(lines[0], *lines[2:]))
    assert (plain(found), found.set_aside) == ([("의자", 20, 2, None)], 1)
    assert plain(read(file(*lines), 2019)) == [("의자", 20, 2, None)], "another year's rows do not matter"
    with pytest.raises(BadInputError) as error:
        read(file(lines[0], *lines[2:]), 2017)
    assert (error.value.code, error.value.params["found"]) == ("official_year", "2018, 2019")


def test_years_are_told_by_the_title(file: Callable[..., Path]) -> None:
    lines = ("2018년 녹색제품 구매현황,,,,,", HEADER, *ROWS)
    assert plain(read(file(*lines), 2018)) == EXPECTED
    with pytest.raises(BadInputError, match="official_year"):
        read(file(*lines), 2019)


@pytest.mark.parametrize(
    ("lines", "code", "param"),
    [
        (["소분류,금액", "의자,1000"], "official_columns", None),
        ([HEADER, *ROWS, "4,가구,의자,10,5,50"], "official_doubled", ("rows", "1, 4")),
        ([HEADER, *ROWS, "4,가구,선반,약 10,5,50"], "official_amount", ("value", "약 10")),
        ([HEADER, *ROWS, "4,가구,선반,,5,50"], "official_amount", ("row", 4)),
        ([HEADER, *ROWS, "4,가구,선반,10,5,절반"], "official_amount", ("column", "SUM_AMT_RATE")),
        ([HEADER, *ROWS, "4,,,10,5,50"], "official_category", ("row", 4)),
        ([HEADER, *ROWS, "4,가구,선반,10"], "official_broken", ("line", 5)),
        ([HEADER, ",,합계,10,5,50", ",,소계,10,5,50"], "official_empty", None),
        (["소분류,총구매금액(천원),녹색구매금액(원)", "의자,1,1", "책상,2,2"], "official_units", None),
    ],
)
def test_what_is_wrong_is_named(
    file: Callable[..., Path], lines: list[str], code: str, param: tuple[str, object] | None
) -> None:
    with pytest.raises(BadInputError) as error:
        read(file(*lines))
    assert error.value.code == code
    if param:
        assert error.value.params[param[0]] == param[1]
