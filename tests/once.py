"""What is made once for all workers of a run: the first makes it, each gets a copy of its own."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that `make` has filled, it or that of another worker; `make` gets an empty folder."""
    base = factory.getbasetemp()
    place = (base.parent if base.name.startswith("popen-") else base) / f"once-{name}"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "done").exists():
            shutil.rmtree(place / "made", ignore_errors=True)
            (place / "made").mkdir()
            make(place / "made")
            (place / "done").touch()
    return Path(shutil.copytree(place / "made", factory.mktemp(name) / "made"))
