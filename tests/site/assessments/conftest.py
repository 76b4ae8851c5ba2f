"""The market of the tests of screening."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import builders
import site_world
from chorok.ledger.store import Ledger
from chorok.site.config import ledger as site_ledgers


@pytest.fixture(scope="session")
def made_market(made_ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The ledger of two cities with a market of chairs; read it, never write."""
    ledger = builders.copy(made_ledger.path, tmp_path_factory.mktemp("시장") / "원장")
    site_world.stock(ledger)
    return ledger


@pytest.fixture
def market(made_market: Ledger, read_ledger: Ledger, settings: Any, tmp_path: Path) -> Ledger:
    """The site on the ledger with a market, for tests that only read it."""
    settings.LEDGER = made_market.path
    site_ledgers.forget()
    return made_market
