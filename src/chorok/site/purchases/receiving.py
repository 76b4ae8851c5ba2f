"""Bytes of a file on their way to disk: in pieces that can be resumed, or in one form, never whole in memory."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from chorok.core.errors import BadInputError, LedgerError, UsageError
from chorok.site.purchases.models import Upload

PIECE = 8 * 1024**2
"""Bytes that the page sends at a time."""

BLOCK = 1024**2
SPARE = 200 * 1024**2
"""Bytes that stay free on the disk: for the database and what else is at work."""

COPIES = 3
"""How often the bytes of a file may lie on the disk at once: as received, as text, as kept by the ledger."""


class Source(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        ...


def plain_name(name: str) -> str:
    """Return a file's name without a folder or control characters, as long as file systems take it."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    shown = "".join(letter for letter in base if letter.isprintable()).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    ending = dot + ending if stem and len(ending) <= 8 else ""
    stem = shown.removesuffix(ending) if ending else shown
    while len((stem + ending).encode()) > 180:
        stem = stem[:-1]
    return (stem + ending) or "file"


def must_fit(size: int, name: str) -> None:
    """Raise BadInputError upload_empty, upload_too_large; LedgerError upload_no_space."""
    if size <= 0:
        raise BadInputError("upload_empty", file=name)
    if size > settings.UPLOAD_LIMIT:
        raise BadInputError("upload_too_large", file=name, limit=f"{settings.UPLOAD_LIMIT // 1024**2:,}")
    folder = Path(settings.UPLOADS)
    folder.mkdir(parents=True, exist_ok=True)
    free = min(shutil.disk_usage(folder).free, shutil.disk_usage(settings.LEDGER).free)
    if size * COPIES + SPARE > free:
        raise LedgerError(
            "upload_no_space", file=name, needed=f"{size * COPIES // 1024**2:,}", free=f"{free // 1024**2:,}"
        )


def append(upload: Upload, offset: int, source: Source) -> int:
    """Write what comes in behind what is there; return how many bytes are there now.

    Raises UsageError upload_offset when the piece does not begin where the file ends: the page then asks how far it
    is. Raises BadInputError upload_longer when more comes than was said.
    """
    upload.file.parent.mkdir(parents=True, exist_ok=True)
    with upload.file.open("ab") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError("upload_busy") from None
        there = os.fstat(handle.fileno()).st_size
        if offset != there:
            raise UsageError("upload_offset", offset=offset, there=there)
        for block in _blocks(source):
            if there + len(block) > upload.size:
                handle.truncate(offset)
                raise BadInputError("upload_longer", file=upload.name, size=f"{upload.size:,}")
            handle.write(block)
            there += len(block)
    return there


def _blocks(source: Source) -> Iterator[bytes]:
    while block := source.read(BLOCK):
        yield block


def streamed(name: str, size: int, source: Source) -> TemporaryUploadedFile:
    """Write a file that is the whole body of a request beside the uploads, as if a form had sent it.

    Raises as `must_fit`, and BadInputError upload_longer, upload_shorter where it is not as long as was said.
    """
    shown = plain_name(name)
    must_fit(size, shown)
    file, there = _Beside(shown, "application/octet-stream", None, None), 0
    for block in _blocks(source):
        there += len(block)
        if there > size:
            raise BadInputError("upload_longer", file=shown, size=f"{size:,}")
        file.write(block)
    if there < size:
        raise BadInputError("upload_shorter", file=shown, size=f"{size:,}", there=f"{there:,}")
    file.size = size
    file.seek(0)
    return file


def take_over(upload: Upload, file: TemporaryUploadedFile) -> None:
    """Make the file of a plain form the upload's own, without copying it."""
    upload.file.parent.mkdir(parents=True, exist_ok=True)
    file.flush()
    os.link(file.temporary_file_path(), upload.file)


class ToDisk(TemporaryFileUploadHandler):
    """Writes the file of a plain form beside the uploads as it comes, and stops when it grows beyond what is taken."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.came = 0
        self.refused: BadInputError | LedgerError | None = None
        Path(settings.UPLOADS).mkdir(parents=True, exist_ok=True)

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin a file in the folder of uploads: there it can be taken over by its name alone."""
        FileUploadHandler.new_file(self, *args, **kwargs)  # type: ignore[arg-type]
        self.file = _Beside(self.file_name, self.content_type, self.charset, self.content_type_extra)
        self.came = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a block, unless the file is too large or the disk too full for it."""
        self.came += len(raw_data)
        try:
            if self.came > settings.UPLOAD_LIMIT or self.came // (64 * BLOCK) != start // (64 * BLOCK):
                must_fit(self.came, self.file_name or "")
        except (BadInputError, LedgerError) as error:
            self.refused = error
            raise StopUpload(connection_reset=False) from None
        super().receive_data_chunk(raw_data, start)


class _Beside(TemporaryUploadedFile):
    """A temporary file in the folder of uploads."""

    def __init__(self, name: str | None, kind: str | None, charset: str | None, extra: object) -> None:
        made = tempfile.NamedTemporaryFile(suffix=".upload", dir=settings.UPLOADS)  # noqa: SIM115 - closed by Django
        super(TemporaryUploadedFile, self).__init__(made, name, kind, 0, charset, extra)  # type: ignore[arg-type]
