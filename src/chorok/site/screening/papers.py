"""Papers that show what a line says: kept once by their content, handed out only within reach."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404

from chorok.core.errors import BadInputError, LedgerError
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.purchases.receiving import plain_name
from chorok.site.screening import selectors
from chorok.site.screening.models import Line, Paper
from chorok.site.screening.writing import ASK

LIMIT = 20 * 1024**2
"""Bytes of one paper."""


def digest(file: UploadedFile[Any]) -> str:
    """Return what a file is known by. Raises BadInputError upload_empty, upload_too_large."""
    if not file.size:
        raise BadInputError("upload_empty", file=file.name)
    if file.size > LIMIT:
        raise BadInputError("upload_too_large", file=file.name, limit=LIMIT // 1024**2)
    found = hashlib.sha256()
    for block in file.chunks():
        found.update(block)
    return found.hexdigest()


def named(evidence: str, file: UploadedFile[Any]) -> str:
    """Return a line's evidence with a paper in it: each paper changes what is handed in, so that nobody signs unseen.

    A second file of one name is told from the first by what it is known by.
    """
    name = plain_name(file.name or "")
    rows = [row for row in evidence.splitlines() if row.strip()]
    if name in rows:
        name = f"{name} ({digest(file)[:8]})"
    return "\n".join(rows if name in rows else [*rows, name])


def attach(actor: Actor, *, line: Line, file: UploadedFile[Any]) -> Paper:
    """Keep a file with a line. Raises Http404 out of reach, and as `digest`."""
    request = line.request
    if not actor.may(ASK, request.organisation):
        raise Http404
    known = digest(file)
    _store(known, file)
    with transaction.atomic():
        made = Paper.objects.create(
            line=line, name=plain_name(file.name or ""), sha256=known, size=file.size or 0, added_by_id=actor.user_id
        )
        record(
            actor, "screening.paper_added", subject=("screening", request.pk), organisation=request.organisation,
            line=line.number, paper=made.pk, sha256=known, size=made.size,
        )  # fmt: skip
    return made


def _store(known: str, file: UploadedFile[Any]) -> None:
    """Write a file under what it is known by; a crash leaves no half of it under that name."""
    place = _place(known)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as draft:
        for block in file.chunks():
            draft.write(block)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(place)


def _place(known: str) -> Path:
    return Path(settings.SITE_FOLDER) / "papers" / known


def opened(actor: Actor, pk: int) -> tuple[Paper, Path]:
    """Return a paper of a request within reach and where it lies. Raises Http404, LedgerError paper_gone."""
    paper = Paper.objects.select_related("line").filter(pk=pk).first()
    if paper is None:
        raise Http404
    selectors.request(actor, paper.line.request_id)
    place = _place(paper.sha256)
    if not place.is_file():
        raise LedgerError("paper_gone", file=paper.name)
    return paper, place
