"""What a purchaser asks for: a product, or a kind of thing of some size."""

from __future__ import annotations

import pytest

from chorok.ledger.asked import Asked, names_a_product


@pytest.mark.parametrize(
    ("description", "specification", "named"),
    [
        ("플라스틱 배수관 200mm 30본", None, False),
        ("배수관 990x360mm", None, False),
        ("배수관", "200 mm", False),
        ("복사용지 A4 80g 10박스", None, False),
        ("LED 40W 등기구", None, False),
        ("의자 5개", None, False),
        ("사무용의자 CH-100", None, True),
        ("토너 HX-1200A", None, True),
        ("FX-2100-B 복합기", None, True),
        ("인증번호 EL-2019-0123 의자", None, True),
        ("의자", "고급형", True),
    ],
)
def test_a_size_names_no_product(description: str, specification: str | None, named: bool) -> None:
    assert names_a_product(Asked(1, description, specification)) is named


def test_an_identification_number_names_one() -> None:
    assert names_a_product(Asked(1, "의자", product_id="80000001"))
