"""After a publication: what the first request would else make is made in a job, so that nobody waits for it.

Whoever published, the site or the command line, the worker sees that there is a newer state. What is asked meanwhile
is made by the request itself, as ever: each of these things is made once and kept in a file beside the ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from chorok.core.errors import LedgerError
from chorok.ledger import cube, replay, review
from chorok.ledger.published import Published
from chorok.ledger.screening import Desk
from chorok.site.audit.services import locked
from chorok.site.config import ledger as site
from chorok.site.jobs.models import Job, State
from chorok.site.jobs.services import Told, job_kind, start

KIND = "ledger.warm"
EVERY = 2.0
"""Seconds between two looks for something newer."""
DEFINITION = "national"
"""What pages ask for unless people choose another; others are made when they are asked for."""


def _cube(state: Published) -> None:
    cube.build(state, state.definition(DEFINITION), state.tree.change_dates())


def _potential(state: Published) -> None:
    replay.build(state, state.definition(DEFINITION), state.tree)


def _queue(state: Published) -> None:
    review.open_lines(state, state.definition(DEFINITION))


def _registry(_state: Published) -> None:
    from chorok.site.registry import selectors

    selectors.known()


def _matching(_state: Published) -> None:
    from chorok.site.fulfilment import jobs

    jobs.after_publication()


def _screening(state: Published) -> None:
    Desk.open(state.ledger, state.definition(DEFINITION)).warm()


WARMERS: tuple[tuple[str, Callable[[Published], object]], ...] = (
    # step, worded `site.step.<step>`; what it makes unless it is there
    ("warm_cube", _cube),
    ("warm_registry", _registry),
    ("warm_queue", _queue),
    ("warm_potential", _potential),
    ("warm_screening", _screening),
    ("warm_matching", _matching),
)


@job_kind(KIND, patient=True)
def warm(job: Job, told: Told) -> dict[str, Any]:
    """Make what pages of the newest published state read; what is there is left as it is."""
    state = site.published()
    for number, (step, make) in enumerate(WARMERS):
        told(step, number, len(WARMERS))
        make(state)
    return {"snapshot": state.snapshot.number}


class Watch:
    """Looks now and then whether something newer was published than what was last prepared."""

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self) -> Job | None:
        """Start the job when there is a newer state, once a state; one look costs a question to the file system."""
        stamp = _stamp()
        if stamp == self.seen:
            return None
        found = _newest()
        self.seen = stamp
        return start_for(found) if found else None


def start_for(snapshot: int) -> Job | None:
    """Start preparing a published state unless that was begun, or a job that waits will do it."""
    with transaction.atomic():
        locked()  # of two workers that look at the same time, one starts it
        jobs = Job.objects.filter(kind=KIND)
        if jobs.filter(state=State.QUEUED).exists() or jobs.filter(params__snapshot=snapshot).exists():
            return None
        return start(None, KIND, snapshot=snapshot)


def _stamp() -> int:
    try:
        return (Path(settings.LEDGER) / "snapshots" / "_delta_log").stat().st_mtime_ns
    except OSError:
        return 0


def _newest() -> int:
    """Return the number of the newest published state, 0 before there is one."""
    try:
        return site.published().snapshot.number
    except LedgerError:
        return 0
