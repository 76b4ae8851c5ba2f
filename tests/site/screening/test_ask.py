"""The purchaser's box: an answer for each line, at once, with nothing kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.screening import asking
from chorok.site.screening.models import Request
from site_world import CHAIR_ITEM, NEAR_CHAIR

Client_ = Callable[..., Client]
PLACE = {"organisation": builders.WEST, "kind": "goods", "needed_by": ""}


def ask(client: Client, text: str, **more: Any) -> str:
    answer = client.post("/screening/", {**PLACE, "text": text, **more})
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def buyer(market: Ledger, signed_in: Client_) -> Client:
    return signed_in("purchaser", builders.WEST)


def test_the_page_asks_what_is_needed(buyer: Client) -> None:
    page = buyer.get("/screening/").content.decode()
    assert "무엇을 구매하십니까?" in page
    assert "도입하지 않은 기관" in page


def test_each_line_is_answered_and_nothing_is_kept(buyer: Client) -> None:
    before = Event.objects.count()
    page = ask(buyer, f"{NEAR_CHAIR} 2개 190,000원\n{CHAIR_ITEM} 회의용의자 10개\n알 수 없는 물건 3개")
    assert "녹색제품입니다" in page
    assert "2021-12-31" in page
    assert "대신 살 녹색제품이 있습니다" in page
    assert "가까운가구" in page
    assert "95,000 KRW" in page
    assert "판단할 수 없습니다" in page
    assert "수량 2 개, 단가 미기재, 금액 190,000 KRW" in page
    assert (Request.objects.count(), Event.objects.count()) == (0, before)


def test_typing_gets_the_answer_alone(buyer: Client) -> None:
    answer = buyer.post("/screening/", {**PLACE, "text": NEAR_CHAIR}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "녹색제품입니다" in page


def test_a_copied_table_with_headings_is_read_by_them(buyer: Client) -> None:
    page = ask(buyer, f"품명\t물품식별번호\t수량\t금액\n초록의자\t{NEAR_CHAIR}\t3\t285,000")
    assert "수량 3, 단가 미기재, 금액 285,000 KRW" in page
    assert "녹색제품입니다" in page


PASTED = f"{NEAR_CHAIR}\t초록의자\t3\t95,000\n{NEAR_CHAIR}\t초록의자\t2\t95,000"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("의자\t10\t개\t1,500,000", ["description", "quantity", "unit", "amount"]),
        ("의자\t5박스\t95000", ["description", "quantity", "amount"]),
        ("의자\tCH-100\t3\t1000\t3000", ["description", "specification", "quantity", "unit_price", "amount"]),
        ("의자\t30000", ["description", "amount"]),
        (PASTED, ["product_id", "description", "quantity", "amount"]),
        ("가\t나\t다", ["description", "specification", None]),
    ],
)
def test_a_copied_table_without_headings_says_what_its_columns_were_taken_for(
    text: str, told: list[str | None]
) -> None:
    assert [name for name, _ in asking.read(text).columns] == told


def test_what_the_columns_of_a_copied_table_mean_can_be_said(buyer: Client) -> None:
    page = ask(buyer, PASTED)
    assert "수량 3, 단가 미기재, 금액 95,000 KRW" in page
    assert page.count('name="column"') == 4
    said = {"column": ["product_id", "description", "quantity", "unit_price"]}
    assert "수량 3, 단가 95,000 KRW, 금액 285,000 KRW" in ask(buyer, PASTED, **said)
    assert "수량 3, 단가 미기재, 금액 95,000 KRW" in ask(buyer, PASTED, column=["state", "amount"])


def test_typed_lines_among_copied_ones_are_read_as_typed() -> None:
    first, second = asking.read("회의용의자 10개 1,500,000원\n복사용지\t5박스\t95000").values
    assert (first["description"], first["quantity"], first["amount"]) == ("회의용의자", 10, 1_500_000)
    assert (second["description"], second["unit"], second["amount"]) == ("복사용지", "박스", 95_000)


def test_what_was_read_can_be_corrected_and_is_answered_anew(buyer: Client) -> None:
    rows = {
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "1", "lines-0-description": "초록의자",
        "lines-0-product_id": NEAR_CHAIR, "lines-0-quantity": "4",
    }  # fmt: skip
    assert "수량 4" in ask(buyer, "초록의자", **rows)
    wrong = ask(buyer, "초록의자", **{**rows, "lines-0-quantity": "-4"})
    assert "0보다 큰 숫자" in wrong


def test_a_mere_number_gets_a_title_from_the_registry(buyer: Client) -> None:
    rows = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-product_id": NEAR_CHAIR, "do": "from"}
    page = buyer.post("/screening/new/", {**PLACE, **rows}).content.decode()
    assert re.search(r'name="title" value="[^"]+"', page)


def test_a_long_paste_says_what_was_not_looked_at(buyer: Client) -> None:
    page = ask(buyer, "\n".join(["초록의자 1개"] * 103))
    assert "나머지 3줄은 확인하지 않았습니다" in page


def test_empty_input_says_what_to_do(buyer: Client) -> None:
    assert "구매할 물품을 적어 주십시오" in ask(buyer, "  \n ")


@pytest.mark.parametrize("change", [{"organisation": builders.OTHER_CITY}, {"kind": "gift"}, {"needed_by": "soon"}])
def test_forged_values_are_refused(buyer: Client, change: dict[str, str]) -> None:
    answer = buyer.post("/screening/", {**PLACE, "text": "초록의자", **change})
    assert answer.status_code == 200
    assert "확인 결과" not in answer.content.decode()


def test_certificates_that_do_not_hold_are_named(buyer: Client) -> None:
    page = ask(buyer, "의자 EL999-2019-1 3개")
    assert "EL999-2019-1" in page
    assert "등록부에 없습니다" in page


def test_strict_says_first_what_it_refuses(adopted: Callable[..., Actor], buyer: Client) -> None:
    adopted("strict")
    page = buyer.get("/screening/").content.decode()
    assert "②~⑤를 인정하지 않습니다" in page
    assert "도입하지 않은 기관" not in page


def test_who_may_not_ask_is_refused(market: Ledger, signed_in: Client_) -> None:
    assert signed_in("auditor", builders.CITY).get("/screening/").status_code == 403
