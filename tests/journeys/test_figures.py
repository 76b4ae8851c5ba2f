"""Journeys from a figure to its ground: dashboard, figure, lines, the received row; and across the network."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from builders import CITY, OTHER_CITY

PLACES = ("", "items/", "potential/?lines=biggest", "compare/", "quality/", "figure/", "lines/", "network/")


def test_a_figure_opens_down_to_the_row_that_was_received(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer", CITY)
    page.goto("/performance/?period=2019")
    page.locator(".tile-value a").first.click()
    page.locator("tbody a").first.click()
    page.wait_for_url("**/performance/lines/**")
    page.locator("tbody th a").first.click()
    assert page.locator("h1").inner_text().startswith("구매내역 L")
    assert "납품요구번호" in page.locator("main").inner_text()


def test_another_period_is_one_choice_away(sign_in: Callable[..., Page]) -> None:
    page = sign_in("officer", CITY)
    page.goto("/performance/?period=2019")
    page.select_option("#period", "2018")
    page.wait_for_url("**period=2018**")
    assert "2018" in page.locator("h1").inner_text()


def test_what_a_leader_releases_the_other_city_sees(sign_in: Callable[..., Page]) -> None:
    page = sign_in("leader", OTHER_CITY)
    page.goto("/performance/releases/")
    page.select_option("select[name=year]", "2019")
    page.locator("main form button[type=submit]").click()
    assert "공개했습니다" in page.locator("main").inner_text()
    page.context.clear_cookies()
    page = sign_in("officer", CITY)
    page.goto("/performance/network/?year=2019")
    assert "비공개" in page.locator("main").inner_text()
    assert "1곳이 공개하였고" in page.locator("main").inner_text()


def test_all_pages_keep_within_any_width(sign_in: Callable[..., Page], picture: Callable[[Page, str], None]) -> None:
    """In both languages; what axe sees is asked where every page is."""
    page = sign_in("officer", CITY)
    for number, place in enumerate(PLACES):
        for language in ("ko", "en") if number % 2 else ("en", "ko"):
            page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
            page.goto(f"/performance/{place}")
            for width in (1280, 360) if number % 4 > 1 else (360, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (place, language, width)
            picture(page, f"figures-{place.split('/')[0] or 'dashboard'}-{language}")
