"""Opens any received file by its content: one or several tables, ready for DuckDB."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from chorok.core.errors import BadInputError
from chorok.sources import archives
from chorok.sources.delimited import delimited_table
from chorok.sources.limits import Limits
from chorok.sources.lines import even_lines
from chorok.sources.markup import markup_tables
from chorok.sources.records import json_table
from chorok.sources.text import as_utf8, is_wide
from chorok.sources.understanding import Profile, RawTable
from chorok.sources.workbooks import workbook_tables

GZIP, ZIP, OLE, PDF = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
EMPTY_ZIP = b"PK\x05\x06"
DRM = (b"DRMONE", b"SCDSA", b"MarkAny", b"MARKANY")
"""Marks near the beginning of files that Korean document-protection products wrote."""

BINARY_MARKS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"7z\xbc\xaf",
    b"Rar!",
    b"PAR1",
    b"SQLite format",
    b"\x7fELF",
    b"MZ\x90",
)
MARKUP = re.compile(rb"<(?:[?!]|[A-Za-z][\w:.-]*[\s/>])")
JSON = re.compile(rb"\{|\[\s*[\[\]{\"]")
"""How web pages, XML and JSON begin; '<2019년 실적>' and '[합계]' are titles of plain text."""

OTHER_OFFICE = {"word/": "docx", "ppt/": "pptx", "Contents/section0.xml": "hwpx"}


@dataclass(frozen=True)
class _Job:
    """What stays the same while one received file is opened."""

    work: Path
    password: str | None
    wanted: tuple[str, ...]
    limits: Limits


def open_tables(
    path: Path, work: Path, *, password: str | None = None, profile: Profile | None = None, limits: Limits | None = None
) -> list[RawTable]:
    """Open a received file, whatever its name says; copies, where needed, go to the folder `work`.

    Sheets and members without a table are said in `notes`. Raises BadInputError with a code of its own for each
    kind of unusable file.
    """
    must_be_file(path)
    work.mkdir(parents=True, exist_ok=True)
    wanted = tuple(profile.understanding.columns.values()) if profile else ()
    return _open(path, path.name, _Job(work, password, wanted, limits or Limits()), packed=False)


def must_be_file(path: Path) -> None:
    """Raise BadInputError is_directory or missing_file, before anything is made for a file that is none."""
    if path.is_dir():
        raise BadInputError("is_directory", file=path)
    if not path.is_file():
        raise BadInputError("missing_file", file=path)


def _open(path: Path, name: str, job: _Job, *, packed: bool) -> list[RawTable]:
    head = _head(path)
    if not head.strip():
        raise BadInputError("empty_file", file=name)
    if any(mark in head[:512] for mark in DRM):
        raise BadInputError("drm_protected", file=name)
    if head.startswith(OLE):
        return _old_office(path, name, job)
    if head.startswith((ZIP, EMPTY_ZIP)):
        return _zip(path, name, job, packed=packed)
    if head.startswith(GZIP):
        if packed:
            raise BadInputError("nested_archive", file=name)
        return _open(archives.gunzip(path, job.work, name, job.limits), name, job, packed=True)
    if head.startswith((PDF, *BINARY_MARKS)) or _looks_binary(head):
        raise BadInputError("binary_file", file=name)
    return _text(path, name, job)


def _text(path: Path, name: str, job: _Job) -> list[RawTable]:
    text = as_utf8(path, job.work, job.limits, name)
    start = _head(text.path).removeprefix(b"\xef\xbb\xbf").lstrip()
    if MARKUP.match(start):
        return markup_tables(name, text, job.work, job.limits, job.wanted)
    if JSON.match(start):
        return [json_table(name, text, job.work)]
    return [delimited_table(name, even_lines(text, job.work), job.wanted)]


def _old_office(path: Path, name: str, job: _Job) -> list[RawTable]:
    """Tell a workbook from what else lies in the old office container; its directory names the streams."""
    content = path.read_bytes()
    if _stream("EncryptedPackage", content) or _stream("DRMEncryptedDataSpace", content):
        raise BadInputError("protected_workbook", file=name)
    if not (_stream("Workbook", content) or _stream("Book", content)):
        raise BadInputError("not_a_workbook", file=name)
    return workbook_tables(path, job.work, name, job.wanted)


def _stream(name: str, content: bytes) -> bool:
    return name.encode("utf-16-le") in content


def _zip(path: Path, name: str, job: _Job, *, packed: bool) -> list[RawTable]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
            kind = archive.read("mimetype")[:100] if "mimetype" in members else b""
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise BadInputError("broken_archive", file=name, reason=str(error)) from None
    if any(member.startswith("xl/") for member in members) or b"opendocument.spreadsheet" in kind:
        archives.check_sizes(path, name, job.limits)
        return workbook_tables(path, job.work, name, job.wanted)
    for mark, office in OTHER_OFFICE.items():
        if any(member.startswith(mark) for member in members):
            raise BadInputError("not_a_table", file=name, kind=office)
    if packed:
        raise BadInputError("nested_archive", file=name)
    return _members(path, name, job)


def _members(path: Path, name: str, job: _Job) -> list[RawTable]:
    found: list[RawTable] = []
    empty: list[tuple[str, dict[str, str]]] = []
    for title, member in archives.unzip(path, job.work, name, job.limits, job.password):
        try:
            found += _open(member, f"{name}!{title}", job, packed=True)
        except BadInputError as error:
            if error.code not in {"empty_file", "only_header", "no_table", "no_rows"}:
                raise
            empty.append(("note.member_without_table", {"file": name, "member": title}))
    if not found:
        raise BadInputError("no_table", file=name)
    return [replace(found[0], notes=(*found[0].notes, *empty)), *found[1:]]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1 << 16)


def _looks_binary(head: bytes) -> bool:
    """Tell control characters that no text has; zero bytes alone may be UTF-16."""
    odd = sum(head.count(bytes([byte])) for byte in _controls())
    return odd * 50 > len(head) and not is_wide(head)


def _controls() -> Iterator[int]:
    yield from (byte for byte in range(1, 32) if byte not in {9, 10, 12, 13, 27})
