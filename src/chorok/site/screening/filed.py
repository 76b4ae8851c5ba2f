"""A file of lines to be bought becomes a draft: what was understood of it is told, what cannot be read refuses it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from chorok.core.errors import BadInputError
from chorok.site.accounts.rights import Actor
from chorok.site.purchases.receiving import plain_name
from chorok.site.screening import asking, services
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted
from chorok.sources import requests
from chorok.sources.requests import Read

LIMIT = 50 * 1024**2
"""Bytes of a file of lines."""


def read(file: UploadedFile[Any]) -> Read:
    """Read a file of lines. Raises as `sources.requests.read`; BadInputError upload_empty, upload_too_large,
    request_text_long.
    """
    name = plain_name(file.name or "")
    if not file.size:
        raise BadInputError("upload_empty", file=name)
    if file.size > LIMIT:
        raise BadInputError("upload_too_large", file=name, limit=LIMIT // 1024**2)
    with tempfile.TemporaryDirectory() as folder:
        work, place = Path(folder) / "work", Path(folder) / "given" / name
        work.mkdir()
        place.parent.mkdir()
        with place.open("wb") as handle:
            for block in file.chunks():
                handle.write(block)
        found = requests.read(place, work)
    long = asking.too_long(found.lines)
    if long:
        raise BadInputError("request_text_long", file=name, rows=", ".join(map(str, long[:10])), count=len(long))
    return found


def draft(actor: Actor, *, organisation: str, header: Header, found: Read) -> Request:
    """Keep a request of the lines of a file. Raises as `services.draft`."""
    lines = [Wanted(asking.values_of(one)) for one in found.lines]
    return services.draft(actor, organisation=organisation, header=header, lines=lines)
