"""Files that were sent halfway and then no more: let go of after a time of silence, and their sender is told."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from chorok.site.audit.services import record
from chorok.site.notices.services import tell
from chorok.site.purchases.models import State, Upload

SILENCE = timedelta(days=30)
"""So long no byte came and nobody did anything with the file."""
EVERY = 60 * 60.0
"""Seconds between two looks."""


def sweep() -> int:
    """Let go of files whose sending stopped long ago; return how many."""
    before = timezone.now() - SILENCE
    left = Upload.objects.filter(state=State.RECEIVING, changed_at__lt=before)
    return sum(_let_go(one) for one in left if _last(one) < before)


def _last(upload: Upload) -> datetime:
    """Return when something last came in: pieces are written to the file, not to the row."""
    try:
        return datetime.fromtimestamp(upload.file.stat().st_mtime, UTC)
    except OSError:
        return upload.changed_at


def _let_go(upload: Upload) -> bool:
    there = upload.received
    with transaction.atomic():
        gone, _ = Upload.objects.filter(pk=upload.pk, state=State.RECEIVING).delete()
        if not gone:
            return False  # its last bytes came just now
        facts = {"size": upload.size, "received": there}
        record(None, "purchases.swept", subject=("upload", upload.pk), organisation=upload.organisation, **facts)
        if upload.sent_by_id is not None:
            tell(
                "site.purchases.notice.swept",
                to=[upload.sent_by_id],
                url=reverse("purchases:new"),
                organisation=upload.organisation,
                file=upload.name,
                days=SILENCE.days,
            )
    shutil.rmtree(upload.folder, ignore_errors=True)
    return True
