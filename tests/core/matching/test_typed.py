"""What is typed of a purchase: read where it is clear, left in the description where it is not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.matching.typed import UNITS, Typed, line, row, unlabelled

CLEAR: list[tuple[str, dict[str, Any]]] = [
    ("회의용의자 10개 1,500,000원", {"description": "회의용의자", "quantity": 10, "unit": "개", "amount": 1_500_000}),
    ("회의용의자 10개 x 95,000원", {"quantity": 10, "unit_price": 95_000, "amount": 950_000}),
    ("의자 95,000원 x 10개", {"description": "의자", "quantity": 10, "unit_price": 95_000, "amount": 950_000}),
    ("10 x 95,000원 의자", {"description": "의자", "quantity": 10, "unit_price": 95_000}),
    ("토너 3EA @120,000원", {"description": "토너", "quantity": 3, "unit_price": 120_000, "amount": 360_000}),
    (
        "A4 용지 10박스 단가 25,000원 금액 250,000원",
        {"description": "A4 용지", "unit_price": 25_000, "amount": 250_000},
    ),
    ("의자 10개 95,000원 950,000원", {"unit_price": 95_000, "amount": 950_000}),
    ("토너 3개 150만원", {"amount": 1_500_000}),
    ("토너 1.5백만원", {"amount": 1_500_000}),
    ("관 30본 1,500천원", {"quantity": 30, "unit": "본", "amount": 1_500_000}),
    ("책상 ₩120,000", {"description": "책상", "amount": 120_000}),
    ("chair 10 pcs 1,500,000 won", {"description": "chair", "quantity": 10, "unit": "pcs", "amount": 1_500_000}),
    ("１０개 의자", {"description": "의자", "quantity": 10}),
    ("23012345", {"description": "", "product_id": "23012345"}),
    ("20201130", {"product_id": "20201130"}),
    ("식별번호: 20201130 3대", {"product_id": "20201130", "quantity": 3}),
    ("5610170301-23012345 2EA", {"product_id": "23012345", "detail_code": "5610170301", "quantity": 2}),
    ("9000000101 의자 3개", {"detail_code": "9000000101", "description": "의자"}),
    ("1. 책상 2대", {"description": "책상", "quantity": 2}),
    ("의자 EL172-2019-1 3개", {"description": "의자 EL172-2019-1", "quantity": 3}),
    ("3단 서랍장 4대", {"description": "3단 서랍장", "quantity": 4}),
]


@pytest.mark.parametrize(("text", "said"), CLEAR)
def test_what_is_clear_is_read(text: str, said: dict[str, Any]) -> None:
    found = line(text)
    assert {name: getattr(found, name) for name in said} == said


@pytest.mark.parametrize(
    "text",
    [
        "의자 약 10개",
        "의자 10~20개",
        "의자 2개 5박스",
        "의자 0개",
        "행사용 현수막 20201130",
        "모니터 27인치",
        "관 100mm 6m",
        "의자 100만원 내외",
        "의자 최대 100만원",
        "의자 95,000원 940,000원 3,000원",
        "의자 0.5원",
        "의자 1,500,000",
        "의자 9999999999999999원",
    ],
)
def test_what_is_not_clear_stays_in_the_description(text: str) -> None:
    assert line(text) == Typed(text, description=text)


def test_price_and_amount_that_do_not_fit_are_left_alone() -> None:
    found = line("의자 10개 단가 95,000원 금액 940,000원")
    assert (found.quantity, found.unit_price, found.amount) == (10, None, None)
    assert "940,000원" in found.description


def test_a_row_is_read_by_its_columns_and_what_is_no_number_stays_a_text() -> None:
    fields = ["description", "quantity", "amount", None]
    assert row(["의자", "10개", "1,500천원", "급함"], fields) == Typed(
        "의자 10개 1,500천원 급함", "의자 급함", quantity=Decimal(10), unit="개", amount=1_500_000
    )
    assert row(["의자", "열 개", "미정"], fields).description == "의자 열 개 미정"
    assert row(["의자"], fields).description == "의자"


def test_a_row_without_headings_is_read_cell_by_cell() -> None:
    found = unlabelled(["의자", "CH-100", "10개", "1,500,000원"])
    assert (found.description, found.quantity, found.amount) == ("의자 CH-100", 10, 1_500_000)


@given(
    st.sampled_from(["의자", "토너 카트리지", "chair"]),
    st.integers(1, 10**6),
    st.sampled_from(UNITS),
    st.integers(1, 10**9),
)
def test_quantity_unit_and_price_come_back_as_written(name: str, quantity: int, unit: str, price: int) -> None:
    found = line(f"{name} {quantity:,}{unit} x {price:,}원")
    assert (found.description, found.quantity, found.unit) == (name, quantity, unit)
    assert (found.unit_price, found.amount) == (price, quantity * price)


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = line(text)
    assert found.quantity is None or found.quantity > 0


@given(
    st.lists(st.text(max_size=30), max_size=6), st.lists(st.sampled_from(["description", "quantity", "amount", None]))
)
def test_any_row_is_read_without_an_error(cells: list[str], fields: list[str | None]) -> None:
    row(cells, fields)
    unlabelled(cells)
