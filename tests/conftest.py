"""Fixtures of all rooms."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import io
import os
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

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


def pytest_collection_finish() -> None:
    """Leave what stays until the end out of the search for garbage, and search less often."""
    gc.freeze()
    gc.set_threshold(50_000)


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
    return once(tmp_path_factory, "본보기", lambda folder: builders.model(folder / "ledger")) / "ledger"


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
def django_db_setup(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, django_test_environment: None, django_db_blocker: Any
) -> None:
    """Apply the migrations once for all workers; each works on a copy, which goes away with the run.

    SQLite's is a file: in memory it knows neither several writers nor a busy one.
    """
    from django.conf import settings as django_settings
    from django.db import connection

    in_file, creation = connection.vendor == "sqlite", connection.creation

    def migrated(folder: Path) -> None:
        wanted = folder / "site.sqlite3" if in_file else f"test_{uuid4().hex}"
        connection.settings_dict["TEST"]["NAME"] = str(wanted)
        (folder / "name").write_text(creation.create_test_db(verbosity=0, serialize=False), encoding="utf-8")
        connection.close()

    with django_db_blocker.unblock():
        made = once(tmp_path_factory, "database", migrated)
        name = str(made / "site.sqlite3")
        if not in_file:
            connection.settings_dict["NAME"] = (made / "name").read_text(encoding="utf-8")
            creation.clone_test_db(worker_id, verbosity=0)
            name = creation.get_test_db_clone_settings(worker_id)["NAME"]
        django_settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
