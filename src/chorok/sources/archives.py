"""Packed files: gzip and zip, unpacked under limits."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from chorok.core.errors import BadInputError
from chorok.sources.limits import Limits

BLOCK = 1 << 20
ENCRYPTED, UTF8_NAME = 0x1, 0x800


@dataclass
class _Budget:
    """What may still come out of an archive."""

    limits: Limits
    name: str
    packed: int
    total: int = 0

    def spend(self, size: int) -> None:
        """Count unpacked bytes; refuse a bomb."""
        self.total += size
        over = self.total > self.limits.ratio_from and self.total > self.packed * self.limits.ratio
        if over or self.total > self.limits.unpacked:
            raise BadInputError(
                "archive_bomb",
                file=self.name,
                packed=self.packed,
                ratio=self.limits.ratio,
                limit=self.limits.unpacked >> 20,
            )


def gunzip(path: Path, work: Path, name: str, limits: Limits) -> Path:
    """Unpack a gzip file. Raises BadInputError: archive_bomb, broken_archive."""
    target = work / f"{path.name}.unpacked"
    budget = _Budget(limits, name, path.stat().st_size)
    try:
        with gzip.open(path) as packed:
            _copy(packed, target, budget)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInputError("broken_archive", file=name, reason=str(error)) from None
    return target


def unzip(path: Path, work: Path, name: str, limits: Limits, password: str | None) -> Iterator[tuple[str, Path]]:
    """Yield (name, unpacked file) for each member; names of CP949 are read as such.

    Raises BadInputError: archive_bomb, broken_archive, too_many_members, nested_archive, zip_password_missing,
    zip_password_wrong, zip_encryption_unsupported.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir() and not _hidden(member)]
            if len(members) > limits.members:
                raise BadInputError("too_many_members", file=name, count=len(members), limit=limits.members)
            budget = _Budget(limits, name, path.stat().st_size)
            for number, member in enumerate(members):
                title = member_name(member)
                target = work / f"member{number}_{path.stem[:40]}"
                _extract(archive, member, target, budget, password=password, title=title)
                yield title, target
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise BadInputError("broken_archive", file=name, reason=str(error)) from None


def check_sizes(path: Path, name: str, limits: Limits) -> None:
    """Refuse a workbook whose parts say they unpack to too much; it is unpacked elsewhere, in memory."""
    with zipfile.ZipFile(path) as archive:
        _Budget(limits, name, path.stat().st_size).spend(sum(member.file_size for member in archive.infolist()))


def member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; without the UTF-8 flag Korean systems write CP949."""
    if member.flag_bits & UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("cp949")
    except UnicodeError:
        return member.filename


def _extract(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    target: Path,
    budget: _Budget,
    *,
    password: str | None,
    title: str,
) -> None:
    locked = bool(member.flag_bits & ENCRYPTED)
    if locked and not password:
        raise BadInputError("zip_password_missing", file=budget.name, member=title)
    try:
        with archive.open(member, pwd=password.encode() if locked and password else None) as packed:
            _copy(packed, target, budget)
    except NotImplementedError:
        raise BadInputError("zip_encryption_unsupported", file=budget.name, member=title) from None
    except (RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        if not locked:
            raise BadInputError("broken_archive", file=budget.name, reason=str(error)) from None
        raise BadInputError("zip_password_wrong", file=budget.name, member=title) from None


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, budget: _Budget) -> None:
    with target.open("wb") as out:
        while block := packed.read(BLOCK):
            budget.spend(len(block))
            out.write(block)


def _hidden(member: zipfile.ZipInfo) -> bool:
    """Skip what systems add by themselves."""
    return member.filename.startswith("__MACOSX/") or Path(member.filename).name in {".DS_Store", "Thumbs.db"}
