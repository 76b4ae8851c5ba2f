"""What rules section 4 does not let pass never shows to another city: every page within reach of a link is read.

The second city's lines carry a mark in department, supplier and description. Whoever works for the first city, and
the coordinator of both, follows every link there is, downloads included, and must never meet it. On the way no page
may break.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.roles import Role
from site_world import OTHERS_MARK

pytestmark = pytest.mark.django_db

LINK = re.compile(r"""(?:href|hx-get|action)="([^"#]+)""")
MOST = 120
"""Pages read for one role; links that differ only in how a list is sorted or paged count once."""
ALIKE = 2
"""So many pages are read that differ only in numbers, such as those of products."""

ELSEWHERE = ("/static/", "/account/logout", "/language/", "/look/")
SAME = re.compile(r"(sort|page|per|cursor)=[^&]*&?|\d{3,}|[0-9a-f]{8}-[0-9a-f-]{27}")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SUPPLIER])
def test_no_page_within_reach_shows_what_another_city_keeps(
    read_ledger: Ledger, signed_in: Callable[..., Client], role: str
) -> None:
    place = "T-NET" if role == Role.COORDINATOR else builders.CITY
    client = signed_in(role, place)
    read = list(crawl(client))
    assert len(read) >= 3, read
    shown = [url for url, status, text in read if OTHERS_MARK in text]
    assert not shown
    broken = [(url, status) for url, status, _ in read if status >= 500]
    assert not broken


def test_the_mark_is_there_for_the_city_whose_it_is(read_ledger: Ledger, signed_in: Callable[..., Client]) -> None:
    read = list(crawl(signed_in(Role.OFFICER, builders.OTHER_CITY)))
    assert any(OTHERS_MARK in text for _, _, text in read), "the crawl meets no line at all: it proves nothing"


def crawl(client: Client) -> Iterator[tuple[str, int, str]]:
    """Yield address, status and text of every page that links lead to from the start page, each kind of page once."""
    waiting, seen = deque(["/"]), {"/"}
    alike = Counter[tuple[str, ...]]()
    count = 0
    while waiting and count < MOST:
        url = waiting.popleft()
        answer = client.get(url)
        count += 1
        body = b"".join(answer) if answer.streaming else answer.content
        text = body.decode("utf-8", "replace")
        yield url, answer.status_code, text
        found = [answer["Location"]] if 300 <= answer.status_code < 400 else []
        found += LINK.findall(text) if "html" in answer.get("Content-Type", "") else []
        for link in found:
            target = urlsplit(urljoin(url, unescape(link)))
            if target.netloc or target.path.startswith(ELSEWHERE):
                continue
            address = target.path + (f"?{target.query}" if target.query else "")
            kind = SAME.sub("", address)
            like = re.sub(r"-?\d+", "#", target.path), *sorted(parse_qs(target.query, keep_blank_values=True))
            if kind not in seen and alike[like] < ALIKE:
                seen.add(kind)
                alike[like] += 1
                waiting.append(address)
