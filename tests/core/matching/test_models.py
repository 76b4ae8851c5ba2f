import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.matching.models import (
    SupplierModels,
    covers,
    goes_on,
    is_near,
    model_keys,
    spelled_models,
    supplier_model_key,
)
from chorok.core.matching.text import model_codes, squeeze

CODES = st.text(alphabet="ABC123", min_size=3, max_size=8)


@pytest.mark.parametrize(
    ("pattern", "code", "covered"),
    [
        ("FX-2100B", "fx 2100b", True),
        ("FX-2100B", "FX-2100C", False),
        ("FX-2100B", "FX-2100", False),
        ("GTW500A*N***", "GTW500ASNWS", True),
        ("GTW500A*N***", "GTW500ASN", True),
        ("GTW500A*N***", "GTW500AN", False),
        ("WFW9290F**", "WFW9290FW", True),
        ("TL900#7", "TL90077", True),
        ("TL900#7", "TL900A7", False),
        ("14R/L", "14L", True),
        ("14R/L", "14R", True),
        ("14R/L", "14X", False),
        ("AX-100/AX-200", "AX200", True),
        ("***", "ABC", False),
        ("", "", False),
    ],
)
def test_a_certified_model_covers_a_code(pattern, code, covered):
    wanted = squeeze(code)
    assert any(key == wanted or covers(key, wanted) for key in model_keys(pattern)) is covered


def test_a_text_names_models_by_neighbouring_words_but_never_by_half_a_word():
    named = spelled_models("복합기 FX 2100 B FX-2200-C DX300용 토너 2500매")
    assert {"FX2100", "FX2100B", "FX2200C", "DX300"} <= named.keys()
    assert not {"FX2200", "2500"} & named.keys()
    assert named["FX2100"] == "B"
    assert named["DX300"] == "용"


@pytest.mark.parametrize(
    ("follower", "answer"),
    [("B", True), ("용", True), ("호환토너", True), ("A4", False), ("백색", False), ("WH", False)],
)
def test_a_suffix_or_for_makes_another_product(follower, answer):
    assert goes_on(follower, "복합기 wh 초록") is answer


@given(CODES, st.integers(0, 7), st.sampled_from("XYZ"))
def test_one_slip_of_the_pen_is_near(code, place, letter):
    place %= len(code)
    for slip in (code[:place] + letter + code[place + 1 :], code[:place] + letter + code[place:], code):
        assert is_near(code, slip)
        assert is_near(slip, code)


@pytest.mark.parametrize(("one", "other"), [("AB1", "CD2"), ("FX2100", "FX3200"), ("AB12", "BA12"), ("AB1", "AB1XY")])
def test_two_slips_are_not_near(one, other):
    assert not is_near(one, other)


def test_supplier_and_model_make_one_key_however_written():
    assert supplier_model_key("㈜초록", "fx-2100 b") == supplier_model_key("주식회사 초록", "FX2100B") != ""
    assert supplier_model_key("123-45-67890", "FX2100B") == supplier_model_key("1234567890", "FX2100B")
    assert supplier_model_key("", "FX2100B") == supplier_model_key("초록", "") == ""


def test_rows_of_a_suppliers_model():
    book = SupplierModels.of(
        [("㈜초록", ["FX-2100B"]), ("초록", ["WF45T60**A*"]), ("바다", ["FX-2100B"]), ("초록", ["GP18****"])]
    )
    assert book.find("(주)초록", "FX2100B") == (0,)
    assert book.find("초록", "WF45T6000AW") == (1,)
    assert book.find("초록", "FX2100C") == ()
    assert book.find("", "FX2100B") == ()
    assert book.find("초록", "GP181INV") == ()  # too many wildcards to decide alone
    assert book.find("초록", "GP18****") == (3,)


def test_one_endless_word_is_read_in_no_time():
    began = time.process_time()
    for text in ("가" * 10_000 + "A1", "A1-" * 5_000, "1" * 10_000 + "가", "A*" * 5_000):
        spelled_models(text)
        model_codes(text)
    assert time.process_time() - began < 1
