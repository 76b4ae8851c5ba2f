"""Folders of an index under `index/`: made whole or not at all, never changed, the older ones forgotten."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from chorok.ledger.store import Ledger


def place(ledger: Ledger, family: str, made_of: Mapping[str, Any]) -> Path:
    """Return where an index of a family lies, there or not; `made_of` is all that its content rests on."""
    key = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:16]
    return ledger.path / "index" / f"{family}-{key}"


def make(folder: Path, write: Callable[[Path], None], kept: int) -> None:
    """Write a folder unless it is there; a second process waits for the first. The newest `kept` of a family stay.

    One who has an older folder open goes on reading it: what is mapped stays until it is let go.
    """
    family = folder.name.rpartition("-")[0]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{family}.lock").open("a", encoding="utf-8") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        if folder.exists():
            return
        for left in folder.parent.glob(f".{family}-*.tmp"):  # by one that was killed: the lock is ours
            shutil.rmtree(left, ignore_errors=True)
        draft = folder.with_name(f".{folder.name}.{uuid4().hex}.tmp")
        draft.mkdir()
        try:
            write(draft)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        found = sorted(folder.parent.glob(f"{family}-*"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in found[kept:]:
            shutil.rmtree(old, ignore_errors=True)
