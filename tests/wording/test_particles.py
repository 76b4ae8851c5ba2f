"""Korean particles fit the word before them."""

from __future__ import annotations

import pytest

from chorok import wording
from chorok.wording.particles import settled


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("부산은(는)", "부산은"),
        ("경기도은(는)", "경기도는"),
        ("서울(으)로", "서울로"),
        ("부산(으)로", "부산으로"),
        ("경기도(으)로", "경기도로"),
        ("10363은(는)", "10363은"),
        ("2019이(가)", "2019가"),
        ("2018이(가)", "2018이"),
        ("7(으)로", "7로"),
        ("60%을(를)", "60%를"),
        ("10 %p이(가)", "10 %p가"),
        ("DEMO-26이(가)", "DEMO-26이"),
        ("EX-DONG와(과)", "EX-DONG와"),
        ("KEITI을(를)", "KEITI를"),
        ("GR을(를)", "GR을"),
        ("'의자'이(가)", "'의자'가"),
        ("'책상'을(를) 고르고 “의자”은(는) 뺍니다", "'책상'을 고르고 “의자”는 뺍니다"),
        ("부산광역시(예시)은(는)", "부산광역시(예시)는"),
        ("구매내역.xlsx은(는)", "구매내역.xlsx는"),
        ("<file>이(가)", "<file>가"),
        ("–은(는)", "–은(는)"),
        ("은(는)", "은(는)"),
        ("금액(원)", "금액(원)"),
    ],
)
def test_the_form_fits(written: str, said: str) -> None:
    assert settled(written) == said


def test_sentences_are_settled_in_korean_only() -> None:
    assert "DEMO-26" in wording.say("error.organisation_unknown", "en", organisation="DEMO-26")
    korean = wording.say("error.organisation_unknown", "ko", organisation="DEMO-26")
    assert not {"은(는)", "이(가)", "을(를)"} & {korean[at : at + 4] for at in range(len(korean))}
