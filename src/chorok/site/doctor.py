"""`chorok doctor`: what is wrong with an installation, and how to mend it. Each check looks; none repairs."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from chorok.core.errors import ChorokError
from chorok.ledger import snapshots
from chorok.ledger.store import Ledger

State = Literal["good", "warning", "bad"]
LITTLE = 5 * 1024**3
"""Bytes free on the disk below which an import of a large file may not fit."""


@dataclass(frozen=True)
class Finding:
    """What one check saw: `doctor.<code>` words it, with `params`. `error`: a worded error that says it better."""

    code: str
    state: State
    params: dict[str, object] = field(default_factory=dict)
    error: ChorokError | None = None


def examine() -> list[Finding]:
    """Return what every check saw, in the order in which one would look. A check that breaks is a finding itself."""
    found: list[Finding] = []
    for check in CHECKS:
        try:
            found += check()
        except ChorokError as error:
            found.append(Finding("broken", "bad", {"check": check.__name__.strip("_")}, error))
        except Exception as error:  # whatever it is, the list goes on and names it
            found.append(
                Finding(
                    "failed", "bad", {"check": check.__name__.strip("_"), "why": f"{type(error).__name__}: {error}"}
                )
            )
    return found


def _python() -> Iterator[Finding]:
    yield Finding("python", "good", {"version": sys.version.split()[0]})


def _ledger() -> Iterator[Finding]:
    ledger = Ledger.open(settings.LEDGER)
    newest = snapshots.latest(ledger)
    yield Finding("ledger", "good", {"path": ledger.path})
    if newest is None:
        yield Finding("unpublished", "warning")
    else:
        yield Finding("published", "good", {"snapshot": newest.number, "at": newest.published_at})
    if not os.access(ledger.path, os.W_OK):
        yield Finding("ledger_readonly", "bad", {"path": ledger.path})


def _folder() -> Iterator[Finding]:
    folder = settings.SITE_FOLDER
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        yield Finding("folder", "bad", {"path": folder})
        return
    yield Finding("folder_good", "good", {"path": folder})
    secret = folder / "secret"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        yield Finding("secret_open", "bad", {"path": secret})


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.LEDGER).free
    yield Finding("disk", "good" if free >= LITTLE else "warning", {"free": f"{free / 1024**3:.1f}"})


def _database() -> Iterator[Finding]:
    connection.ensure_connection()
    yield Finding("database", "good", {"kind": connection.vendor})
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Finding("migrations", "bad", {"count": len(waiting)})
    if "cache" not in connection.introspection.table_names():
        yield Finding("cache_table", "bad")


def _people() -> Iterator[Finding]:
    from chorok.site.accounts.models import Membership
    from chorok.site.accounts.roles import Role

    if not Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists():
        yield Finding("no_administrator", "warning")


def _looks() -> Iterator[Finding]:
    if not (settings.STATIC_ROOT / "vendor").is_dir():
        yield Finding("looks", "warning")


def _jobs() -> Iterator[Finding]:
    from chorok.site.jobs.models import Job

    waiting = Job.objects.filter(state="queued", created_at__lt=datetime.now(UTC) - timedelta(minutes=5)).count()
    if waiting:
        yield Finding("jobs_waiting", "bad", {"count": waiting})


def _audit() -> Iterator[Finding]:
    from chorok.site.audit import services

    problems = services.verify()
    if problems:
        yield Finding("audit", "bad", {"count": len(problems)})
    else:
        yield Finding("audit_good", "good")


def _deployment() -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding("debug", "warning")
    if not settings.HTTPS:
        yield Finding("https", "warning")
    else:
        for problem in run_checks(include_deployment_checks=True):
            if problem.level >= WARNING:
                yield Finding("deployment", "warning", {"what": f"{problem.id}: {problem.msg}"})


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _python,
    _ledger,
    _folder,
    _disk,
    _database,
    _people,
    _looks,
    _jobs,
    _audit,
    _deployment,
)


def worst(found: list[Finding]) -> State:
    """Return the worst state among findings."""
    states: Any = [finding.state for finding in found]
    return "bad" if "bad" in states else "warning" if "warning" in states else "good"
