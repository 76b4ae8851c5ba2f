import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.matching.text import (
    certificate_nos,
    model_codes,
    normalise,
    normalise_all,
    normalise_certificate_no,
    normalise_supplier,
)

TEXTS = st.text() | st.text(alphabet="a1 0,x*×-.()주식회사_mkgw/초\n\0#co ltd.inc%", max_size=40)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("㈜초록산업 FX-2100B (백색) 600×400 ㎜, 1,000 매", "초록산업 fx2100b 백색 600x400mm 1000매"),
        ("Chorok Co., Ltd. LED 36 W", "chorok led 36w"),
        ("주식회사초록 사무용의자", "초록 사무용의자"),
        ("０１２ＡＢ", "012ab"),
        ("PVC관  10 mm 2.5 m.", "pvc관 10mm 2.5m"),
        ("의자/책상·서랍_장", "의자 책상 서랍 장"),
        ("(주)", ""),
        ("", ""),
        ("의", "의"),
        ("🌱 화분", "화분"),
        ("줄\n바꿈\u2028과 \0", "줄 바꿈 과"),
    ],
)
def test_one_spelling(written, plain):
    assert normalise(written) == plain


@given(TEXTS)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()
    assert "\n" not in once
    assert "  " not in once


@given(st.lists(TEXTS, max_size=8))
def test_many_at_once_are_as_one_by_one(texts):
    assert normalise_all(texts) == [normalise(text) for text in texts]


def test_a_very_long_text_stays_whole():
    assert normalise("가나 다라 " * 2000) == " ".join(["가나 다라"] * 2000)


@pytest.mark.parametrize("name", ["㈜초록산업", "(주)초록산업", "주식회사 초록 산업", "초록산업 주식회사"])
def test_a_supplier_is_the_same_with_any_legal_form(name):
    assert normalise_supplier(name) == "초록산업"


def test_a_latin_supplier_too():
    assert (
        normalise_supplier("Chorok Green Co., Ltd.") == normalise_supplier("CHOROK GREEN Corporation") == "chorokgreen"
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("복합기 FX-2100B 백색", ("FX2100B",)),
        ("GTW500ASNWS, SM-A520", ("GTW500ASNWS", "SMA520")),
        ("복사용지 A4 80g 2500매 220V 600x400", ()),
        ("구매일 2019-01-01, 문의 051-888-1234, 사업자 123-45-67890", ()),
        ("KS-D3698 SUS304 IP65 ISO9001 USB3.0 EL250-2019-123", ()),
        ("부품 2201-48840-001", ("220148840001",)),
        ("FX-2100B fx2100b", ("FX2100B",)),
        ("의자", ()),
        ("", ()),
    ],
)
def test_model_codes(text, codes):
    assert model_codes(text) == codes


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("환경표지 EL250-2019-123, GR-2019-001", ("EL250-2019-123", "GR-2019-001")),
        ("제 12345호 및 제2019-123호", ("12345", "2019-123")),
        ("el 12345", ("EL12345",)),
        ("LED 등기구 12345", ()),
        ("MODEL250", ()),
        ("", ()),
    ],
)
def test_certificate_numbers(text, numbers):
    assert certificate_nos(text) == numbers


def test_a_certificate_number_has_one_spelling():
    assert normalise_certificate_no("제 12345호") == normalise_certificate_no(" 12345 ") == "12345"
    assert normalise_certificate_no("el250–2019–123") == "EL250-2019-123"
