"""Deciding about a product by keyboard alone: from the queue to the figure, above the amount by two people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import builders
from builders import CITY, keyed
from chorok.ledger.figures import Question, summary
from chorok.ledger.store import Ledger
from chorok.site.config import ledger as site
from chorok.site.reviews.models import Review, State
from jobs_done import finish_jobs
from journeys.conftest import NARROW
from reviewing import BOUGHT


@pytest.fixture
def site_ledger(site_ledger: Ledger, tmp_path: Path) -> Ledger:
    """The journey's ledger with a few undetermined products more."""
    lines = [
        keyed(70_000 + number, day=day, org=org, kind="물품", supplier="가온상사", name=name, amount=amount)
        for number, (day, org, name, amount) in enumerate(BOUGHT)
    ]
    builders.take(site_ledger, builders.write_csv(tmp_path / "더.csv", lines), source="more")
    return site_ledger


def not_green() -> int:
    return summary(site.published(), Question((), organisation=CITY)).figures[0].amounts.share().not_green


def test_from_the_queue_to_the_figure_by_keyboard(
    sign_in: Callable[..., Page], axe: Callable[[Page], None], picture: Callable[[Page, str], None]
) -> None:
    before = not_green()
    page = sign_in("officer", CITY)
    page.goto("/reviews/?q=공용")
    axe(page)
    picture(page, "reviews-ko-1280")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("공용 의자")
    axe(page)
    picture(page, "review-ko-1280")
    page.keyboard.press("n")
    expect(page.locator("#choice-n")).to_be_checked()
    page.keyboard.press("r")
    page.keyboard.type("도면을 보니 n1은 아님")  # letters typed into the reason choose nothing
    expect(page.locator("#choice-n")).to_be_checked()
    page.locator("#id_item_group").select_option(builders.CHAIR)
    page.locator("#choice-n").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("판정했습니다")
    one = Review.objects.get()
    assert (one.outcome, one.reason, one.state) == ("not_green", "도면을 보니 n1은 아님", State.CONFIRMED)
    page.goto("/reviews/ready/")
    axe(page)
    page.locator("form[action='/reviews/publish/'] button").click()
    page.wait_for_url("**/jobs/**")
    finish_jobs()
    assert not_green() == before + 7_000_000
    page.goto("/reviews/history/")
    expect(page.locator("tbody")).to_contain_text("공표됨")
    axe(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.locator("form[action='/language/'] button[value=en]").first.click()
    axe(page)
    picture(page, "review-history-en-360")


def test_it_works_without_javascript(
    browser: Browser, live_site: str, sign_in: Callable[..., Page], context: Any
) -> None:
    signed = sign_in("officer", CITY)
    plain = browser.new_context(base_url=live_site, java_script_enabled=False, locale="ko-KR")
    plain.add_cookies(signed.context.cookies())
    page = plain.new_page()
    page.goto("/reviews/?q=소형")
    page.locator("tbody th a").first.click()
    page.locator("label[for=choice-o]").click()
    page.locator("#id_reason").fill("소모품")
    page.locator("#decide button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("판정했습니다")
    assert Review.objects.get().outcome == "out_of_scope"
    plain.close()
