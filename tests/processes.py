"""Processes of tests, forked from a server that has imported the program: to begin at nothing takes seconds, and no
threads of the test process are copied.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from multiprocessing import forkserver
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["crashing", "chorok.cli.commands", "django.db.models", "django.core.management"])


def run(target: Callable[..., None], *arguments: Any) -> int:
    """Run a function of a module of the tests in a process of its own; return its exit code, -9 when it was killed."""
    process = start(target, *arguments)
    process.join(60)
    assert process.exitcode is not None, "the process hangs"
    return int(process.exitcode)


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
    """Start a function of a module of the tests in a process of its own."""
    _serve()
    process = _CONTEXT.Process(target=target, args=arguments)
    process.start()
    return process


def chorok(*words: object) -> CompletedProcess[str]:
    """Run a command in a process of its own, whose environment names neither a ledger nor a site."""
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder) / name for name in ("out", "err")]
        code = run(_command, [str(word) for word in words], said)
        return CompletedProcess(words, code, *(file.read_text(encoding="utf-8") for file in said))


def _command(words: list[str], said: list[Path]) -> None:
    _forget_the_environment()
    for descriptor, file in enumerate(said, 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), descriptor)
    from chorok.cli import main

    sys.exit(main(words))


def begin_site(ledger: Path, site: Path) -> None:
    """Start the site of a ledger in a folder, with one event of its own."""
    _forget_the_environment()
    from chorok.site.config import setup

    setup.ready(ledger, site)
    setup.migrate()
    from django.db import transaction

    from chorok.site.audit.services import reconcile, record

    reconcile()
    with transaction.atomic():
        record(None, "room.did")


def _forget_the_environment() -> None:
    for name in [name for name in os.environ if name.startswith(("CHOROK_", "DJANGO_"))]:
        del os.environ[name]
