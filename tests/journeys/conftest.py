"""Fixtures of browser journeys: Debian's Chromium, a live site on a small ledger, axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import builders
import site_world
from chorok.ledger.store import Ledger
from chorok.site.config import ledger as site_ledgers
from once import once
from unsealed import emptied_between_tests  # noqa: F401 - a fixture

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once a worker. Without it journeys are skipped, in CI they fail."""
    if not CHROMIUM:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium: apt-get install chromium")
    # Playwright's loop runs in this thread, and Django would refuse the database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def made_ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The ledger that journeys get copies of."""
    return Ledger.open(once(tmp_path_factory, "두 도시", site_world.make) / "ledger")


@pytest.fixture
def site_ledger(made_ledger: Ledger, settings: Any, tmp_path: Path) -> Ledger:
    """A copy of the ledger for one journey."""
    ledger = builders.copy(made_ledger.path, tmp_path / "두 도시 원장")
    settings.LEDGER = ledger.path
    settings.SITE_FOLDER = tmp_path / "site"
    settings.UPLOADS = tmp_path / "site" / "uploads"
    site_ledgers.forget()
    return ledger


@pytest.fixture
def live_site(site_ledger: Ledger, live_server: Any) -> str:
    """The address of a running site."""
    return str(live_server.url)


@pytest.fixture
def context(browser: Browser, live_site: str) -> Iterator[BrowserContext]:
    """A fresh browser session, in Korean unless a test says otherwise."""
    opened = browser.new_context(base_url=live_site, viewport=WIDE, locale="ko-KR")  # type: ignore[arg-type]
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on which a script error or a refused script fails the test."""
    opened = context.new_page()

    def fail(error: Any) -> None:
        raise AssertionError(str(error))

    opened.on("pageerror", fail)
    return opened


@pytest.fixture
def sign_in(page: Page, live_site: str, transactional_db: None) -> Callable[..., Page]:
    """Sign somebody in, and go to the start page. By the form it is done once, in test_start.py."""

    def enter(role: str, organisation: str, **wish: Any) -> Page:
        client = Client()
        client.force_login(site_world.person(role, organisation, **wish))
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site}])
        page.goto("/")
        return page

    return enter


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that a page has no violation of WCAG 2.2 A and AA that axe can see."""
    checker = Axe()
    wanted = {
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
        "resultTypes": ["violations"],  # what passed need not be described
        "preload": False,  # only rules on media look at files, and there are none
    }

    def check(page: Page) -> None:
        found = checker.run(page, options=wanted)
        assert not found.response["violations"], found.generate_report()

    return check


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a picture of a whole page, for people to look at, in the folder that CHROMIUM_PICTURES names, if any."""
    folder = os.environ.get("CHROMIUM_PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take
