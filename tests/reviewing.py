"""Undetermined products for the tests of reviews, and ways to decide and publish."""

from __future__ import annotations

from typing import Any

from builders import CHAIR, CITY, EAST, OTHER_CITY, WEST
from chorok.site.accounts.rights import Actor
from chorok.site.reviews import publication
from chorok.site.reviews.verdict import Verdict
from jobs_done import finish_jobs

SHARED, BIG, SMALL, ONE_PLACE = "공용 의자", "대형 의자", "소형 의자", "동구 의자"
BOUGHT = [
    ("2019-03-01", WEST, SHARED, 3_000_000),
    ("2019-04-01", EAST, SHARED, 4_000_000),
    ("2019-05-01", OTHER_CITY, SHARED, 90_000_000),
    ("2019-03-01", CITY, BIG, 30_000_000),
    ("2019-06-01", WEST, BIG, -25_000_000),
    ("2019-03-01", WEST, SMALL, 700_000),
    ("2019-03-01", EAST, ONE_PLACE, 500_000),
]


def verdict(outcome: str = "not_green", **wish: Any) -> Verdict:
    return Verdict(**{"outcome": outcome, "reason": "도면 확인", "item_group": CHAIR, **wish})


def publish(actor: Actor) -> None:
    publication.publish(actor)
    finish_jobs()
