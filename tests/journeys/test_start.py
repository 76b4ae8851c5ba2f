"""The first minute in a browser: the start page, signing in, the other language."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

import builders
import site_world
from journeys.conftest import NARROW


def test_sign_in_and_change_the_language(
    page: Page, transactional_db: None, axe: Callable[[Page], None], picture: Callable[[Page, str], None]
) -> None:
    user = site_world.person("officer", builders.CITY)
    page.goto("/account/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", site_world.PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/account/login" not in url)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    axe(page)
    picture(page, "start-ko-1280")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.locator("form[action='/language/'] button[value=en]").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    axe(page)
    picture(page, "start-en-360")
