"""Backup and restore: the database first, then the ledger up to a snapshot at least as new (design section 3).

A backup is one tar file:

    manifest.json     format, when, which snapshot, which kind of database, SHA-256 of every member
    database          SQLite's file as of one instant, or a dump of pg_dump in its custom format
    ledger/...        all that is truth; what can be derived again is left out
    uploads/...       received files that nobody has imported yet
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chorok.core.errors import BadInputError, LedgerError, UsageError
from chorok.ledger import publishing, snapshots
from chorok.ledger.store import Ledger

FORMAT = 1
DERIVED = {"derived", "index", "staging", "spill", "lock"}
"""Folders of a ledger that are made again, and its lock."""

BLOCK = 1 << 20
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Saved:
    """What a backup holds."""

    path: Path
    files: int
    size: int  # bytes
    snapshot: int | None
    sha256: str


def backup(ledger: Ledger, uploads: Path, database: dict[str, Any], target: Path, told: Told) -> Saved:
    """Write a backup of database and ledger. People may go on working meanwhile; an import waits for seconds.

    Raises UsageError backup_exists, LedgerError backup_failed (pg_dump missing or unhappy), ledger_locked.
    """
    if target.exists():
        raise UsageError("backup_exists", path=target)
    draft = target.with_name(target.name + ".draft")
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch, tarfile.open(draft, "w") as archive:
        told("database", 0, 1)
        dumped = _dump(database, Path(scratch) / "database")
        with ledger.writing():
            publishing.reconcile(ledger)
            newest = snapshots.latest(ledger)
            files = sorted(_truth(ledger.path))
            # What is edited in place is read while nobody writes; the rest never changes once it is there.
            edited = {path: path.read_bytes() for path in files if path.suffix in {".toml", ".json", ".csv"}}
        members = [("database", dumped), *((_inside("ledger", ledger.path, path), path) for path in files)]
        members += [(_inside("uploads", uploads, path), path) for path in _waiting(uploads)]
        sums: dict[str, str] = {}
        for number, (name, path) in enumerate(members):
            told("files", number, len(members))
            sums[name] = _add(archive, name, path, edited.get(path), Path(scratch))
        manifest = _manifest(database, newest.number if newest else None, sums)
        _add(archive, "manifest.json", Path("manifest.json"), json.dumps(manifest, indent=1).encode(), Path(scratch))
    draft.replace(target)
    return Saved(target, len(members), target.stat().st_size, manifest["snapshot"], _sha256(target))


def restore(source: Path, ledger: Path, site: Path, database: dict[str, Any], told: Told) -> int | None:
    """Put a backup back into empty places and return its snapshot. Every member is checked against its SHA-256.

    Raises UsageError restore_not_empty, restore_database, BadInputError backup_damaged, LedgerError backup_failed.
    """
    for place in (ledger, site):
        if place.exists() and any(place.iterdir()):
            raise UsageError("restore_not_empty", path=place)
    with _opened(source) as archive:
        manifest = _read_manifest(archive, source)
        if manifest["database"] != _kind(database):
            raise UsageError("restore_database", found=manifest["database"], set=_kind(database))
        ledger.parent.mkdir(parents=True, exist_ok=True)
        # In a folder beside, moved at the end: a restore that is cut short leaves no half ledger behind.
        with tempfile.TemporaryDirectory(dir=ledger.parent) as scratch:
            unpacked = Path(scratch)
            _unpack(archive, manifest["files"], unpacked, source, told)
            site.mkdir(parents=True, exist_ok=True)
            told("database", 0, 1)
            _load(database, unpacked / "database")
            _move(unpacked / "uploads", site / "uploads")
            _move(unpacked / "ledger", ledger)
    return int(manifest["snapshot"]) if manifest["snapshot"] is not None else None


def _truth(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name not in DERIVED and not entry.name.endswith(".draft"):
            yield from (path for path in (entry.rglob("*") if entry.is_dir() else [entry]) if path.is_file())


def _waiting(uploads: Path) -> list[Path]:
    return sorted(path for path in uploads.rglob("*") if path.is_file()) if uploads.is_dir() else []


def _inside(top: str, folder: Path, path: Path) -> str:
    return f"{top}/{path.relative_to(folder).as_posix()}"


def _add(archive: tarfile.TarFile, name: str, path: Path, content: bytes | None, scratch: Path) -> str:
    """Add a file, or content that was read before; returns the SHA-256 of just what was added."""
    if content is not None:
        path = scratch / "content"
        path.write_bytes(content)
    with path.open("rb") as handle:
        entry = tarfile.TarInfo(name)
        entry.size = os.fstat(handle.fileno()).st_size
        entry.mode = 0o600
        entry.mtime = int(datetime.now(UTC).timestamp())
        reading = _Summed(handle)
        archive.addfile(entry, reading)  # it reads, and that is all tarfile asks
    return reading.sum.hexdigest()


class _Summed:
    """A file that adds up its SHA-256 while it is read."""

    def __init__(self, handle: Any) -> None:
        self.handle, self.sum = handle, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block: bytes = self.handle.read(size)
        self.sum.update(block)
        return block


def _manifest(database: dict[str, Any], snapshot: int | None, sums: dict[str, str]) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return {"format": FORMAT, "at": at, "database": _kind(database), "snapshot": snapshot, "files": sums}


def _kind(database: dict[str, Any]) -> str:
    return str(database["ENGINE"]).rpartition(".")[2]


def _dump(database: dict[str, Any], target: Path) -> Path:
    if _kind(database) == "sqlite3":
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
    else:
        _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}", *_address(database)], database)
    return target


def _load(database: dict[str, Any], dumped: Path) -> None:
    if _kind(database) == "sqlite3":
        shutil.copyfile(dumped, database["NAME"])
    else:
        _run(
            ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", *_address(database), str(dumped)],
            database,
        )


def _address(database: dict[str, Any]) -> list[str]:
    parts = {"host": "HOST", "port": "PORT", "username": "USER", "dbname": "NAME"}
    return [f"--{option}={database[key]}" for option, key in parts.items() if database[key]]


def _run(command: list[str], database: dict[str, Any]) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise LedgerError("backup_failed", program=command[0], said="?")
    done = subprocess.run(  # noqa: S603 - a fixed program, arguments from the settings
        [program, *command[1:]],
        env={**os.environ, "PGPASSWORD": str(database["PASSWORD"])},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LedgerError("backup_failed", program=command[0], said=done.stderr.strip()[-500:])


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as archive:
            yield archive
    except (tarfile.TarError, FileNotFoundError, IsADirectoryError, EOFError) as error:
        raise BadInputError("backup_damaged", path=source, what=type(error).__name__) from error


def _read_manifest(archive: tarfile.TarFile, source: Path) -> dict[str, Any]:
    try:
        handle = archive.extractfile("manifest.json")
        manifest: dict[str, Any] = json.loads(handle.read()) if handle else {}
    except (KeyError, json.JSONDecodeError) as error:
        raise BadInputError("backup_damaged", path=source, what="manifest.json") from error
    if manifest.get("format") != FORMAT:
        raise BadInputError("backup_damaged", path=source, what=f"format {manifest.get('format')}")
    return manifest


def _unpack(archive: tarfile.TarFile, sums: dict[str, str], target: Path, source: Path, told: Told) -> None:
    for number, (name, expected) in enumerate(sums.items()):
        told("files", number, len(sums))
        place = (target / name).resolve()
        try:
            packed = archive.extractfile(name)
        except (KeyError, tarfile.TarError) as error:
            raise BadInputError("backup_damaged", path=source, what=name) from error
        if packed is None or not place.is_relative_to(target.resolve()):
            raise BadInputError("backup_damaged", path=source, what=name)
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:  # not `extract`: before Python 3.11.4 it takes no filter
            shutil.copyfileobj(packed, file)
        if _sha256(place) != expected:
            raise BadInputError("backup_damaged", path=source, what=name)


def _move(folder: Path, place: Path) -> None:
    if folder.exists():
        if place.exists():
            place.rmdir()
        folder.rename(place) if folder.stat().st_dev == place.parent.stat().st_dev else shutil.move(folder, place)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
