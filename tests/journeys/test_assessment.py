"""Somebody who plans works: a bill pasted, marked, read on a phone, its clause copied."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

import builders
import site_world
from chorok.ledger.store import Ledger

BILL = (
    "품명\t물품식별번호\t세부품명번호\t수량\t단위\t금액\n"
    f"초록의자\t{site_world.NEAR_CHAIR}\t\t3\t개\t300000\n"
    f"회의용의자\t\t{site_world.CHAIR_ITEM}\t2\t개\t150000\n"
)


def test_a_bill_is_assessed_before_design(
    site_ledger: Ledger, sign_in: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    site_world.stock(site_ledger)
    page = sign_in("officer", builders.WEST)
    page.goto("/assessments/")
    page.get_by_role("link", name="사업 등록").first.click()
    page.get_by_label("사업명").fill("구청사 보수")
    page.get_by_label("붙여넣기").fill(BILL)
    axe(page)
    page.get_by_role("button", name="검토하기").click()
    expect(page.get_by_text("66.7% → 100.0%")).to_be_visible()
    page.get_by_label("2번 자재 선택").check()
    page.get_by_role("button", name="선택한 자재를 관급으로").click()
    expect(page.get_by_text("관급자재로 표시하고")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(page)
    page.get_by_role("link", name="설계·구매지침 문구").click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="복사").first.click()
    expect(page.get_by_text("복사하였습니다.")).to_be_visible()
    assert "초록의자" in page.evaluate("navigator.clipboard.readText()")
