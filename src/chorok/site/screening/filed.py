"""A file of lines to be bought: kept while something of it is open, read, and made a request of."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from chorok.core.errors import BadInputError
from chorok.site.accounts.rights import Actor
from chorok.site.purchases.receiving import plain_name
from chorok.site.screening import asking, services
from chorok.site.screening.fields import WON_LIMIT
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted
from chorok.sources import requests
from chorok.sources.requests import Fault, Read

LIMIT = 50 * 1024**2
"""Bytes of a file of lines."""
DAYS = 2
"""So long a file waits for an answer."""


@dataclass(frozen=True)
class Kept:
    """A file that waits for answers, in a folder that its sender alone reaches."""

    folder: Path

    @property
    def token(self) -> str:
        """What it is called in an address."""
        return self.folder.name

    @property
    def file(self) -> Path:
        """Where the file lies."""
        return next((self.folder / "file").iterdir())

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in: organisation, kind, needed_by, title, and the answers so far."""
        return dict(json.loads((self.folder / "said.json").read_text()))

    def say(self, **said: Any) -> None:
        """Keep what was filled in or answered."""
        (self.folder / "said.json").write_text(json.dumps(said, default=str))

    def forget(self) -> None:
        """Let go of the file."""
        shutil.rmtree(self.folder, ignore_errors=True)


def keep(actor: Actor, file: UploadedFile[Any], **said: Any) -> Kept:
    """Keep a file that was sent. Raises BadInputError upload_empty, upload_too_large."""
    name = plain_name(file.name or "")
    if not file.size:
        raise BadInputError("upload_empty", file=name)
    if file.size > LIMIT:
        raise BadInputError("upload_too_large", file=name, limit=LIMIT // 1024**2)
    _sweep()
    made = Kept(_own(actor) / secrets.token_urlsafe(12))
    (made.folder / "file").mkdir(parents=True)
    with (made.folder / "file" / name).open("wb") as handle:
        for block in file.chunks():
            handle.write(block)
    made.say(**said, answers={})
    return made


def opened(actor: Actor, token: str) -> Kept:
    """Return a file of the actor's own that still waits. Raises Http404."""
    folder = _own(actor) / token
    if folder.parent != _own(actor) or not (folder / "said.json").is_file():
        raise Http404
    return Kept(folder)


def _own(actor: Actor) -> Path:
    return _waiting() / str(actor.user_id)


def _waiting() -> Path:
    return Path(settings.UPLOADS) / "screening"


def _sweep() -> None:
    """Let go of files that nobody came back to."""
    for folder in _waiting().glob("*/*"):
        if folder.stat().st_mtime < time.time() - DAYS * 24 * 60 * 60:
            shutil.rmtree(folder, ignore_errors=True)


def read(kept: Kept) -> Read:
    """Read a file with the answers so far. Raises as `sources.requests.look`."""
    with tempfile.TemporaryDirectory() as folder:
        found = requests.look(kept.file, Path(folder), of_tables=kept.said["answers"])
    return replace(found, faults=tuple(sorted([*found.faults, *_faults(found)], key=lambda one: one.line)))


def _faults(found: Read) -> Iterable[Fault]:
    """Yield what no line of a request says: no product, a text too long, a number too odd."""
    known = {(one.line, one.field) for one in found.faults}
    for place, line in enumerate(found.lines):
        if not any(getattr(line, name) for name in NAMING):
            yield _fault(found, place, "description", "")
        for name in asking.TEXTS:
            value = getattr(line, name) or ""
            if len(value) > (asking.longest(name) or len(value)):
                yield _fault(found, place, name, value)
        for name in ("quantity", "unit_price", "amount"):
            number = getattr(line, name)
            if number is not None and (place, name) not in known and not _usual(name, number):
                yield _fault(found, place, name, f"{number.normalize():f}" if name == "quantity" else str(number))


NAMING = ("description", "specification", "product_id", "class_code", "detail_code", "item_hint")


def _usual(name: str, number: Decimal | int) -> bool:
    return 0 < number < WON_LIMIT if name == "quantity" else 0 <= number < WON_LIMIT


def _fault(found: Read, place: int, name: str, value: str) -> Fault:
    return Fault("", found.lines[place].number, place, name, found.columns.get(name, ""), value)


def draft(actor: Actor, kept: Kept, found: Read, mended: Mapping[Fault, Any]) -> Request:
    """Keep a request of the lines of a file, faults as they were mended, else empty. Raises as `services.draft`."""
    said = kept.said
    header = Header(
        said["title"] or kept.file.name[:200],
        kind=said["kind"],
        needed_by=date.fromisoformat(said["needed_by"]) if said["needed_by"] else None,
    )
    values = [asking.values_of(one) for one in found.lines]
    for fault in found.faults:
        values[fault.line][fault.field] = mended.get(fault, _nothing(fault.field))
    for one in values:
        if one["amount"] is None:
            one["amount"] = requests.times(one["quantity"], one["unit_price"])
    made = services.draft(
        actor, organisation=said["organisation"], header=header, lines=[Wanted(one) for one in values]
    )
    kept.forget()
    return made


def _nothing(name: str) -> str | None:
    return "" if name in asking.TEXTS else None
