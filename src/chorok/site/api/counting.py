"""How often somebody called within this minute, over all processes of the site.

Each process counts by itself and tells the shared cache one time in fifty of what is allowed: a count in the database
at every call would cost more than many an answer. Each process may let so much too many through.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.core.cache import cache

WINDOW = 60
"""Seconds over which calls are counted."""
SHARES = 50
"""A process tells the others of every fiftieth part of what is allowed; of small limits, of every call."""
MOST = 10_000
"""Callers that a process keeps; those of minutes that are over are forgotten first."""


@dataclass
class _Count:
    window: int
    told: int = 0  # what all processes together had told when this one last did
    own: int = 0  # not told yet


_counts: dict[str, _Count] = {}
_lock = threading.Lock()


def count(caller: str, most: int, by: int = 1) -> int:
    """Count calls of somebody who may make `most` a minute; return how many there were, as far as is known here."""
    window = int(time.time() // WINDOW)
    with _lock:
        found = _counts.get(caller)
        if found is None or found.window != window:
            _forget(window)
            found = _counts[caller] = _Count(window)
        found.own += by
        if found.own < max(most // SHARES, 1):
            return found.told + found.own
        telling, found.own = found.own, 0
    told = _tell(f"api:{caller}:{window}", telling)
    with _lock:
        found.told = max(found.told, told)
        return found.told + found.own


def _forget(window: int) -> None:
    if len(_counts) >= MOST:
        for caller in [caller for caller, one in _counts.items() if one.window != window]:
            del _counts[caller]


def _tell(key: str, by: int) -> int:
    try:
        return cache.incr(key, by)
    except ValueError:  # the first of this minute
        cache.add(key, by, WINDOW * 2)
        return by


def left() -> float:
    """Return the seconds until a new minute begins."""
    return WINDOW - time.time() % WINDOW
