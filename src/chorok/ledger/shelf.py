"""The definitions as they were when a snapshot was published, kept beside it: old figures keep their rules.

`definitions/<hash>/<id>.toml`, one folder for each state of the definitions that came with the program.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from chorok.core import definitions
from chorok.core.definitions import Definition
from chorok.ledger.snapshots import Snapshot
from chorok.ledger.store import Ledger


def current() -> str:
    """Return the hash over all definitions that come with the program: equal hash, equal rules."""
    each = (definitions.load(name).hash() for name in definitions.names())
    return hashlib.sha256("".join(each).encode()).hexdigest()


def keep(ledger: Ledger) -> str:
    """Keep the program's definitions as they are now, unless they are there already; return their hash."""
    found = current()
    place = _place(ledger, found)
    if not place.exists():
        draft = place.with_name(place.name + ".draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        for name, text in definitions.texts().items():
            (draft / f"{name}.toml").write_text(text, encoding="utf-8")
        draft.rename(place)
    return found


def definition(ledger: Ledger, snapshot: Snapshot, wish: str) -> Definition:
    """Return a definition by id as it was at a snapshot, or from a city's own file. Raises BadInputError."""
    place = _place(ledger, snapshot.definitions)
    return definitions.load(wish, place if place.exists() else None)


def _place(ledger: Ledger, known_as: str) -> Path:
    return ledger.path / "definitions" / known_as[:16]
