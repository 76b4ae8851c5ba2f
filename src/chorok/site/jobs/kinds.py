"""The kinds of jobs. Each app registers its own in its `jobs.py`, which is read when Django starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chorok.site.accounts.roles import GRANTS
from chorok.site.jobs.models import Job

Told = Callable[[str, int, int], None]
"""Progress: step code (worded `step.<code>`), done, total; total 0 when it is not known."""

Run = Callable[[Job, Told], "dict[str, Any]"]


@dataclass(frozen=True)
class Kind:
    """A kind of job: what it does, who may see those of others, where its result is shown,
    and where one begins again."""

    name: str
    run: Run
    right: str | None
    link: Callable[[Job], str] | None
    origin: Callable[[Job], str] | None
    patient: bool


@dataclass(frozen=True)
class Look:
    """What a worker looks after now and then, beside the jobs."""

    run: Callable[[], object]
    every: float  # seconds


LOOKS: list[Look] = []
"""What apps want looked after; each app puts its own here in its `jobs.py`. A look is short and may be repeated."""

_kinds: dict[str, Kind] = {}


def job_kind(
    name: str,
    *,
    right: str | None = None,
    link: Callable[[Job], str] | None = None,
    origin: Callable[[Job], str] | None = None,
    patient: bool = False,
) -> Callable[[Run], Run]:
    """Register what a kind of job does; it is worded as `site.job.<name>`.

    The function may be called again for the same job after a crash, so each of its steps must be repeatable. What it
    returns is kept as the job's result (JSON). `right`: who has it at the job's organisation sees the job too.
    `link` returns the address of the result once the job is done, `origin` where to begin again when it failed.
    A `patient` job lets all others that wait go first.
    """
    if right is not None and right not in GRANTS:
        raise ValueError(f"no such right: {right}")

    def register(run: Run) -> Run:
        if name in _kinds and _kinds[name].run.__module__ != run.__module__:
            raise ValueError(f"two jobs are called {name}")
        _kinds[name] = Kind(name, run, right, link, origin, patient)
        return run

    return register


def kind(name: str) -> Kind:
    """Return a kind. Raises KeyError for one that nobody registered."""
    return _kinds[name]


def every() -> tuple[Kind, ...]:
    """Return all kinds, by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))
