from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.matching.labels import basis_of, normalise, split_labels


@pytest.mark.parametrize(
    ("label", "basis"),
    [
        ("환경표지", "eco_label"),
        ("환경표지제품", "eco_label"),
        ("환경표지인증(제품)", "eco_label"),
        (" 환경 표지 인증 ", "eco_label"),
        ("GR", "gr"),
        ("gr", "gr"),
        ("ＧＲ（우수재활용）", "gr"),
        ("우수재활용제품", "gr"),
        ("저탄소제품", "low_carbon"),
        ("저탄소인증(제품)", "low_carbon"),
        ("에너지소비효율 1등급", "energy_grade_1"),
        ("녹색기술인증", "none"),
        ("고효율에너지기자재", "high_efficiency"),
        ("고효율기자재", "high_efficiency"),
        ("효율관리기자재", "none"),
        ("환경성적표지", "epd"),
        ("대기전력저감우수제품", "standby_power"),
        ("에너지절약", "none"),
        ("KS", "none"),
        ("KC", "none"),
        ("특허", "none"),
        ("단체표준", "none"),
        ("G-PASS기업(A등급)", "none"),
        ("에너지소비효율 2등급", None),
        ("환경표지 예정", None),
        ("", None),
    ],
)
def test_what_a_label_stands_for(label, basis):
    assert basis_of(label) == basis


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("GR,환경표지제품", ["GR", "환경표지제품"]),
        ("GR(우수재활용, 1종), KS ,KS,", ["GR(우수재활용, 1종)", "KS"]),
        ("KS;KC|특허\n단체표준", ["KS", "KC", "특허", "단체표준"]),
        ("GR(우수, KS", ["GR(우수", "KS"]),
        ("a),b", ["a)", "b"]),
        ("", []),
        (None, []),
        (" , ", []),
    ],
)
def test_splitting(text, labels):
    assert split_labels(text) == labels


@given(st.lists(st.text("가나다AB()[ -", min_size=1, max_size=8)))
def test_no_character_of_a_label_is_lost(parts):
    text = ",".join(parts)
    assert set(normalise("".join(split_labels(text)))) - {","} == set(normalise(text)) - {","}


@given(st.sampled_from(["환경표지제품", "GR(우수재활용)", "저탄소", "KS"]), st.data())
def test_blanks_and_case_never_change_what_a_label_stands_for(label, data):
    position = data.draw(st.integers(0, len(label)))
    noise = data.draw(st.text(" \t\u00a0\u3000", max_size=3))
    assert basis_of((label[:position] + noise + label[position:]).lower()) == basis_of(label)
