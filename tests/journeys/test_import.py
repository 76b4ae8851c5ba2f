"""An officer drops a file, corrects a column, takes it in, mends a row on the page, and sees what it came to."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import builders
from builders import CITY
from chorok.ledger.store import Ledger
from chorok.site.purchases.models import Mapping

HEAD = ["관리번호", "납품요구일자", "수요기관명", "부서명", "품명", "비고", "금액(천원)", "배정액", "담당자"]


@pytest.fixture(autouse=True)
def _at_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def office_file(tmp_path: Path) -> Path:
    """A file as an office has it: CP949, in thousands, with two rows that cannot be read."""
    path = tmp_path / "가람시 물품구매 2020년 10월.csv"
    with path.open("w", encoding="cp949", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEAD)
        for number in range(12):
            day = "미정" if number == 4 else f"2020-10-{1 + number:02}"
            amount = "천이백" if number == 9 else str(100 + number)
            row = [f"G-{number}", day, "가람시", "총무과", "의자", "회의실", amount, "9,999", "홍길동"]
            writer.writerow(row)
    return path


def settled(page: Page, address: str) -> None:
    """Follow the job's page to where its result is shown."""
    page.wait_for_load_state()
    if "/jobs/" in page.url:
        page.locator("main a.krds-btn.primary").first.click()
    page.wait_for_url(f"**{address}**")


def test_from_file_to_figure(
    site_ledger: Ledger,
    sign_in: Callable[..., Page],
    office_file: Path,
    axe: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    before = builders.totals(site_ledger)
    page = sign_in("officer", CITY)
    page.goto("/purchases/")
    axe(page)
    page.click("main a[href='/purchases/new/']")
    axe(page)
    page.set_input_files("input[type=file]", office_file)
    page.click("#upload button[type=submit]")
    settled(page, "/purchases/uploads/")
    assert "홍길동" not in page.content()
    picture(page, "import-understood")
    axe(page)
    page.get_by_label("비고", exact=True).select_option("specification")
    page.get_by_label("서식 이름").fill("물품구매 대장")
    page.click("button[value=check]")
    settled(page, "/purchases/uploads/")
    assert page.get_by_label("비고", exact=True).input_value() == "specification"
    assert Mapping.objects.get().name == "물품구매 대장"
    page.click("button[value=import]")
    settled(page, "/purchases/imports/")
    lines, amount = builders.totals(site_ledger)
    assert (lines - before[0], amount - before[1]) == (10, sum(100 + n for n in range(12) if n not in (4, 9)) * 1000)
    picture(page, "import-account")
    axe(page)
    page.click("main a[href*='/rejected/']")
    axe(page)
    page.locator("input[value='미정']").fill("2020-10-05")
    picture(page, "import-mend")
    page.click("button[value=send]")
    settled(page, "/purchases/imports/")
    assert builders.totals(site_ledger) == (lines + 1, amount + 104_000)
    page.goto("/purchases/")
    assert page.locator("main tbody tr").count() >= 2
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    axe(page)


def test_without_javascript_the_form_sends_the_file_whole(
    browser: Any, live_site: str, sign_in: Callable[..., Page], office_file: Path
) -> None:
    cookies: Iterator[Any] = sign_in("officer", CITY).context.cookies()  # type: ignore[assignment]
    context = browser.new_context(base_url=live_site, java_script_enabled=False, locale="ko-KR")
    context.add_cookies(list(cookies))
    page = context.new_page()
    page.goto("/purchases/new/")
    assert "이어서 보낼 수 없고" in page.locator("noscript").inner_html()
    page.set_input_files("input[type=file]", office_file)
    page.click("#upload button[type=submit]")
    settled(page, "/purchases/uploads/")
    assert page.locator("button[value=import]").is_visible()
    context.close()
