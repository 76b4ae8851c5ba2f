"""The marker in a ledger's folder that a site stands before it: `site.toml`, written when it is first attached."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from chorok.core.errors import LedgerError
from chorok.ledger import snapshots
from chorok.ledger.store import Ledger, write_whole

MARKER = "site.toml"


@dataclass(frozen=True)
class Attachment:
    """Which site a ledger belongs to, and the newest snapshot when it was attached (0: none yet)."""

    site: str  # identity of the site's database: a UUID
    from_snapshot: int
    folder: Path  # of the site: its database, uploads and locks
    database: str = ""  # '' for SQLite in the folder, else which host and name; never a password


def found(ledger: Path) -> Attachment | None:
    """Return the attachment of a ledger's folder; None for a ledger without a site."""
    path = ledger / MARKER
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        return Attachment(read["site"], int(read["from_snapshot"]), Path(read["folder"]), read.get("database", ""))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise LedgerError("site_marker_damaged", path=path) from error


def mark(
    ledger: Ledger, *, site: str, folder: Path, database: str = "", from_snapshot: int | None = None
) -> Attachment:
    """Mark a ledger as a site's, or return the mark that is there.

    `from_snapshot`: where the site says it was attached before, when the marker is gone; else the newest snapshot.
    Raises LedgerError site_of_another when the ledger belongs to another site's database.
    """
    there = found(ledger.path)
    if there is None:
        newest = snapshots.latest(ledger)
        since = (newest.number if newest else 0) if from_snapshot is None else from_snapshot
        there = Attachment(site, since, folder.resolve(), database)
        _write(ledger, there)
    if there.site != site:
        raise LedgerError("site_of_another", path=ledger.path / MARKER, site=there.site, here=site)
    return there


def attach() -> Attachment:
    """Attach this site to its ledger, once; its audit says so. Raises LedgerError site_of_another."""
    from chorok.site.audit import services

    return services.attach()


def _write(ledger: Ledger, one: Attachment) -> None:
    lines = (
        "# A site stands before this ledger: what is written here is recorded there. Do not edit.",
        f'site = "{one.site}"',
        f"from_snapshot = {one.from_snapshot}",
        f"folder = {_quoted(one.folder)}",
        f"database = {_quoted(one.database)}",
    )
    write_whole(ledger.path / MARKER, "\n".join(lines) + "\n")


def _quoted(text: object) -> str:
    """Return a TOML string: JSON's escapes are TOML's too."""
    return json.dumps(str(text), ensure_ascii=False)
