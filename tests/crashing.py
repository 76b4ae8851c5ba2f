"""Processes that are killed at a step of their work, as by a power cut. Started by a fork server: quick, and no
threads of the test process are copied.
"""

from __future__ import annotations

import functools
import importlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from chorok.ledger import batches, publishing
from chorok.ledger.store import Ledger
from chorok.sources import intake
from chorok.sources.intake import Wish

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["crashing"])


def run(target: Callable[..., None], *arguments: Any) -> int:
    """Run a function of this module in a process of its own; return its exit code, -9 when it was killed."""
    process = start(target, *arguments)
    process.join(60)
    assert process.exitcode is not None, "the process hangs"
    return process.exitcode


@functools.cache
def _serve() -> None:
    """Start the fork server. It finds what it preloads by PYTHONPATH only."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before


def start(target: Callable[..., None], *arguments: Any) -> Any:
    """Start a function of this module in a process of its own."""
    _serve()
    process = _CONTEXT.Process(target=target, args=arguments)
    process.start()
    return process


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
