"""Ledger writes: an event before, an event after, and what a crash left open (rules section 5)."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction

from chorok.core.errors import ChorokError
from chorok.ledger import snapshots
from chorok.ledger.snapshots import Snapshot
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Announcement, Event, Landing
from chorok.site.audit.recording import Subject, record
from chorok.site.config import alive
from chorok.site.config.ledger import ledger as site_ledger

BEGUN, DONE, FAILED = "begun", "done", "failed"

AROUND: list[Callable[[str], contextlib.AbstractContextManager[None]]] = []
"""What other apps keep around every ledger write, by its action; one that raises refuses the write."""


@dataclass
class Closing:
    """What the body of `announced` tells about its ledger write."""

    actor: Actor | None
    action: str
    subject: Subject
    organisation: str
    begun: int  # seq of the event `<action>.begun`
    announcement: uuid.UUID
    since: int  # newest snapshot before
    landed: list[int] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    closed: bool = False

    def tell(self, *, snapshot: Snapshot | int | None = None, **facts: object) -> None:
        """Say what came of it: the snapshot that was published, `batch=...`, `registry=...`. May be said repeatedly."""
        if snapshot is not None:
            self.landed.append(snapshot if isinstance(snapshot, int) else snapshot.number)
        self.facts.update(facts)

    def done(self, *, snapshot: Snapshot | int | None = None, **facts: object) -> Event:
        """Write `<action>.done` now, inside the transaction of the changes that belong to it."""
        self.tell(snapshot=snapshot, **facts)
        return self._close(DONE)

    def failed(self, error: BaseException) -> Event:
        """Write `<action>.failed` with the code of the error."""
        self.facts["error"] = error.code if isinstance(error, ChorokError) else type(error).__name__
        return self._close(FAILED)

    def _close(self, how: str) -> Event:
        with transaction.atomic():
            event = record(
                self.actor,
                f"{self.action}.{how}",
                subject=self.subject,
                organisation=self.organisation,
                begun=self.begun,
                snapshots=sorted(set(self.landed)),
                **self.facts,
            )
            land(self.landed, event)
            Announcement.objects.filter(pk=self.announcement).delete()
        self.closed = True
        return event


@contextlib.contextmanager
def announced(
    actor: Actor | None, action: str, *, subject: Subject = ("", ""), organisation: str = "", **facts: object
) -> Iterator[Closing]:
    """Announce a ledger write and close it: `<action>.begun` is committed before the body runs.

    The subject's id, or the fact `batch` or `publishes`, is what the ledger names its snapshot by (a batch id, a
    source): by it a crash is settled. The body tells `closing.tell(snapshot=..., batch=...)`, or writes the end itself
    with its own changes: `with transaction.atomic(): ...; closing.done(snapshot=...)`. An error closes as
    `<action>.failed` and goes on.
    Not within a transaction: what is announced must be there even if all else is rolled back.
    """
    newest = snapshots.latest(site_ledger())
    since = newest.number if newest else 0
    with alive.held() as holder, contextlib.ExitStack() as around:
        for keep in AROUND:
            around.enter_context(keep(action))
        with transaction.atomic(durable=True):
            begun = record(actor, f"{action}.{BEGUN}", subject=subject, organisation=organisation, since=since, **facts)
            announcement = Announcement.objects.create(seq=begun.seq, since=since, holder=holder)
        closing = Closing(actor, action, subject, organisation, begun.seq, announcement.pk, since)
        try:
            yield closing
        except BaseException as error:
            if not closing.closed:
                closing.failed(error)
            raise
        if not closing.closed:
            closing.done()


def land(numbers: Iterable[int], event: Event) -> None:
    """Keep which event names a snapshot."""
    Landing.objects.bulk_create([Landing(snapshot=one, seq=event.seq) for one in set(numbers)], ignore_conflicts=True)
