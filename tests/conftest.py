"""Fixtures of all rooms."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

import builders
from chorok.cli import main
from chorok.ledger.store import Ledger
from once import once

settings.register_profile(
    "house",
    deadline=None,
    # Enough to find what was ever found; HYPOTHESIS_PROFILE=thorough looks longer.
    max_examples=50,
    # Shrinking an import takes minutes; HYPOTHESIS_PROFILE=shrink does it.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
settings.register_profile("shrink", parent=settings.get_profile("house"), phases=tuple(Phase))
settings.register_profile("thorough", parent=settings.get_profile("house"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def pytest_configure(config: pytest.Config) -> None:
    """Hash passwords quickly: the real hash is slow on purpose, and every test makes people."""
    from django.conf import settings as django_settings

    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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
    return (
        once(tmp_path_factory, "본보기", lambda folder: builders.register(Ledger.create(folder / "ledger"))) / "ledger"
    )


@pytest.fixture
def ledger(tmp_path: Path, registered: Path) -> Ledger:
    """A ledger with a registry of a few item groups, certificates and organisations, and no purchases."""
    return builders.copy(registered, tmp_path / "부산 장부")


@pytest.fixture(scope="session")
def demo_network(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The small demo, made once for all workers by the command; to be read, or copied from `untouched`.

    `said.json` is what the command printed. `untouched` is the ledger as it was then: nobody computes in it.
    """
    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / "예시"
    place.mkdir(exist_ok=True)
    folder = place / "demo network"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "said.json").exists():
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                assert main(["demo", str(folder), "--scale", "0.02", "--json", "-q", "--lang", "en"]) == 0
            shutil.copytree(folder / "ledger", folder / "untouched")
            (folder / "said.json").write_text(said.getvalue(), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings: None) -> None:
    """Keep SQLite's test database in a file: in memory it knows neither several writers nor a busy one."""
    from django.conf import settings as django_settings

    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "site.sqlite3")
