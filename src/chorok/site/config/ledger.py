"""The one ledger of this site, and its newest published state, kept open between requests."""

from __future__ import annotations

import functools
import os
import threading
import time
from collections import OrderedDict
from pathlib import Path

from django.conf import settings

from chorok.core.organisations import Tree
from chorok.ledger import snapshots
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.snapshots import Snapshot
from chorok.ledger.store import Ledger
from chorok.site.config import language

_open: OrderedDict[tuple[str, int], Published] = OrderedDict()
_listed: dict[str, tuple[int, tuple[Snapshot, ...]]] = {}
_ledgers: dict[tuple[str, int], Ledger] = {}
_lock = threading.RLock()
KEPT = 3
"""Published states that are kept open: the newest, and those that people lately looked back at."""
RACY = 2_000_000_000
"""Nanoseconds within which a folder may change again without its time changing."""


def ledger() -> Ledger:
    """Return the site's ledger. Raises LedgerError when there is none."""
    path = str(settings.LEDGER)
    key = path, _changed(f"{path}/ledger.toml")
    found = _ledgers.get(key)
    if found is None:
        found = Ledger.open(Path(path))
        _ledgers.clear()  # another thread may do the same at this moment: each returns what it found
        _ledgers[key] = found
    return found


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - asked several times a request: a Path takes ten times as long
    except OSError:
        return -1


def published(as_of: str | None = None) -> Published:
    """Return a published state of the ledger: the newest, or the one a person asks for (`--as-of`).

    A few are kept open, with what was asked of them. Raises LedgerError when nothing is published yet.
    """
    found = ledger()
    wanted = snapshots.chosen(found, _snapshots(found), as_of)
    key = str(found.path), wanted.number
    with _lock:
        if key not in _open:
            _open[key] = Published(found, wanted)
            while len(_open) > KEPT:
                _open.popitem(last=False)
        _open.move_to_end(key)
        return _open[key]


def _snapshots(found: Ledger) -> tuple[Snapshot, ...]:
    """Return all snapshots, read again only when the folder of their table's log has changed."""
    path = str(found.path)
    stamp = _changed(f"{path}/snapshots/_delta_log")
    with _lock:
        known = _listed.get(path)
        if known is None or known[0] != stamp or time.time_ns() - stamp < RACY:
            _listed[path] = known = stamp, tuple(snapshots.every(found))
        return known[1]


def is_published() -> bool:
    """Tell whether anything was published yet."""
    return bool(_snapshots(ledger()))


def tree() -> Tree:
    """Return the organisations of the newest published state; an empty tree before there is one."""
    return published().tree if is_published() else Tree.of([])


def names() -> Names:
    """Return names of organisations and item groups in the request's language."""
    state = published()
    return _names(str(state.ledger.path), state.snapshot.number, language.current())


@functools.lru_cache(maxsize=8)
def _names(_path: str, _snapshot: int, spoken: str) -> Names:
    return Names.of(published().registry, spoken)


def forget() -> None:
    """Close what is kept open, so that another ledger can be served."""
    for kept in (_open, _listed, _ledgers):
        kept.clear()
    _names.cache_clear()
