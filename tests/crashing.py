"""What processes of tests do until they are killed at a step of it, as by a power cut."""

from __future__ import annotations

import importlib
import os
import signal
from pathlib import Path
from typing import Any

from chorok.ledger import batches, publishing
from chorok.ledger.store import Ledger
from chorok.sources import intake
from chorok.sources.intake import Wish


def killed_at(place: str, when: str, count: int) -> None:
    """Let the `count`-th call of 'module:function' kill this process, before or after it did its work."""
    name, _, function = place.partition(":")
    module = importlib.import_module(name)
    real, calls = getattr(module, function), 0

    def wrapped(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*given, **named)
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(module, function, wrapped)


def importing(ledger: Path, file: Path, wish: dict[str, Any], kill: tuple[str, str, int] | None = None) -> None:
    """Import a file, and be killed on the way."""
    if kill:
        killed_at(*kill)
    intake.take_in(Ledger.open(ledger), file, Wish(**wish))


def withdrawing(ledger: Path, identity: str, kill: tuple[str, str, int] | None = None) -> None:
    """Withdraw a batch, and be killed on the way."""
    if kill:
        killed_at(*kill)
    opened = Ledger.open(ledger)
    with opened.writing():
        publishing.reconcile(opened)
        batch = batches.load(opened, identity)
        if batch and batch.state == "posted":
            publishing.withdraw(opened, batch)


def holding(ledger: Path, ready: Path, until: Path) -> None:
    """Hold the write lock from when `ready` is there until `until` is."""
    import time

    with Ledger.open(ledger).writing():
        ready.touch()
        while not until.exists():
            time.sleep(0.02)


def importing_on_a_small_disk(ledger: Path, file: Path, wish: dict[str, Any], limit: int, said: Path) -> None:
    """Import where no file may grow beyond `limit` bytes; write the code of the error that is told."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        importing(ledger, file, wish)
    except Exception as error:
        said.touch()
        os.truncate(said, 0)
        descriptor = os.open(said, os.O_WRONLY)
        os.write(descriptor, f"{type(error).__name__}:{getattr(error, 'code', error)}".encode()[:limit])
        os.close(descriptor)
