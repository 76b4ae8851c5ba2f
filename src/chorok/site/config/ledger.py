"""The one ledger of this site, and its newest published state, kept open between requests."""

from __future__ import annotations

import functools
import threading

from django.conf import settings

from chorok.core.organisations import Tree
from chorok.ledger import snapshots
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger
from chorok.site.config import language

_open: dict[tuple[str, int], Published] = {}
_lock = threading.Lock()


def ledger() -> Ledger:
    """Return the site's ledger. Raises LedgerError when there is none."""
    return Ledger.open(settings.LEDGER)


def published(as_of: str | None = None) -> Published:
    """Return a published state of the ledger: the newest, or the one a person asks for (`--as-of`).

    The newest is opened once and kept until another is published. Raises LedgerError when nothing is published yet.
    """
    found = ledger()
    if as_of is not None:
        return Published.at(found, as_of)
    key = str(found.path), snapshots.at(found, None).number
    with _lock:
        if key not in _open:
            _open.clear()
            _open[key] = Published.at(found, None)
        return _open[key]


def is_published() -> bool:
    """Tell whether anything was published yet."""
    return snapshots.latest(ledger()) is not None


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
    _open.clear()
    _names.cache_clear()
