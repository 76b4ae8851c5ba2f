"""Supply areas: what is not understood is never taken for a yes or a no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.matching.areas import Place, province, reaches
from chorok.core.organisations import Organisation

BUSAN = Organisation("26", "부산광역시", "Busan", "city", None, aliases=("부산",))
HAEUNDAE = Organisation("26-350", "부산광역시 해운대구", "Haeundae-gu", "district", "26", aliases=("해운대구",))
GYEONGGI = Organisation("41", "경기도", "Gyeonggi", "province", None)
GOYANG = Organisation("41-280", "고양시", "Goyang", "city", "41")
ALONE = Organisation("99", "가람시", "Garam", "city", None)


@pytest.mark.parametrize(
    ("area", "line", "expected"),
    [
        ("전국", [HAEUNDAE, BUSAN], True),
        ("전국", [], True),
        ("부산광역시", [HAEUNDAE, BUSAN], True),
        ("부산", [BUSAN], True),
        ("울산광역시, 부산시 ,경상남도", [BUSAN], True),
        ("대전광역시, 세종특별자치시, 충청남도", [BUSAN], False),
        ("충남/충북", [BUSAN], False),
        ("부산광역시 해운대구", [HAEUNDAE, BUSAN], True),
        ("부산광역시 해운대구", [BUSAN], None),
        ("부산광역시 사하구", [HAEUNDAE, BUSAN], None),
        ("대전광역시 서구", [HAEUNDAE, BUSAN], False),
        ("경기도", [GOYANG, GYEONGGI], True),
        ("고양시", [GOYANG, GYEONGGI], True),
        ("경기도 부천시", [GOYANG, GYEONGGI], None),
        ("경기도", [GOYANG], None),
        ("가람시", [ALONE], True),
        ("누리시", [ALONE], None),
        ("부산광역시", [ALONE], None),
        ("전국(제주 제외)", [BUSAN], None),
        ("영남권", [BUSAN], None),
        ("", [BUSAN], None),
        (None, [BUSAN], None),
    ],
)
def test_what_an_area_reaches(area: str | None, line: list[Organisation], expected: bool | None) -> None:
    assert reaches(area, Place.of(line)) is expected


@pytest.mark.parametrize(
    ("written", "short"),
    [("서울특별시", "서울"), ("서울시", "서울"), ("세종특별자치시", "세종"), ("강원도", "강원"),
     ("강원특별자치도", "강원"), ("전북특별자치도", "전북"), ("전라북도", "전북"), ("경상남도", "경남"),
     ("제주특별자치도", "제주"), ("고양시", None), ("광주시민회관", None)],
)  # fmt: skip
def test_provinces_by_any_of_their_names(written: str, short: str | None) -> None:
    assert province(written) == short


@given(st.lists(st.sampled_from(["부산", "대전광역시", "영남권", "전국", "경기도 부천시"]), min_size=1))
def test_a_list_reaches_what_one_of_its_parts_reaches(parts: list[str]) -> None:
    place = Place.of([BUSAN])
    each = [reaches(part, place) for part in parts]
    expected = True if True in each else None if None in each else False
    assert reaches(", ".join(parts), place) is expected
