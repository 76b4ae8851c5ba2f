"""Files of administrative district codes, in the two forms in which they are published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chorok.core.errors import BadInputError
from chorok.sources import districts

WHOLE = (
    "법정동코드\t법정동명\t폐지여부\n"
    "9900000000\t가나광역시\t존재\n"
    "9971000000\t가나광역시 다라군\t존재\n"
    "9971025000\t가나광역시 다라군 일읍\t존재\n"
    "9913000000\t가나광역시 옛구\t폐지\n"
    "없음\t가나광역시 모름\t존재\n"
)
LEVELS = (
    "행정동코드,시도명,시군구명,읍면동명,생성일자,말소일자\n"
    "9800000000,마바도,,,19960101,\n"
    "9811000000,마바도,사아시,,1998-04-01,\n"
    "9811100000,마바도,사아시 자구,,20030101,20200701\n"
    "9811051000,마바도,사아시,차동,19980401,\n"
    "9811000000,마바도,사아시,,1998-04-01,\n"
)


def found(tmp_path: Path, text: str, encoding: str = "utf-8") -> districts.DistrictFile:
    file = tmp_path / "행정구역.txt"
    file.write_bytes(text.encode(encoding))
    read = districts.read(file)
    assert read
    return read


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_whole_names_are_taken_apart(tmp_path: Path, encoding: str) -> None:
    read = found(tmp_path, WHOLE, encoding)
    assert [(one.code, one.name, one.kind, one.parent) for one in read.districts] == [
        ("9900000000", "가나광역시", "city", None),
        ("9971000000", "다라군", "district", "9900000000"),
    ]
    assert (read.smaller, read.gone, read.bad) == (1, 1, ((6, "없음"),))


def test_levels_with_days_become_dated_districts(tmp_path: Path) -> None:
    read = found(tmp_path, LEVELS)
    assert [(one.name, one.kind, one.parent, one.begun, one.ended) for one in read.districts] == [
        ("마바도", "province", None, date(1996, 1, 1), None),
        ("사아시", "city", "9800000000", date(1998, 4, 1), None),
        ("자구", "district", "9811000000", date(2003, 1, 1), date(2020, 7, 1)),
    ]
    assert (read.smaller, read.bad) == (1, ((6, "9811000000"),))


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    for text in (WHOLE, LEVELS):
        read = found(tmp_path, text)
        rows = len(text.splitlines()) - 1
        assert rows == len(read.districts) + read.smaller + read.gone + len(read.bad)


def test_only_what_is_chosen_comes_with_all_below(tmp_path: Path) -> None:
    read = found(tmp_path, WHOLE + "9700000000\t파하도\t존재\n9711000000\t파하도 고노시\t존재\n")
    assert {one.code[:2] for one in read.under(["파하도"])} == {"97"}
    assert len(read.under([" 가나광역시", "9700000000", ""])) == 4
    for wish in ([], ["서쪽도"]):
        with pytest.raises(BadInputError, match="districts_choose"):
            read.under(wish)


def test_another_list_is_none_of_district_codes(tmp_path: Path) -> None:
    file = tmp_path / "기관.csv"
    file.write_text("code,name_ko,kind,parent\nA,가,city,\n", encoding="utf-8")
    assert districts.read(file) is None
