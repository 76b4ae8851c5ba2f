"""What the tests of reviews share: undetermined products, one of which both cities bought, and decisions on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import builders
from builders import keyed
from chorok.ledger import review
from chorok.ledger.review import Wanted
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.reviews import services
from chorok.site.reviews.models import Review
from reviewing import BOUGHT, verdict


@pytest.fixture
def reviewed(site_ledger: Ledger, tmp_path: Path, db: None) -> Ledger:
    """The site's ledger with a few undetermined products more."""
    lines = [
        keyed(70_000 + number, day=day, org=org, kind="물품", supplier="가온상사", name=name, amount=amount)
        for number, (day, org, name, amount) in enumerate(BOUGHT)
    ]
    builders.take(site_ledger, builders.write_csv(tmp_path / "더.csv", lines), source="more")
    return site_ledger


@pytest.fixture
def key(reviewed: Ledger) -> Callable[[str], int]:
    """Return the key of a product by its name."""

    def find(name: str) -> int:
        return int(review.page(site.published(), Wanted(words=name)).rows[0]["product_key"])

    return find


@pytest.fixture
def decide(key: Callable[[str], int]) -> Callable[..., Review]:
    """Decide about a product by its name."""

    def act(actor: Actor, name: str, outcome: str = "not_green", **wish: Any) -> Review:
        return services.decide(actor, key=key(name), said=verdict(outcome, **wish))

    return act
