"""The desk at which requests are screened: a registry under a definition, held open between requests."""

from __future__ import annotations

import threading
from collections import OrderedDict

from chorok.core.definitions import load
from chorok.ledger.registry import Registry
from chorok.ledger.screening import Desk
from chorok.site.config import ledger as site

KEPT = 2
"""Desks that are kept open: each holds the registry."""

_open: OrderedDict[tuple[str, int, str], Desk] = OrderedDict()
_lock = threading.Lock()


def desk(definition: str = "national") -> Desk:
    """Return the desk of the newest published state under a definition. Raises LedgerError."""
    ledger = site.ledger()
    state = site.published() if site.is_published() else None
    # Without a published state the registry is read as it is.
    mark = state.snapshot.number if state else -Registry.open(ledger.path).version - 1
    key = str(ledger.path), mark, definition
    with _lock:
        if key not in _open:
            _open[key] = Desk.open(ledger, state.definition(definition) if state else load(definition))
            while len(_open) > KEPT:
                _open.popitem(last=False)
        _open.move_to_end(key)
        return _open[key]
