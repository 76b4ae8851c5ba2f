"""`chorok serve`: the web server and the worker of the background jobs, started and stopped together."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from chorok.core.errors import ChorokError, LedgerError
from chorok.ledger.store import Ledger
from chorok.site.config.setup import migrate, ready


class Web(BaseApplication):  # type: ignore[misc]
    """gunicorn, set up here instead of on its own command line."""

    def __init__(self, bind: str, workers: int, threads: int) -> None:
        self.chosen: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 20,
            "keepalive": 20,  # a program that asks now and then need not connect anew each time
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": _warm,
            "pre_request": _share_out,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the chosen settings."""
        for name, value in self.chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application."""
        from chorok.site.config.wsgi import application

        return application


ANSWERS = 50
"""Answers of a process after which it ends the connection that the next one goes to."""


def _share_out(worker: Any, request: Any) -> None:
    """End a connection now and then: whoever stays connected for long comes to the process that has most time."""
    if worker.nr % ANSWERS == ANSWERS - 1:
        request.force_close()


def _warm(_worker: object) -> None:
    """Open the desk of screening beside the first requests, so that no purchaser waits for it."""
    threading.Thread(target=_open_desk, name="desk", daemon=True).start()


def _open_desk() -> None:
    from chorok.site.config import ledger
    from chorok.site.screening.desk import desk

    try:
        if ledger.is_published():
            desk().warm()
            # What stays open for good need not be searched for garbage again and again: a fifth of many lines' time.
            gc.collect()
            gc.freeze()
    except ChorokError as error:
        logging.getLogger(__name__).warning("the desk is not open yet: %s", error.code)


def prepare(ledger: Path, site: Path | None = None) -> int:
    """Make database, static files and, for an example network, its people. Returns how many people were made.

    Raises LedgerError when there is no ledger.
    """
    opened = Ledger.open(ledger)
    ready(ledger, site)
    from django.conf import settings
    from django.core.management import call_command

    settings.SITE_FOLDER.mkdir(parents=True, exist_ok=True)
    migrate()
    call_command("collectstatic", verbosity=0, interactive=False)
    from chorok.site import example
    from chorok.site.audit import services as audit

    audit.attach()
    audit.reconcile()
    return example.settle() if opened.synthetic else 0


def looks_complete() -> bool:
    """Tell whether the design system's files are there; without them pages work but look plain."""
    from django.conf import settings

    return (settings.STATIC_ROOT / "vendor").is_dir()


def serve(host: str, port: int, *, workers: int, threads: int, jobs: bool, started: Callable[[], None]) -> int:
    """Serve until stopped, and return the web server's exit code; with `jobs` a background worker runs beside.

    Both are programs of their own: a worker that dies is started again, and the engine that reads the ledger, which
    does not survive a fork, is never open when the web server forks. Raises LedgerError port_taken.
    """
    _must_be_free(host, port)
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    with _Beside(jobs) as beside, _program("web", bind, str(workers), str(threads)) as web:
        beside.web = web
        is_told = False
        while web.poll() is None:
            if not is_told and _answers(host, port):
                started()
                is_told = True
            beside.keep()
            time.sleep(PAUSE)
    return 0 if beside.told else web.returncode


class _Beside:
    """The background worker beside the web server, and what is done when somebody stops both."""

    def __init__(self, wanted: bool) -> None:
        self.worker = _program("work") if wanted else None
        self.web: subprocess.Popen[bytes] | None = None
        self.told = False

    def __enter__(self) -> _Beside:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        self.told = True
        if self.worker and self.worker.poll() is None:
            self.worker.terminate()
            try:
                self.worker.wait(20)
            except subprocess.TimeoutExpired:
                self.worker.kill()

    def keep(self) -> None:
        """Start the worker again when it is gone, but not while everything stops."""
        if self.worker and self.worker.poll() is not None and not self.told:
            time.sleep(PAUSE)
            self.worker = _program("work")

    def _stop(self, number: int, _frame: object) -> None:
        self.told = True
        if self.web and self.web.poll() is None:
            self.web.terminate()


PAUSE = 0.2


def _program(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a part of the site as a program of its own, which does not get the Ctrl+C of the terminal."""
    command = [sys.executable, "-m", "chorok.site.server", *arguments]
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own program


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host.replace("0.0.0.0", "127.0.0.1"), port), timeout=1):  # noqa: S104
            return True
    except OSError:
        return False


def work() -> None:
    """Run background jobs until told to stop; the environment names ledger and site."""
    os.nice(5)  # whoever waits for a page goes first
    ready(Path(os.environ["CHOROK_LEDGER"]))
    from chorok.site.jobs import worker

    worker.main()


def _must_be_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise LedgerError("port_taken", host=host, port=port) from error


def main(part: str, *arguments: str) -> None:
    """Be one of the programs that `serve` starts."""
    if part == "work":
        work()
    else:
        bind, workers, threads = arguments
        Web(bind, int(workers), int(threads)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
