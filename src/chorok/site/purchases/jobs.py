"""Long work on files: understanding, taking in, undoing. Each may be called again after a crash."""

from __future__ import annotations

import hashlib
import shutil
import time
from typing import Any

from django.db import transaction
from django.urls import reverse

from chorok.core.errors import ChorokError, LedgerError, UsageError
from chorok.core.money import written
from chorok.ledger import batches, doubles, publishing
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.announcing import announced
from chorok.site.config import ledger as site
from chorok.site.jobs.kinds import LOOKS, Look
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import Told, job_kind
from chorok.site.purchases import services, sweeping, understanding, wishes
from chorok.site.purchases.models import State, Upload
from chorok.sources import intake
from chorok.sources.intake import Intake

LOOKS.append(Look(sweeping.sweep, sweeping.EVERY))

PATIENCE = 60 * 60
"""Seconds that an import waits for another that is writing."""


def _upload_page(job: Job) -> str:
    return reverse("purchases:upload", args=[job.params["upload"]])


def _batch_page(job: Job) -> str:
    return reverse("purchases:account", args=[job.params["batch"]])


def _actor(job: Job) -> Actor:
    """Whoever started the job, with the rights of now: a role that ended meanwhile ends the import."""
    return actor_of(job.actor_id, site.ledger().today, site.tree())


def _must(actor: Actor, right: str, organisation: str) -> None:
    if not actor.may(right, organisation):
        raise UsageError("upload_no_rights", organisation=organisation)


@job_kind("purchases.understand", right="purchases.import", link=_upload_page)
def understand(job: Job, told: Told) -> dict[str, Any]:
    """Read a file and keep what was understood, or why it cannot be read."""
    upload = Upload.objects.filter(pk=job.params["upload"], state=State.READING).first()
    if upload is None:
        return {}
    told("reading", 0, 1)
    try:
        if not upload.sha256:
            with upload.file.open("rb") as handle:
                upload.sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        upload.seen = understanding.look(site.ledger(), upload, _actor(job).reach(services.IMPORT))
        upload.source, upload.mends = upload.seen["source"], upload.seen["mends"]
        upload.state = State.READY
    except ChorokError as error:
        _keep_error(upload, State.FAILED, error)
    upload.save()
    return {}


def _keep_error(upload: Upload, state: State, error: ChorokError) -> None:
    kept = understanding.error_record(error)
    upload.state, upload.error, upload.error_params = state, kept["code"], kept["params"]


@job_kind(services.IMPORT, right="purchases.see", link=_upload_page)
def bring_in(job: Job, told: Told) -> dict[str, Any]:
    """Take a file into the ledger and close its record; the bytes are then the ledger's to keep."""
    upload = Upload.objects.filter(pk=job.params["upload"]).first()
    if upload is None:
        return {}
    if upload.state == State.IMPORTING:
        try:
            _bring_in(job, upload, told)
        except ChorokError as error:
            _keep_error(upload, State.READY, error)
            upload.save()
            return {}
    shutil.rmtree(upload.folder, ignore_errors=True)
    return {"batch": upload.batch}


def _bring_in(job: Job, upload: Upload, told: Told) -> None:
    actor, ledger = _actor(job), site.ledger()
    _must(actor, services.IMPORT, upload.organisation)
    subject = ("upload", upload.pk)
    with announced(
        actor, services.IMPORT, subject=subject, organisation=upload.organisation, sha256=upload.sha256
    ) as closing:
        done = _taken(ledger, upload, wishes.allowed(actor), told)
        account = done.batch.total()
        result = _result(ledger, done, again=job.attempts > 1)
        with transaction.atomic():
            upload.state, upload.batch, upload.result = State.IMPORTED, done.batch.id, result
            upload.save()
            closing.done(
                snapshot=None if done.already and job.attempts == 1 else done.batch.snapshot,
                batch=done.batch.id,
                lines=account.accepted.lines,
                rejected=account.refused.lines,
            )


def _taken(ledger: Ledger, upload: Upload, allowed: wishes.Allowed, told: Told) -> Intake:
    """Import, waiting as long as it takes while somebody else writes."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return intake.take_in(ledger, upload.file, wishes.wish_of(upload, allowed), told=told)
        except LedgerError as error:
            if error.code != "ledger_locked" or time.monotonic() > deadline:
                raise


def _result(ledger: Ledger, done: Intake, *, again: bool) -> dict[str, Any]:
    batch = done.batch
    found = doubles.suspected(ledger, batch) if not done.already or again else doubles.Doubles(0, 0, [])
    return {
        "already": done.already and not again,
        "replaced": [sum(one.lines for one in done.replaced), str(sum(one.amount for one in done.replaced))],
        "doubles": [found.pairs, written(found.amount, batch.currency)],
        "unread": [[name, understanding.error_record(error)] for name, error in done.unread],
    }


@job_kind(services.UNDO, right="purchases.see", link=_batch_page)
def undo(job: Job, told: Told) -> dict[str, Any]:
    """Take an import's lines out of the ledger; its record and its file stay."""
    actor, ledger, identity = _actor(job), site.ledger(), job.params["batch"]
    _must(actor, services.UNDO, job.organisation)
    with announced(actor, services.UNDO, subject=("batch", identity), organisation=job.organisation) as closing:
        with ledger.writing(patience=PATIENCE, waiting=lambda _holder: told("waiting", 0, 1)):
            publishing.reconcile(ledger, told=told)
            found = batches.load(ledger, identity)
            if found is None:
                raise LedgerError("batch_unknown", batch=identity[:12])
            done = publishing.withdraw(ledger, found, told=told) if found.state == "posted" else found
        closing.tell(snapshot=done.snapshot, batch=identity, lines=done.total().accepted.lines)
    return {"batch": identity}
