"""Files of lines, last year's purchases, and the list of one's own requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.config.waiting import waiting
from chorok.site.screening import services
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted
from site_world import CHAIR_ITEM, NEAR_CHAIR, OTHERS_MARK

SignIn = Callable[..., Client]
HEAD = "품명,규격,물품식별번호,세부품명번호,수량,단위,금액\n"
GREEN_ROW = f"초록의자,,{NEAR_CHAIR},,2,개,190000\n"
OTHER_ROW = f"회의용의자,,,{CHAIR_ITEM},1,개,80000\n"


@pytest.fixture
def buyer(market: Ledger, signed_in: SignIn) -> Client:
    return signed_in("purchaser", builders.WEST, name="구매자")


def upload(client: Client, text: str, name: str = "요구.csv") -> Any:
    file = SimpleUploadedFile(name, text.encode("utf-8-sig"))
    data = {"organisation": builders.WEST, "kind": "goods", "title": "", "file": file}
    return client.post("/screening/upload/", data, follow=True)


def test_a_file_becomes_a_draft_and_says_how_it_was_read(buyer: Client) -> None:
    page = upload(buyer, HEAD + GREEN_ROW + OTHER_ROW).content.decode()
    one = Request.objects.get()
    assert (one.title, one.lines.count(), one.amount) == ("요구.csv", 2, 270_000)
    assert [line.outcome for line in one.lines.all()] == ["pass_green", "denied"]
    assert "항목 2건을 심사하였습니다" in page
    assert "읽은 열" not in page
    again = upload(buyer, HEAD.replace("품명", "물품명") + GREEN_ROW).content.decode()
    assert "읽은 열: 물품명 → 품명" in again


def test_a_long_file_shows_what_is_open_page_by_page(
    buyer: Client, adopted: Callable[..., Actor], django_assert_max_num_queries: Any
) -> None:
    adopted()
    upload(buyer, HEAD + GREEN_ROW * 400 + OTHER_ROW * 40)
    one = Request.objects.get()
    with django_assert_max_num_queries(40):
        page = buyer.get(f"/screening/{one.pk}/edit/").content.decode()
    assert "항목 440건 중 통과 400건, 처리할 것 40건" in page
    assert page.count("대신 살 녹색제품이 있습니다") == 25
    assert "초록의자" in buyer.get(f"/screening/{one.pk}/edit/?show=all").content.decode()
    assert "조건에 맞는 것이 없습니다" in buyer.get(f"/screening/{one.pk}/edit/?q=없는말").content.decode()


def test_last_years_products_are_picked_over_pages_and_become_lines(buyer: Client) -> None:
    page = buyer.get("/screening/last-year/").content.decode()
    assert OTHERS_MARK not in page
    keys = re.findall(r'name="product" value="(\d+)"', page)[:2]
    assert len(set(keys)) == 2
    place = {"organisation": builders.WEST, "year": "2019", "product": keys}
    elsewhere = buyer.get("/screening/last-year/", {**place, "words": "없는물건"}).content.decode()
    assert re.findall(r'name="product" value="(\d+)" checked', elsewhere) == keys
    made = buyer.get("/screening/new/", place).content.decode()
    assert 'name="lines-1-description"' in made
    assert 'name="lines-2-description"' not in made
    none = buyer.get("/screening/new/", {**place, "product": ["1", "x"]}, follow=True).content.decode()
    assert "선택한 물품이 없습니다" in none


def test_last_year_of_others_is_not_there(buyer: Client) -> None:
    page = buyer.get(f"/screening/last-year/?organisation={builders.OTHER_CITY}&year=2019").content.decode()
    assert OTHERS_MARK not in page
    assert "해당하는 구매내역이 없습니다" in buyer.get("/screening/last-year/?words=없는물건").content.decode()


@pytest.fixture
def two(buyer: Client, adopted: Callable[..., Actor]) -> Client:
    """Somebody with a rejected request and a draft."""
    adopted()
    upload(buyer, HEAD + OTHER_ROW, "의자.csv")
    buyer.post(f"/screening/{Request.objects.get().pk}/edit/", form_of(buyer, Request.objects.get(), do="submit"))
    upload(buyer, HEAD + GREEN_ROW, "초록.csv")
    return buyer


def form_of(client: Client, one: Request, **more: str) -> dict[str, str]:
    line = one.lines.get()
    return {
        "version": str(one.version), "title": one.title, "kind": one.kind, "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "1", "lines-0-was": str(line.pk), "lines-0-description": line.description,
        "lines-0-specification": line.specification, "lines-0-detail_code": line.detail_code,
        "lines-0-quantity": "1", "lines-0-unit": "개", "lines-0-amount": "80,000", **more,
    }  # fmt: skip


def test_ones_own_requests_are_listed_narrowed_and_sorted(two: Client) -> None:
    page = two.get("/screening/mine/").content.decode()
    assert page.index("초록.csv") < page.index("의자.csv")
    assert "녹색제품으로 바꾸거나 사유를 적으십시오" in page
    rejected = two.get("/screening/mine/?state=rejected").content.decode()
    assert "의자.csv" in rejected
    assert "초록.csv" not in rejected
    assert "초록.csv" not in two.get("/screening/mine/?q=회의용").content.decode()
    by_title = two.get("/screening/mine/?sort=title").content.decode()
    assert by_title.index("의자.csv") < by_title.index("초록.csv")
    assert "조건에 맞는 것이 없습니다" in two.get("/screening/mine/?q=zzz").content.decode()


def test_the_list_is_handed_out(two: Client) -> None:
    text = b"".join(two.get("/screening/mine/?as=csv&state=rejected")).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("번호,제목,상태")
    assert "반려(녹색제품 있음)" in text
    book = openpyxl.load_workbook(BytesIO(b"".join(two.get("/screening/mine/?as=xlsx"))))
    assert book.worksheets[0].max_row == 3
    assert two.get("/screening/mine/?as=exe").status_code == 404


def test_who_has_none_is_told_what_to_do(buyer: Client) -> None:
    assert "아직 요청한 구매심사가 없습니다" in buyer.get("/screening/mine/").content.decode()


def test_requests_of_colleagues_are_not_ones_own(two: Client, signed_in: SignIn) -> None:
    other = signed_in("purchaser", builders.WEST)
    assert "아직 요청한 구매심사가 없습니다" in other.get("/screening/mine/").content.decode()


def test_the_start_page_says_what_came_back(
    market: Ledger, adopted: Callable[..., Actor], purchaser: Actor, django_assert_max_num_queries: Any
) -> None:
    adopted()
    wanted = [Wanted({"description": "회의용의자", "detail_code": CHAIR_ITEM, "quantity": 1})]
    one = services.draft(purchaser, organisation=builders.WEST, header=Header("의자"), lines=wanted)
    services.submit(purchaser, pk=one.pk, version=1)
    with django_assert_max_num_queries(20):
        found = waiting(purchaser)
    assert [(thing.text, thing.url) for thing in found] == [
        ("녹색제품이 있어 반려된 구매심사가 1건 있습니다", f"/screening/{one.pk}/edit/")
    ]
