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
from once import once
from reviewing import BOUGHT, verdict


@pytest.fixture(scope="session")
def made_reviewed(made_ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site's ledger with a few undetermined products more, to be copied."""

    def make(folder: Path) -> None:
        lines = [
            keyed(70_000 + number, day=day, org=org, kind="물품", supplier="가온상사", name=name, amount=amount)
            for number, (day, org, name, amount) in enumerate(BOUGHT)
        ]
        ledger = builders.copy(made_ledger.path, folder / "ledger")
        builders.take(ledger, builders.write_csv(folder / "더.csv", lines), source="more")

    return once(tmp_path_factory, "심사", make) / "ledger"


@pytest.fixture
def reviewed(made_reviewed: Path, serve: Callable[[Ledger], Ledger], db: None, tmp_path: Path) -> Ledger:
    """The site's ledger with a few undetermined products more."""
    return serve(builders.copy(made_reviewed, tmp_path / "두 도시 원장"))


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
