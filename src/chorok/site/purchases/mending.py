"""Mending rejected rows on the page: keeping what was typed, and sending the mended rows as a file of their own."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from chorok.core.errors import UsageError
from chorok.ledger.batches import Batch
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.config import language
from chorok.site.config.language import say
from chorok.site.config.ledger import ledger
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import start
from chorok.site.purchases import receiving, rejected, services
from chorok.site.purchases.models import Mended, State, Upload
from chorok.site.purchases.rejected import Part


def save(*, actor: Actor, batch: Batch, organisation: str, part: Part, changes: Mapping[int, Mapping[str, str]]) -> int:
    """Keep what was mended in rows (row -> column -> text); return how many rows. Rows that were sent stay as sent."""
    services.may(actor, services.IMPORT, organisation)
    kept = 0
    with transaction.atomic():
        for row, cells in sorted(changes.items()):
            kept += _keep(actor, batch, part, row, dict(cells))
        if kept:
            _record(actor, "purchases.mended", batch, organisation, part=part.number, rows=kept)
    return kept


def _keep(actor: Actor, batch: Batch, part: Part, row: int, cells: dict[str, str]) -> bool:
    found = Mended.objects.select_related("upload").filter(batch=batch.id, part=part.number, row=row).first()
    if found is not None and rejected.is_sent(ledger(), found):
        return False
    found = found or Mended(batch=batch.id, part=part.number, row=row)
    found.cells = {**found.cells, **cells} if found.cells else cells
    found.saved_by_id, found.upload = actor.user_id, None
    found.save()
    return True


def send(*, actor: Actor, batch: Batch, organisation: str, part: Part) -> Job:
    """Send the mended rows of a table that were not sent yet. Raises UsageError mended_none."""
    services.may(actor, services.IMPORT, organisation)
    opened = ledger()
    with transaction.atomic():
        ours = Mended.objects.select_for_update(of=("self",)).filter(batch=batch.id, part=part.number)
        waiting = {one.row: one for one in ours.select_related("upload") if not rejected.is_sent(opened, one)}
        if not waiting:
            raise UsageError("mended_none")
        upload = _file(actor, batch, organisation, part, waiting)
        Mended.objects.filter(pk__in=[one.pk for one in waiting.values()]).update(upload=upload)
        _record(actor, "purchases.mended_sent", batch, organisation, part=part.number, rows=len(waiting))
        job = start(actor, services.IMPORT, organisation=organisation, upload=str(upload.pk))
        Upload.objects.filter(pk=upload.pk).update(job=job.pk)
    return job


def _file(actor: Actor, batch: Batch, organisation: str, part: Part, mended: Mapping[int, Mended]) -> Upload:
    """Write the mended rows as a file that intake knows for what it is: the rejects of this batch, mended."""
    stem = Path(batch.file).stem
    upload = Upload(
        name=receiving.plain_name(say("site.purchases.mend.file", file=stem) + ".csv"),
        organisation=organisation,
        sent_by_id=actor.user_id,
        state=State.IMPORTING,
        said={"language": language.current()},
        mends=batch.id,
        source=batch.source,
    )
    upload.file.parent.mkdir(parents=True)
    header, lines = rejected.read(part.file)
    with upload.file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        for number, cells in enumerate(lines):
            if number in mended:
                changes = mended[number].cells
                writer.writerow([changes.get(column, cell) for column, cell in zip(header, cells, strict=False)])
    with upload.file.open("rb") as handle:
        upload.sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    upload.size = upload.received
    upload.save()
    return upload


def downloaded(*, actor: Actor, batch: Batch, organisation: str, part: Part) -> Path:
    """Return the rejects file of a table; handing out lines is an event (rules 5)."""
    services.may(actor, "purchases.see", organisation)
    with transaction.atomic():
        _record(actor, "purchases.rejects_downloaded", batch, organisation, part=part.number, rows=part.rows)
    return part.file


def received(*, actor: Actor, opened: Ledger, batch: Batch, organisation: str) -> Path:
    """Return the file as it was received (rules 1.10). Raises LedgerError file_gone."""
    from chorok.sources import intake

    services.may(actor, "purchases.see", organisation)
    found = intake.received(opened, batch)
    with transaction.atomic():
        _record(actor, "purchases.file_downloaded", batch, organisation, size=found.stat().st_size)
    return found


def _record(actor: Actor, action: str, batch: Batch, organisation: str, **facts: object) -> None:
    record(actor, action, subject=("batch", batch.id), organisation=organisation, **facts)
