"""Files of lines: what cannot be read is asked for or said row by row, and nothing is lost meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from chorok.ledger.store import Ledger
from chorok.site.screening.models import Request
from site_world import NEAR_CHAIR

HEAD = "품명,규격,물품식별번호,수량,단위,단가,금액,필요일\n"
GREEN_ROW = f"초록의자,,{NEAR_CHAIR},2,개,95000,190000,\n"


@pytest.fixture
def buyer(market: Ledger, signed_in: Callable[..., Client]) -> Client:
    return signed_in("purchaser", builders.WEST)


def sent(client: Client, text: str, **more: str) -> Any:
    file = SimpleUploadedFile("요구.csv", text.encode("utf-8-sig"))
    data = {"organisation": builders.WEST, "kind": "goods", "title": "의자", "file": file, **more}
    return client.post("/screening/upload/", data, follow=True)


def way(answer: Any) -> str:
    """Return the address that the answer led to."""
    return str(answer.redirect_chain[-1][0])


@pytest.mark.parametrize(("text", "wrong"), [("", "요구.csv"), ("품명\n", "요구.csv"), (HEAD, "요구.csv")])
def test_a_file_without_lines_says_so_and_nothing_is_kept(buyer: Client, text: str, wrong: str) -> None:
    answer = sent(buyer, text)
    assert answer.status_code == 400
    assert wrong in answer.content.decode()
    assert Request.objects.count() == 0


def test_of_two_possible_columns_a_person_chooses_and_the_file_goes_on(buyer: Client) -> None:
    answer = sent(buyer, "품명,수량,계약금액,지급금액\n의자,2,4000,3000\n책상,1,500,400\n", needed_by="2020-12-01")
    page = answer.content.decode()
    assert "금액으로 쓸 열" in page
    assert "지급금액 (예: 3000, 400)" in page
    wrong = buyer.post(way(answer), {"stage": "which", "q0": "수량"})
    assert wrong.status_code == 400
    buyer.post(way(answer), {"stage": "which", "q0": "지급금액"})
    one = Request.objects.get()
    assert (one.title, str(one.needed_by), one.amount) == ("의자", "2020-12-01", 3400)
    assert buyer.get(way(answer)).status_code == 404


@pytest.mark.parametrize(
    ("head", "choice", "told"),
    [("품명,수량,구매수량", "구매수량", ("의자", 4)), ("뭔지,수량,세 번째", "뭔지", ("의자", 3))],
)
def test_a_quantity_or_a_name_in_doubt_is_asked_for(
    buyer: Client, head: str, choice: str, told: tuple[str, int]
) -> None:
    answer = sent(buyer, f"{head}\n의자,3,4\n")
    buyer.post(way(answer), {"stage": "which", "q0": choice})
    line = Request.objects.get().lines.get()
    assert (line.description, line.quantity) == told


def test_cells_that_are_no_values_are_told_by_row_and_the_other_lines_go_on(buyer: Client) -> None:
    rows = "책상,,,많이,개,100,,\n걸상,,,3개,,,백만원쯤,다음 주\n,,,,,,,\n합계,,,,,,290000,\n,,,5,개,,100,\n"
    answer = sent(buyer, HEAD + GREEN_ROW + rows)
    page = answer.content.decode()
    asked = re.findall(r'<label for="id_f\d+"[^>]*>([^<]*)', page)
    assert [one.strip() for one in asked] == ["3행 수량: 책상", "4행 금액: 걸상", "4행 필요일: 걸상", "7행 품명: –"]
    assert "파일에 적힌 내용: 다음 주" in page
    assert "빈 행 1개(5행)" in page
    assert "합계 행 1개(6행)" in page
    said = {"stage": "mend", "f0": "12", "f1": "백만원쯤", "f2": "2020-12-01", "f3": "긴 의자"}
    again = buyer.post(way(answer), said)
    assert again.status_code == 400
    assert "백만원쯤" in again.content.decode()
    buyer.post(way(answer), {**said, "f1": "1,000,000"})
    lines = Request.objects.get().lines.all()
    assert [(line.description, line.quantity, line.unit, line.unit_price, line.amount) for line in lines] == [
        ("초록의자", 2, "개", 95_000, 190_000),
        ("책상", 12, "개", 100, 1_200),
        ("걸상", 3, "개", None, 1_000_000),
        ("긴 의자", 5, "개", None, 100),
    ]


def test_cells_can_be_left_empty_and_that_is_said(buyer: Client) -> None:
    answer = sent(buyer, HEAD + GREEN_ROW + "책상,,,-3,개,,1,\n" + "가" * 600 + ",,,1,개,,1,\n")
    assert "600자입니다" in answer.content.decode()
    done = buyer.post(way(answer), {"stage": "mend", "do": "blank"}, follow=True).content.decode()
    assert "2개 칸을 비워 두었습니다(행: 3(수량), 4(품명))" in done
    assert [line.quantity for line in Request.objects.get().lines.all()] == [Decimal(2), None, Decimal(1)]


def test_an_answer_to_another_question_answers_nothing(buyer: Client) -> None:
    answer = sent(buyer, HEAD + "책상,,,많이,개,,1,\n")
    buyer.post(way(answer), {"stage": "which", "q0": "품명"})
    assert Request.objects.count() == 0


def test_a_waiting_file_is_its_senders_own(buyer: Client, signed_in: Callable[..., Client]) -> None:
    place = way(sent(buyer, HEAD + "책상,,,많이,개,,1,\n"))
    assert signed_in("purchaser", builders.WEST).get(place).status_code == 404
    assert buyer.get("/screening/upload/../").status_code == 404


def test_what_is_sent_twice_is_carried_out_once(buyer: Client) -> None:
    answers = [sent(buyer, HEAD + GREEN_ROW, csrfmiddlewaretoken="a" * 64) for _ in range(2)]
    assert Request.objects.count() == 1
    assert way(answers[0]) == way(answers[1])
    sent(buyer, HEAD + GREEN_ROW, csrfmiddlewaretoken="b" * 64)
    assert Request.objects.count() == 2
