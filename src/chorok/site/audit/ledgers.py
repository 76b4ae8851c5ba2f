"""The ledger beside the chain: attached once, its snapshots each named by an event, crashes settled on start."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from chorok.core.errors import LedgerError
from chorok.ledger import publishing, snapshots
from chorok.ledger.snapshots import Snapshot
from chorok.ledger.store import Ledger
from chorok.site.audit.announcing import BEGUN, land
from chorok.site.audit.models import Announcement, Event, Landing, Via
from chorok.site.audit.recording import append, locked, record
from chorok.site.config import alive
from chorok.site.config import attach as markers
from chorok.site.config.ledger import ledger as site_ledger

ATTACHED = "ledger.attached"
COMMAND = "ledger.command"
FOUND_DONE, FOUND_UNDONE = "found_done", "found_undone"
PATIENCE = 5.0
"""Seconds to wait for the ledger's lock when a crash is settled; who holds it then is alive, and it is done later."""


def attach(opened: Ledger | None = None) -> markers.Attachment:
    """Attach this site to its ledger once: a marker in the ledger's folder and an event that says from which snapshot.

    Raises LedgerError site_of_another.
    """
    opened = opened or site_ledger()
    with transaction.atomic():
        head = locked()
        since = attached_from()
        there = markers.mark(
            opened, site=str(head.site), folder=settings.SITE_FOLDER, database=_address(), from_snapshot=since
        )
        if since is None:
            record(None, ATTACHED, subject=("ledger", head.site), from_snapshot=there.from_snapshot)
    return there


def _address() -> str:
    """Where the database is, without the password; '' for SQLite in the site's folder."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return ""
    return f"postgresql://{database['HOST']}:{database['PORT']}/{database['NAME']}"


def attached_from() -> int | None:
    """Return the newest snapshot when the ledger was attached, as the chain says; None before that."""
    event = Event.objects.filter(action=ATTACHED).order_by("seq").first()
    return int(event.told["from_snapshot"]) if event else None


def note_command(found: Snapshot, *, command: str = "", afterwards: bool = False) -> Event | None:
    """Record a snapshot that the command line published; None when an event names it already.

    `afterwards`: nobody said so when it was published, it was found by looking.
    """
    with transaction.atomic():
        locked()
        if Landing.objects.filter(pk=found.number).exists():
            return None
        event = append(
            Via.COMMAND,
            COMMAND,
            subject=("snapshot", found.number),
            facts={
                "snapshots": [found.number],
                "action": found.action,
                "subject": found.subject,
                "published_at": found.published_at,
                "command": command,
                "afterwards": afterwards,
            },
        )
        land([found.number], event)
        return event


def reconcile(opened: Ledger | None = None) -> list[Event]:
    """Close what a crash left open, and record snapshots that no event names. Call it on start; it may run again.

    An announcement whose process still lives is left alone, and so are the snapshots since.
    """
    opened = opened or site_ledger()
    attach(opened)
    left = [one for one in Announcement.objects.order_by("seq") if alive.is_dead(one.holder)]
    if left and not _mended(opened):
        return []
    found = snapshots.every(opened)
    settled = [_settle(one, found) for one in left]
    live = Announcement.objects.order_by("since").values_list("since", flat=True).first()
    stray = [one for one in unknown(found) if live is None or one.number <= live]
    noted = [note_command(one, afterwards=True) for one in stray]
    return [event for event in (*settled, *noted) if event]


def _mended(opened: Ledger) -> bool:
    """Let the ledger finish or take back what the crash left in it; False when somebody writes to it just now."""
    try:
        with opened.writing(PATIENCE):
            publishing.reconcile(opened)
    except LedgerError as error:
        if error.code != "ledger_locked":
            raise
        return False
    return True


def _settle(left: Announcement, found: Iterable[Snapshot]) -> Event | None:
    """Close an announcement by what the ledger holds; None when another process was quicker."""
    with transaction.atomic():
        locked()
        if not Announcement.objects.filter(pk=left.pk).delete()[0]:
            return None
        begun = Event.objects.get(seq=left.seq)
        facts = begun.told
        names = {begun.subject_id, facts.get("batch"), facts.get("publishes")} - {"", None}
        known = set(Landing.objects.values_list("snapshot", flat=True))
        landed = [
            one.number for one in found if one.number > left.since and one.subject in names and one.number not in known
        ]
        event = append(
            Via.SYSTEM,
            f"{begun.action.removesuffix(BEGUN)}{FOUND_DONE if landed else FOUND_UNDONE}",
            subject=(begun.subject_kind, begun.subject_id),
            organisation=begun.organisation,
            facts={"begun": begun.seq, "snapshots": landed},
        )
        land(landed, event)
        return event


def unknown(found: Iterable[Snapshot]) -> list[Snapshot]:
    """Return the snapshots that no event names, of those published since the site was attached."""
    since = attached_from()
    if since is None:
        return []
    named = set(Landing.objects.values_list("snapshot", flat=True))
    return [one for one in found if one.number > since and one.number not in named]
