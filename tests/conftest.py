"""Fixtures of all rooms."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

import builders
from chorok.ledger.store import Ledger

settings.register_profile(
    "house",
    deadline=None,
    # Shrinking an import takes minutes; HYPOTHESIS_PROFILE=shrink does it.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
settings.register_profile("shrink", parent=settings.get_profile("house"), phases=tuple(Phase))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHOROK_LANG", "CHOROK_LEDGER", "CHOROK_ENGINE", "CHOROK_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def bare(tmp_path: Path) -> Ledger:
    """A ledger without a registry, in a folder as people name them."""
    return Ledger.create(tmp_path / "부산 장부")


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a ledger with a registry and no purchases, to be copied."""
    made = Ledger.create(tmp_path_factory.mktemp("본보기") / "ledger")
    builders.register(made)
    return made.path


@pytest.fixture
def ledger(tmp_path: Path, registered: Path) -> Ledger:
    """A ledger with a registry of a few item groups, certificates and organisations, and no purchases."""
    return builders.copy(registered, tmp_path / "부산 장부")
