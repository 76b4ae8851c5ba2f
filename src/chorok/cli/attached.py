"""A ledger with a site: what a command publishes in it is recorded in the site's audit (rules section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chorok.cli.speech import note
from chorok.ledger import snapshots
from chorok.ledger.store import Ledger

MARKER = "site.toml"


@dataclass
class _Watched:
    ledger: Path | None = None
    before: int = 0


_WATCHED = _Watched()


def watch(ledger: Path) -> Path:
    """Remember, for the command that begins, what was published in its ledger. Returns the folder as it came."""
    _WATCHED.ledger = None
    if (ledger / MARKER).exists():
        _WATCHED.ledger, _WATCHED.before = ledger, _newest(ledger)
    return ledger


def _newest(ledger: Path) -> int:
    newest = snapshots.latest(Ledger(ledger))
    return newest.number if newest else 0


def tell_site(words: Sequence[str]) -> None:
    """Record what the command published, once it has ended, however it ended. `words`: the command as called."""
    ledger, _WATCHED.ledger = _WATCHED.ledger, None
    if ledger is None:
        return
    try:
        if _newest(ledger) > _WATCHED.before:
            _record(ledger, next((word for word in words if word.isalpha()), ""))
    except Exception:  # whatever it is (database, site's folder): the command itself has done its work
        note("audit.not_noted")


def _record(ledger: Path, command: str) -> None:
    from chorok.cli.audit import ready

    ready(ledger, None)
    from chorok.site.audit.services import note_command

    for one in snapshots.every(Ledger(ledger)):
        if one.number > _WATCHED.before:
            note_command(one, command=command)
