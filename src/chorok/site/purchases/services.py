"""The verbs: begin a file, say what it means, take it in, dismiss it, undo an import. Rights first, then one event."""

from __future__ import annotations

import shutil
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.http import Http404

from chorok.core.errors import UsageError
from chorok.ledger import batches
from chorok.ledger.batches import Batch
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.config import language
from chorok.site.config.ledger import ledger
from chorok.site.jobs.models import Job
from chorok.site.jobs.models import State as JobState
from chorok.site.jobs.services import start
from chorok.site.purchases import questions, receiving, wishes
from chorok.site.purchases.models import State, Upload

IMPORT, UNDO = "purchases.import", "purchases.undo"


def may(actor: Actor, right: str, organisation: str) -> None:
    """Answer what is out of reach like what does not exist."""
    if not actor.may(right, organisation):
        raise Http404


def begin(*, actor: Actor, organisation: str, name: str, size: int) -> Upload:
    """Begin to receive a file for an organisation. Raises as `receiving.must_fit`."""
    may(actor, IMPORT, organisation)
    shown = receiving.plain_name(name)
    receiving.must_fit(size, shown)
    with transaction.atomic():
        said = {"language": language.current()}
        upload = Upload.objects.create(
            name=shown, size=size, organisation=organisation, sent_by_id=actor.user_id, said=said
        )
        _record(actor, "purchases.upload_begun", upload, size=size)
    return upload


def receive(*, actor: Actor, upload: Upload, offset: int, source: receiving.Source) -> int:
    """Take in the next bytes of a file; the last ones start the job that reads it. Returns how many are there."""
    may(actor, IMPORT, upload.organisation)
    if upload.state != State.RECEIVING:
        raise UsageError("upload_complete", file=upload.name)
    there = receiving.append(upload, offset, source)
    if there == upload.size:
        understand(actor=actor, upload=upload)
    return there


def receive_whole(*, actor: Actor, organisation: str, file: TemporaryUploadedFile) -> Upload:
    """Take in the file of a plain form, which lies on disk already."""
    upload = begin(actor=actor, organisation=organisation, name=file.name or "", size=file.size or 0)
    receiving.take_over(upload, file)
    understand(actor=actor, upload=upload)
    return upload


def understand(*, actor: Actor, upload: Upload) -> Job:
    """Start the job that finds out what a file means."""
    may(actor, IMPORT, upload.organisation)
    with transaction.atomic():
        _claim(upload, State.READING, State.RECEIVING, State.READY, State.FAILED)
        return _start(actor, "purchases.understand", upload)


def say(*, actor: Actor, upload: Upload, said: dict[str, Any], password: str = "") -> Job:
    """Keep what a person said of a file and look at it anew."""
    may(actor, IMPORT, upload.organisation)
    if password:
        wishes.keep_password(upload, password)
    with transaction.atomic():
        _claim(upload, State.READING, State.READY, State.FAILED)
        upload.said = {**upload.said, **said}
        upload.save(update_fields=["said"])
        _record(actor, "purchases.corrected", upload, tables=len(said.get("tables", {})))
        return _start(actor, "purchases.understand", upload)


def bring_in(*, actor: Actor, upload: Upload, answers: dict[str, Any]) -> Job:
    """Start the import of a file that was looked at. Raises UsageError while a question is open."""
    may(actor, IMPORT, upload.organisation)
    said = {**upload.said, **answers}
    open_ones = questions.open_questions(upload, said)
    if open_ones:
        raise UsageError("upload_questions_open", file=upload.name, count=len(open_ones))
    with transaction.atomic():
        _claim(upload, State.IMPORTING, State.READY)
        upload.said = said
        upload.save(update_fields=["said"])
        return _start(actor, IMPORT, upload)


def dismiss(*, actor: Actor, upload: Upload) -> None:
    """Throw a file away that was not imported. Raises UsageError while a job works on it."""
    may(actor, IMPORT, upload.organisation)
    with transaction.atomic():
        gone, _ = Upload.objects.filter(pk=upload.pk, state__in=(State.RECEIVING, State.READY, State.FAILED)).delete()
        if not gone:
            raise UsageError("upload_not_now", file=upload.name)
        _record(actor, "purchases.dismissed", upload, size=upload.size)
    shutil.rmtree(upload.folder, ignore_errors=True)


def settle(upload: Upload) -> Upload:
    """Give a file back to its people when the job that worked on it ended without an answer: failed, or cancelled."""
    if upload.state not in (State.READING, State.IMPORTING) or upload.job is None:
        return upload
    job = Job.objects.filter(pk=upload.job, state__in=(JobState.FAILED, JobState.CANCELLED)).first()
    if job is not None:
        back = State.READY if upload.seen.get("tables") else State.FAILED
        error = {"error": job.error, "error_params": job.error_params}
        Upload.objects.filter(pk=upload.pk, state=upload.state, job=job.pk).update(state=back, **error)
        upload.refresh_from_db()
    return upload


def undo(*, actor: Actor, batch: str, organisation: str) -> Job:
    """Start taking an import's lines out again. Raises UsageError import_not_there."""
    may(actor, UNDO, organisation)
    posted(batch)
    return start(actor, UNDO, organisation=organisation, batch=batch)


def posted(identity: str) -> Batch:
    """Return a batch whose lines are in the ledger. Raises UsageError import_not_there."""
    found = batches.load(ledger(), identity)
    if found is None or found.state != "posted":
        raise UsageError("import_not_there")
    return found


def _claim(upload: Upload, state: State, *before: State) -> None:
    """Move a file on, once: of two who ask at the same time the second is told. Raises UsageError upload_not_now."""
    moved = Upload.objects.filter(pk=upload.pk, state__in=before).update(state=state, error="", error_params={})
    if not moved:
        raise UsageError("upload_not_now", file=upload.name)
    upload.state = state


def _start(actor: Actor, kind: str, upload: Upload) -> Job:
    job = start(actor, kind, organisation=upload.organisation, upload=str(upload.pk))
    Upload.objects.filter(pk=upload.pk).update(job=job.pk)
    upload.job = job.pk
    return job


def _record(actor: Actor, action: str, upload: Upload, **facts: object) -> None:
    record(actor, action, subject=("upload", upload.pk), organisation=upload.organisation, **facts)
