"""Every kind of page within reach of a role, in a browser, wide and narrow: open to everybody, nothing breaks.

Links are followed as the crawl of test_isolation.py follows them, each route once; what an earlier role has already
shown in both languages is not looked at again.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Page

import builders
import site_world
from chorok.site.accounts.roles import Role
from chorok.wording import LANGUAGES, catalogue

LINK = re.compile(r"""<a\b[^>]*?\shref="([^"#]+)""")
ELSEWHERE = ("/static/", "/account/logout", "/language/", "/look/")
FILES = ("csv", "xlsx", "ods", "json", "jsonl", "zip")
MOST = 90
"""Kinds of pages looked at for one role."""

CODE = re.compile(r"\b[a-z_]+(?:\.[a-z_0-9]+)+\b")
WHO = {
    Role.OFFICER: builders.CITY,
    Role.PURCHASER: builders.CITY,
    Role.COORDINATOR: "T-NET",
    Role.ADMINISTRATOR: builders.CITY,
    Role.SUPPLIER: "1248100998",
}

UNMARKED = """() => {
  const look = one => {
    const s = getComputedStyle(one)
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor,
            s.textDecorationLine].join()
  }
  const parts = one => [one, one.nextElementSibling, one.closest('label')].filter(Boolean).map(look).join('|')
  const seen = new Set(), unmarked = []
  for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
    const kind = one.tagName + one.className + (one.type || '') + one.parentElement.className
    if (seen.has(kind) || one.disabled || !one.checkVisibility()) continue
    seen.add(kind)
    document.activeElement.blur()
    const before = parts(one)
    one.focus()
    if (document.activeElement === one && parts(one) === before) unmarked.push(one.outerHTML.slice(0, 160))
  }
  document.activeElement.blur()
  return unmarked
}"""

FAINT = """() => {
  const channels = colour => (colour.match(/[\\d.]+/g) || []).map(Number)
  const light = colour => {
    const [r, g, b] = channels(colour).map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const seen = new Set(), faint = []
  for (const one of document.querySelectorAll('main .krds-btn')) {
    if (seen.has(one.className) || one.disabled || !one.innerText || !one.checkVisibility()) continue
    seen.add(one.className)
    one.style.transition = 'none'
    one.focus()
    const {color, backgroundColor} = getComputedStyle(one)
    if (channels(backgroundColor)[3] === 0) continue
    const [dark, bright] = [light(color), light(backgroundColor)].sort((a, b) => a - b)
    const contrast = (bright + 0.05) / (dark + 0.05)
    if (contrast < 4.5) faint.push(`${one.className} ${contrast.toFixed(2)}`)
  }
  return faint
}"""
"""Buttons too faint to read while they have focus: axe looks at none that has."""

BEYOND = """() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3)
  .map(one => one.outerHTML.slice(0, 120))"""

_looked: dict[str, set[str]] = {}
"""Route -> languages in which an earlier role has shown it."""


@pytest.mark.parametrize("role", WHO)
def test_every_page_within_reach_is_open_to_everybody(
    browser: Browser, live_site: str, transactional_db: None, axe: Callable[[Page], None], role: Role
) -> None:
    client = Client()
    client.force_login(site_world.person(role, WHO[role]))
    context = browser.new_context(base_url=live_site, locale="ko-KR", accept_downloads=False)
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site}])
    try:
        wrong = list(_found(context, live_site, client, axe))
    finally:
        context.close()
    assert not wrong, "\n".join(wrong)


def _found(context: BrowserContext, site: str, client: Client, axe: Callable[[Page], None]) -> Iterator[str]:
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    count = 0
    for route, address in _kinds(client):
        count += 1
        left = [one for one in LANGUAGES if one not in _looked.get(route, ())]
        if not left:
            continue
        language, first = left[count % len(left)], len(left) == len(LANGUAGES)
        _looked.setdefault(route, set()).add(language)
        context.add_cookies([{"name": "language", "value": language, "url": site}])
        said.clear()  # what axe's own styles and reading of styles made the browser say on the page before
        page.goto(address)
        for fault in _faults(page, narrow_last=bool(count % 2)):
            yield f"{address} ({language}): {fault}"
        yield from (f"{address} ({language}) in the console: {one}" for one in said)
        if first:  # what it looks for is not a matter of words
            yield from (f"{address} ({language}): {fault}" for fault in _barriers(page, axe))
    assert count >= 3, "the crawl meets no page: it proves nothing"


def _faults(page: Page, *, narrow_last: bool) -> Iterator[str]:
    for width in (1280, 360) if narrow_last else (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"wider than {width}: {page.evaluate(BEYOND)}"
    if (headings := page.locator("h1").count()) != 1:
        yield f"{headings} h1"
    if not page.title().strip():
        yield "no title"
    codes = set(CODE.findall(page.locator("body").inner_text()))
    if bare := [one for one in codes if one.startswith("site.") or one in catalogue("ko")]:
        yield f"not worded: {bare}"


def _barriers(page: Page, axe: Callable[[Page], None]) -> Iterator[str]:
    try:
        axe(page)
    except AssertionError as violated:
        yield str(violated)
    page.keyboard.press("Tab")  # from here on focus counts as the keyboard's
    if unmarked := page.evaluate(UNMARKED):
        yield f"focus not seen: {unmarked}"
    if faint := page.evaluate(FAINT):
        yield f"faint with focus: {faint}"


def _kinds(client: Client) -> Iterator[tuple[str, str]]:
    """Yield route and address of each kind of page that links lead to from the start page."""
    waiting, seen, pages = deque(["/"]), {"/"}, set[str]()
    while waiting and len(pages) < MOST:
        url = waiting.popleft()
        route = resolve(urlsplit(url).path).route
        answer = client.get(url)
        links = []
        if 300 <= answer.status_code < 400:
            links = [answer["Location"]]
        elif "html" in answer.get("Content-Type", "") and "attachment" not in answer.get("Content-Disposition", ""):
            links = LINK.findall(answer.content.decode())
            if route not in pages and answer.status_code == 200:
                pages.add(route)
                yield route, url
        for link in links:
            target = urlsplit(urljoin(url, unescape(link)))
            if target.netloc or target.path.startswith(ELSEWHERE) or target.path.rstrip("/").endswith(FILES):
                continue
            try:
                kind = resolve(target.path).route
            except Resolver404:
                continue
            if kind not in seen:
                seen.add(kind)
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
