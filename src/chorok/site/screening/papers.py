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
from django.utils import timezone

from chorok.core.errors import BadInputError, LedgerError
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.purchases.receiving import plain_name
from chorok.site.screening import selectors, services
from chorok.site.screening.models import Line, Paper, Request
from chorok.site.screening.writing import ASK, Wanted

LIMIT = 20 * 1024**2
"""Bytes of one paper."""
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
TYPES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF",), "hwp": (_OLE,), "hwpx": (_ZIP,), "docx": (_ZIP,), "xlsx": (_ZIP,), "pptx": (_ZIP,),
    "doc": (_OLE,), "xls": (_OLE,), "ppt": (_OLE,), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG",), "tif": (b"II*\0", b"MM\0*"), "tiff": (b"II*\0", b"MM\0*"), "txt": (b"",), "zip": (_ZIP,),
}  # fmt: skip
"""Endings that papers may have, and what the content then begins with."""


def check(file: UploadedFile[Any]) -> None:
    """Raise BadInputError upload_empty, upload_too_large, paper_type, paper_content for a file that is no paper."""
    name = plain_name(file.name or "")
    if not file.size:
        raise BadInputError("upload_empty", file=name)
    if file.size > LIMIT:
        raise BadInputError("upload_too_large", file=name, limit=LIMIT // 1024**2)
    ending = name.rpartition(".")[2].casefold()
    if ending not in TYPES:
        raise BadInputError("paper_type", file=name, types=", ".join(TYPES).upper())
    file.seek(0)
    begins = file.read(8)
    file.seek(0)
    if not begins.startswith(TYPES[ending]):
        raise BadInputError("paper_content", file=name, type=ending.upper())


def digest(file: UploadedFile[Any]) -> str:
    """Return what a file is known by."""
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
        name = _told_apart(name, digest(file))
    return "\n".join(rows if name in rows else [*rows, name])


def attach(actor: Actor, *, line: Line, file: UploadedFile[Any]) -> Paper:
    """Keep a file with a line. Raises Http404 out of reach, and as `check`."""
    request = line.request
    if not actor.may(ASK, request.organisation):
        raise Http404
    check(file)
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


def add(actor: Actor, *, pk: int, version: int, number: int, file: UploadedFile[Any]) -> Paper:
    """Keep a file with a line and name it in its evidence. Raises Http404, as `check`, and as `services.edit`."""
    check(file)
    one = selectors.requests(actor).filter(pk=pk).first()
    line = one.lines.filter(number=number).first() if one else None
    if one is None or line is None:
        raise Http404
    lines = [
        Wanted({"evidence": named(line.evidence, file)} if each.pk == line.pk else {}, each.pk)
        for each in one.lines.all()
    ]
    with transaction.atomic():
        done = services.edit(actor, pk=pk, version=version, header=services.header_of(one), lines=lines)
        return attach(actor, line=done.lines.get(number=number), file=file)


def remove(actor: Actor, one: Request, version: int, paper: Paper) -> Request:
    """Take a paper, and its name in the evidence, away from its line. Raises as `services.edit`."""
    rows = paper.line.evidence.splitlines()
    gone = next((row for row in (_told_apart(paper.name, paper.sha256), paper.name) if row in rows), None)
    return _edited(actor, one, version, paper, [row for row in rows if row != gone], removed=True)


def restore(actor: Actor, one: Request, version: int, paper: Paper) -> Request:
    """Put a paper back that was taken away. Raises as `services.edit`."""
    rows = paper.line.evidence.splitlines()
    name = _told_apart(paper.name, paper.sha256) if paper.name in rows else paper.name
    return _edited(actor, one, version, paper, [*rows, name], removed=False)


def _edited(actor: Actor, one: Request, version: int, paper: Paper, evidence: list[str], *, removed: bool) -> Request:
    lines = [
        Wanted({"evidence": "\n".join(evidence)} if line.pk == paper.line_id else {}, line.pk)
        for line in one.lines.all()
    ]
    with transaction.atomic():
        done = services.edit(actor, pk=one.pk, version=version, header=services.header_of(one), lines=lines)
        paper.removed_at = timezone.now() if removed else None
        paper.removed_by_id = actor.user_id if removed else None
        paper.save()
        record(
            actor, "screening.paper_removed" if removed else "screening.paper_restored", subject=("screening", one.pk),
            organisation=one.organisation, line=paper.line.number, paper=paper.pk, sha256=paper.sha256,
        )  # fmt: skip
    return done


def _told_apart(name: str, sha256: str) -> str:
    return f"{name} ({sha256[:8]})"


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
