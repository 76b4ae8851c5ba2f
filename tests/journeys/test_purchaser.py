"""A purchaser's minute in a browser: type, see, swap, hand in; wide and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

import builders
import site_world
from chorok.core.screening import policy as policies
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import actor_of
from chorok.site.config import ledger as site_ledgers
from chorok.site.screening import adopting
from site_world import CHAIR_ITEM, NEAR_CHAIR


@pytest.fixture
def market(site_ledger: Ledger, transactional_db: None) -> Ledger:
    """A market of chairs, and a city that screens."""
    site_world.stock(site_ledger)
    site_ledgers.forget()
    user = site_world.person("leader", builders.CITY)
    leader = actor_of(user.pk, site_ledgers.ledger().today, site_ledgers.tree())
    adopting.adopt(leader, organisation=builders.CITY, policy=replace(policies.preset("legal")), since=leader.today)
    return site_ledger


def test_from_need_to_a_passed_request(
    market: Ledger,
    sign_in: Callable[..., Page],
    axe: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = sign_in("purchaser", builders.WEST)
    page.goto("/screening/")
    axe(page)
    page.locator("#id_text").press_sequentially(f"{CHAIR_ITEM} 회의용의자 2개 150,000원")
    answers = page.locator("#answers")
    expect(answers.get_by_text("대신 살 녹색제품이 있습니다").first).to_be_visible()
    expect(answers.get_by_text(NEAR_CHAIR).first).to_be_visible()
    axe(page)
    picture(page, "ask")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="이 물품으로 요청서 만들기").press("Enter")
    expect(page.locator("#id_title")).to_have_value("회의용의자")
    axe(page)
    page.get_by_role("button", name="저장하고 심사").press("Enter")
    expect(page.get_by_text("요청서를 저장하였습니다")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name=re.compile("1번 항목을 초록의자.*바꾸기")).press("Enter")
    expect(page.get_by_text("녹색제품입니다").first).to_be_visible()
    picture(page, "edit")
    page.set_viewport_size({"width": 1280, "height": 900})
    axe(page)
    page.get_by_role("button", name="제출", exact=True).click()
    expect(page).to_have_url(re.compile(r"/screening/\d+/(#.*)?$"))
    page.goto("/screening/mine/")
    expect(page.get_by_text("구매할 수 있습니다.")).to_be_visible()
    axe(page)
    two = {
        "name": "요구.csv",
        "mimeType": "text/csv",
        "buffer": "품명,계약금액,지급금액\n의자,2,많이\n책상,1,4\n".encode(),
    }
    page.goto("/screening/upload/")
    page.locator("#id_file").set_input_files(two)  # type: ignore[arg-type]
    page.get_by_role("button", name="올리고 심사").click()
    expect(page.get_by_text("금액으로 쓸 열")).to_be_visible()
    axe(page)
    page.get_by_label("지급금액").check(force=True)
    page.get_by_role("button", name="이대로 읽기").click()
    expect(page.get_by_label("2행 지급금액: 의자")).to_have_value("많이")
    axe(page)
    page.goto("/screening/last-year/")
    axe(page)
