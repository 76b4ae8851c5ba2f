"""Who is still at work: a lock a process holds while it lives, which the system frees however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def _folder() -> Path:
    folder = Path(settings.SITE_FOLDER) / "alive"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def here() -> str:
    """Return this host's name, as it stands in the names of who is alive."""
    return socket.gethostname()[:60]


@contextlib.contextmanager
def held() -> Iterator[str]:
    """Be alive under a new name: 36 characters, '@' and the host's name."""
    name = f"{uuid.uuid4()}@{here()}"
    path = _folder() / name
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield name
        finally:
            path.unlink(missing_ok=True)


def is_dead(name: str) -> bool | None:
    """Tell whether the holder of a name is gone; None when it lived on another host, where this cannot be seen."""
    if name.partition("@")[2] != here():
        return None
    path = _folder() / name
    try:
        with path.open("r+") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)  # what a killed process left behind
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True
