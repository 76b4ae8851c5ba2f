"""A district is switched on, its purchase inspected and audited, another system told: each page seen by axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import builders
import site_world
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import actor_of
from chorok.site.config import ledger as site_ledgers
from chorok.site.screening import services
from chorok.site.screening.models import Adoption, Request
from chorok.site.screening.writing import Header, Wanted
from site_world import NEAR_CHAIR

CHAIR = {"product_id": NEAR_CHAIR, "description": "초록의자", "quantity": 2, "unit": "개", "amount": 190_000}


@pytest.fixture
def looked(axe: Callable[[Page], None], live_site: str) -> Callable[..., None]:
    """Look at pages by axe, in English at 360 px; the last of them in Korean at 1280 px too, where one goes on."""

    def look(page: Page, *paths: str) -> None:
        for path in (found := paths or (page.url,)):
            for language, width in (("en", 360), ("ko", 1280))[: 1 + (path == found[-1])]:
                page.context.add_cookies([{"name": "language", "value": language, "url": live_site}])
                page.set_viewport_size({"width": width, "height": 740})
                page.goto(path)
                expect(page.locator("html")).to_have_attribute("lang", language)
                axe(page)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    return look


def test_a_district_is_switched_on_inspected_and_audited(
    site_ledger: Ledger, sign_in: Callable[..., Page], axe: Callable[[Page], None], looked: Callable[..., None]
) -> None:
    site_world.stock(site_ledger)
    site_ledgers.forget()
    page = sign_in("leader", builders.CITY)
    looked(page, "/fulfilment/", "/screening/frameworks/", "/screening/policies/", "/screening/roll-out/")
    page.locator(f"a[href*='organisation={builders.WEST}&']").click()
    looked(page)
    page.locator("label[for=id_understood]").click()
    page.locator("button[value=preview]").click()
    axe(page)
    page.locator("button[value=adopt]").click()
    looked(page, f"/screening/policies/{Adoption.objects.get().pk}/")
    one = passed()
    page = sign_in("inspector", builders.WEST)
    page.get_by_role("link", name="검수할 품목").click()
    looked(page)
    page.locator("a[href$='/inspect/']").click()
    page.locator("input[name=certificate_no]").fill("T-21")
    axe(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("구매일에 유효한 인증입니다")
    looked(page, f"/fulfilment/requests/{one.pk}/", f"/fulfilment/requests/{one.pk}/1/settle/", "/fulfilment/matches/")
    page = sign_in("auditor", builders.CITY)
    page.goto(f"/screening/{one.pk}/")
    page.locator("a[href$='/record/']").click()
    expect(page.locator("main")).to_contain_text("감사기록과 일치합니다")
    looked(page)
    looked(sign_in("administrator", builders.CITY), "/webhooks/")


def passed() -> Request:
    """Return a request of the district for a chair that is certified."""
    purchaser = actor_of(
        site_world.person("purchaser", builders.WEST).pk, site_ledgers.ledger().today, site_ledgers.tree()
    )
    one = services.draft(purchaser, organisation=builders.WEST, header=Header("회의실 의자"), lines=[Wanted(CHAIR)])
    return services.submit(purchaser, pk=one.pk, version=1)
