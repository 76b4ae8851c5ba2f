"""Registry writes to a ledger with a site in front of it: they go through the site's service (rules section 3)."""

from __future__ import annotations

from pathlib import Path

from chorok.cli.attached import MARKER
from chorok.ledger.publishing import Told
from chorok.ledger.registry import Change
from chorok.ledger.store import Ledger
from chorok.sources.certificates import RegistryFile


def has_site(ledger: Path) -> bool:
    """Tell whether a site stands before a ledger. Django is not needed to know."""
    return (ledger / MARKER).exists()


def through_site(ledger: Ledger, read: RegistryFile, told: Told) -> tuple[Change, ...]:
    """Put a list into the registry as the site does: it knows the change, and its audit says it was a command.

    Raises LedgerError site_not_begun, registry_changed_outside; UsageError site_database_unnamed.
    """
    from chorok.cli.audit import ready

    ready(ledger.path, None)
    from chorok.site.accounts.rights import Actor
    from chorok.site.config import ledger as ledgers
    from chorok.site.registry import writing

    command = Actor(None, (), ledger.today, ledgers.tree(), via="command")
    state = writing.post(command, "imported", read.source, read.tables, told=told)
    return tuple(Change(**change) for change in state.changes)
