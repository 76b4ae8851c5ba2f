"""By browser: a target set and revised, an action plan, and a period sent, returned and accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

import site_world
from builders import CITY, WEST
from chorok.ledger import closings, targets
from chorok.ledger.store import Ledger

SignIn = Callable[..., Any]
SEEN = (
    "/periods/?year=2019",
    f"/periods/{WEST}/2019/",
    f"/periods/{CITY}/2019/submit/",
    "/periods/calendar/?year=2020",
    "/goals/targets/",
    "/goals/targets/set/",
    f"/goals/targets/suggest/?organisation={CITY}&year=2021",
    "/goals/core-items/",
    f"/goals/core-items/adopt/?organisation={CITY}&year=2020&rule=rule",
    "/goals/plans/",
    "/goals/plans/new/",
    "/goals/scorecard/?year=2019",
    "/goals/forecast/",
    "/goals/replay/?year=2019",
    "/notices/",
)


def send(page: Page) -> None:
    page.locator("form.confirm button[type=submit]").click()


def test_a_target_is_looked_for_set_and_revised(page: Page, sign_in: SignIn, site_ledger: Ledger) -> None:
    sign_in("officer", CITY)
    page.goto(f"/goals/targets/suggest/?organisation={CITY}&year=2021")
    expect(page.locator("tbody")).to_contain_text("추세")
    page.goto(f"/goals/targets/set/?organisation={CITY}&year=2021&base_year=2019")
    page.get_by_label("목표값").fill("45")
    page.get_by_label("사유").fill("이행계획을 따름")
    send(page)
    expect(page.locator("#messages")).to_contain_text("목표를 설정했습니다")
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="목표 수정").click()
    page.get_by_label("목표값").fill("140")
    page.get_by_label("사유").fill("너무 높음")
    send(page)
    expect(page.locator("form.confirm")).to_contain_text("0에서 100 사이")
    page.get_by_label("목표값").fill("41.5")
    send(page)
    expect(page.locator("#messages")).to_contain_text("41.5%")
    assert [str(one.reason) for one in targets.read(site_ledger)] == ["이행계획을 따름", "너무 높음"]


def test_a_plan_with_its_steps(page: Page, sign_in: SignIn) -> None:
    sign_in("officer", CITY)
    page.goto("/goals/plans/new/")
    page.get_by_label("제목").fill("의자 교체")
    send(page)
    page.get_by_role("link", name="과제 추가").click()
    page.get_by_label("과제").fill("설명회")
    page.get_by_label("기한").fill("2020-12-01")
    send(page)
    page.locator("form[action$='/done/'] button").click()
    expect(page.locator("#messages")).to_contain_text("완료로 표시했습니다")
    expect(page.get_by_text("1건 중 1건").first).to_be_visible()


def test_a_period_is_sent_returned_and_accepted(
    page: Page, browser: Any, live_site: str, sign_in: SignIn, site_ledger: Ledger
) -> None:
    other = browser.new_context(base_url=live_site, locale="ko-KR")
    city = other.new_page()
    sign_in("district_officer", WEST)
    city.goto("/account/login/")
    city.fill("input[name=login]", site_world.person("leader", CITY).email)
    city.fill("input[name=password]", site_world.PASSWORD)
    city.click("main form button[type=submit]")
    city.wait_for_url(lambda url: "/account/login" not in url)
    page.goto(f"/periods/{WEST}/2019/submit/")
    send(page)
    expect(page.locator("#messages")).to_contain_text("제출했습니다")
    city.goto("/")
    city.get_by_role("link", name="알림 1건").click()
    city.get_by_role("link", name="서구").first.click()
    city.get_by_role("link", name="반려").click()
    city.get_by_label("의견").fill("파일 2건 누락")
    send(city)
    page.goto(f"/periods/{WEST}/2019/")
    expect(page.locator("main")).to_contain_text("파일 2건 누락")
    page.get_by_role("link", name="제출", exact=True).click()
    send(page)
    city.goto(f"/periods/{WEST}/2019/")
    city.get_by_role("link", name="승인", exact=True).click()
    send(city)
    expect(city.locator("#messages")).to_contain_text("승인했습니다")
    other.close()
    assert closings.standings(site_ledger)[WEST, "2019"].state == "accepted"


def test_pages_are_fit_for_everybody(
    page: Page, context: BrowserContext, live_site: str, sign_in: SignIn, axe: Any
) -> None:
    """In both languages at both widths; axe looks once, the words being all that differs."""
    sign_in("officer", CITY)
    page.goto(f"/periods/{CITY}/2019/submit/")
    send(page)
    for number, address in enumerate((*SEEN, f"/periods/{CITY}/2019/")):
        for language in ("ko", "en") if number % 2 else ("en", "ko"):
            context.add_cookies([{"name": "language", "value": language, "url": live_site}])
            page.goto(address)
            for width in (1280, 360) if number % 4 > 1 else (360, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, language, width)
        axe(page)
