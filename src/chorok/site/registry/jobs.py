"""Long work on the registry. Each may be called again after a crash."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.urls import reverse

from chorok.core.errors import ChorokError
from chorok.ledger.registry import Registry, would_change
from chorok.ledger.schema import LABELS
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.config import ledger as ledgers
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import Told, job_kind
from chorok.site.registry import selectors, services, writing
from chorok.site.registry.models import ListFile, RegistryState
from chorok.sources import certificates as lists
from chorok.sources.certificates import RegistryFile

SHOWN = 20
"""Rows of a table, and rejected rows, that a preview keeps to show."""


def _actor(job: Job) -> Actor:
    """Whoever started the job, with the rights of now."""
    return actor_of(job.actor_id, ledgers.ledger().today, ledgers.tree())


def _list_page(job: Job) -> str:
    return reverse("registry:list", args=[job.params["file"]])


def _state_page(job: Job) -> str:
    return reverse("registry:version", args=[job.result["state"]])


@job_kind(services.READ, right=writing.CHANGE, link=_list_page, origin=lambda _job: reverse("registry:lists"))
def read(job: Job, told: Told) -> dict[str, Any]:
    """Read a list and keep what would become of it, or why it cannot be read."""
    file = ListFile.objects.filter(pk=job.params["file"], state=ListFile.State.READING).first()
    if file is None:
        return {}
    told("reading", 0, 1)
    try:
        found = _read(file)
        file.kind, file.source, file.account = found.kind, found.source, _account(found)
        file.state = ListFile.State.READ
    except ChorokError as error:
        file.error = error.code
        file.error_params = {name: str(value) for name, value in error.params.items()}
    file.save()
    return {}


def _read(file: ListFile) -> RegistryFile:
    with tempfile.TemporaryDirectory(dir=file.path.parent) as work:
        return lists.read(file.path, Path(work), source=file.source or None, read_on=file.read_on)


def _account(found: RegistryFile) -> dict[str, Any]:
    ledger, account = ledgers.ledger(), found.account
    changes = [asdict(would_change(ledger.path, name, rows, found.source)) for name, rows in found.tables.items()]
    samples = {name: _plain(rows.slice(0, SHOWN)) for name, rows in found.tables.items() if rows.num_rows}
    return {
        "received": account.received,
        "accepted": account.accepted,
        "rejected": account.rejected,
        "rejects": _plain(account.rejects.slice(0, SHOWN)),
        "notes": [[code, params] for code, params in account.notes],
        "changes": changes,
        "samples": samples,
    }


def _plain(rows: pa.Table) -> list[dict[str, Any]]:
    """Return rows as JSON takes them."""
    return [
        {name: value if isinstance(value, (str, int, list, type(None))) else str(value) for name, value in row.items()}
        for row in rows.to_pylist()
    ]


@job_kind(services.IMPORT, right=writing.CHANGE, link=_state_page, origin=_list_page)
def bring_in(job: Job, told: Told) -> dict[str, Any]:
    """Put a previewed list into the registry; the file is let go of."""
    file = ListFile.objects.get(pk=job.params["file"])
    if file.state == ListFile.State.POSTING:
        told("reading", 0, 1)
        try:
            found = _read(file)
            state = writing.post(_actor(job), "imported", found.source, found.tables, told=told)
        except ChorokError:
            ListFile.objects.filter(pk=file.pk).update(
                state=ListFile.State.READ
            )  # nothing is lost: it can be tried again
            raise
        file.state, file.result = ListFile.State.POSTED, state
        file.save()
        _look_up_soon(told)
    shutil.rmtree(file.path.parent, ignore_errors=True)
    return {"state": file.result_id}


@job_kind(services.LABEL, right=writing.CHANGE, link=_state_page, origin=lambda _job: reverse("registry:labels"))
def label(job: Job, told: Told) -> dict[str, Any]:
    """Keep what labels stand for; what the site decided of others before stays."""
    stored = Registry.open(ledgers.ledger().path).of_source("labels", services.LABELS).to_pylist()
    decided = {row["label"]: row["basis"] for row in stored} | job.params["labels"]
    rows = [{"label": name, "basis": basis, "seen": 0} for name, basis in sorted(decided.items())]
    tables = {"labels": pa.Table.from_pylist(rows, schema=LABELS)}
    return _written(writing.post(_actor(job), "labelled", services.LABELS, tables, told=told), told)


@job_kind(services.RESTORE, right=writing.CHANGE, link=_state_page, origin=lambda _job: reverse("registry:versions"))
def restore(job: Job, told: Told) -> dict[str, Any]:
    """Give back what a source had in some tables before a change."""
    state = RegistryState.objects.get(pk=job.params["state"])
    earlier = services.before(state)
    if earlier is None:
        return {}
    then = Registry.open(ledgers.ledger().path, earlier.versions)
    tables = {name: then.of_source(name, state.source) for name in services.changed_tables(state)}
    return _written(writing.post(_actor(job), "restored", state.source, tables, told=told), told)


@job_kind(services.TAKE_OVER, right=writing.CHANGE, link=_state_page, origin=lambda _job: reverse("registry:versions"))
def take_over(job: Job, told: Told) -> dict[str, Any]:
    """Take over what was written past the site."""
    return _written(writing.take_over(_actor(job), told=told), told)


def _written(state: RegistryState, told: Told) -> dict[str, Any]:
    _look_up_soon(told)
    return {"state": state.pk}


def _look_up_soon(told: Told) -> None:
    """Make the catalogue now, so that the first search does not wait for it."""
    told("cataloguing", 0, 1)
    selectors.known()
