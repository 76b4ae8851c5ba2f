"""`chorok serve`: the web server and the worker of the background jobs, started and stopped together."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from chorok.core.errors import LedgerError
from chorok.ledger.store import Ledger
from chorok.site.config.setup import migrate, ready


class Web(BaseApplication):  # type: ignore[misc]
    """gunicorn, set up here instead of on its own command line."""

    def __init__(self, bind: str, workers: int, threads: int, started: Callable[[], None]) -> None:
        self.chosen: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 20,
            "accesslog": None,
            "loglevel": "warning",
            "when_ready": lambda _server: started(),
            "control_socket_disable": True,
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


def prepare(ledger: Path, site: Path | None = None) -> int:
    """Make database, static files and, for an example network, its people. Returns how many people were made.

    It is done by a process of its own: the engine that reads the ledger does not survive the fork of web workers.
    Raises LedgerError when there is no ledger.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        made = apart.submit(settle, ledger, site).result()
    ready(ledger, site)
    return made


def settle(ledger: Path, site: Path | None = None) -> int:
    """Do what `prepare` says, in this process."""
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


def serve(host: str, port: int, *, workers: int, threads: int, jobs: bool, started: Callable[[], None]) -> None:
    """Serve until stopped; with `jobs` the background worker runs beside. Raises LedgerError port_taken."""
    _free(host, port)
    with ExitStack() as beside:
        if jobs:
            worker = multiprocessing.get_context("spawn").Process(target=work, daemon=False)
            worker.start()
            beside.callback(_stop, worker)
        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        Web(bind, workers, threads, started).run()


def work() -> None:
    """Run background jobs until told to stop; the environment names ledger and site."""
    ready(Path(os.environ["CHOROK_LEDGER"]))
    from chorok.site.jobs import worker

    worker.main()


def _stop(worker: Any) -> None:
    if worker.is_alive():
        os.kill(worker.pid, signal.SIGTERM)
        worker.join(20)
    if worker.is_alive():
        worker.kill()


def _free(host: str, port: int) -> None:
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise LedgerError("port_taken", host=host, port=port) from error
