"""Renaming a district in a browser: the form, what it would do, the change, and the tree of both days."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from builders import CITY, WEST
from jobs_done import finish_jobs
from journeys.conftest import NARROW


def test_a_district_gets_another_name(
    sign_in: Callable[..., Page], axe: Callable[[Page], None], picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("officer", CITY)
    page.goto("/organisations/")
    axe(page)
    picture(page, "organisations-ko-1280")
    page.locator(f"main a[href$='/{WEST}/']").click()
    axe(page)
    page.locator("main a[href$='/rename/']").click()
    axe(page)
    page.fill("input[name=name_ko]", "새서구")
    page.fill("input[name=on]", "2019-07-01")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("tbody").first).to_contain_text("새서구")
    axe(page)
    picture(page, "organisations-draft-ko-1280")
    page.locator("form[action$='/confirm/'] button").click()
    page.wait_for_url("**/jobs/**")
    finish_jobs()
    page.goto("/organisations/?on=2019-06-30")
    expect(page.locator("main")).not_to_contain_text("새서구")
    page.goto("/organisations/?on=2019-07-01")
    expect(page.locator("main")).to_contain_text("새서구")
    page.goto("/organisations/changes/")
    axe(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.locator("form[action='/language/'] button[value=en]").first.click()
    axe(page)
    picture(page, "organisations-changes-en-360")
