"""One event in the transaction of the change: the next link of the chain."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import GRANTS, Role
from chorok.site.audit import chain
from chorok.site.audit.models import Event, Head, Via

Subject = tuple[str, object]


def record(
    actor: Actor | None, action: str, *, subject: Subject = ("", ""), organisation: str = "", **facts: object
) -> Event:
    """Append one event. `actor` None means the system itself; `facts` hold ids and figures, never names of people.

    Raises RuntimeError outside of a transaction: an event without its change, or a change without its event,
    must not be possible.
    """
    via = Via(actor.via) if actor else Via.SYSTEM
    return append(
        via,
        action,
        actor_id=actor.user_id if actor else None,
        on_behalf=_behalf(actor, action, organisation) if actor else None,
        subject=subject,
        organisation=organisation,
        facts=facts,
    )


def append(
    via: Via,
    action: str,
    *,
    actor_id: int | None = None,
    on_behalf: int | None = None,
    subject: Subject = ("", ""),
    organisation: str = "",
    facts: dict[str, object],
) -> Event:
    """Append an event as the next of the chain: `record` without an actor to ask."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{action}: an event is recorded in the transaction of its change")
    head = locked()
    event = Event(
        seq=head.seq + 1,
        at=datetime.now(UTC),
        actor_id=actor_id,
        on_behalf=on_behalf,
        via=via.value,
        action=action,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        organisation=organisation,
        facts=chain.written(facts),
        previous=head.hash,
    )
    event.hash = chain.digest(*(getattr(event, name) for name in chain.FIELDS[:-1]))
    event.save(force_insert=True)
    Head.objects.filter(pk=Head.ONLY).update(seq=event.seq, hash=event.hash)
    return event


def locked() -> Head:
    """Keep other writers of events out until the transaction ends, and return the newest event's place.

    On SQLite the transaction itself keeps them out (IMMEDIATE); elsewhere this row's lock does.
    """
    head, _ = Head.objects.select_for_update().get_or_create(pk=Head.ONLY)
    return head


def _behalf(actor: Actor, action: str, organisation: str) -> int | None:
    """Return whom the actor stands in for in this: nobody where an own role would do as well."""
    room = action.split(".", maxsplit=1)[0] + "."
    granted = frozenset[Role]().union(*(roles for right, roles in GRANTS.items() if right.startswith(room)))
    above = {organisation, *actor.tree.ancestors(organisation, actor.today)} if organisation else None
    fitting = [held for held in actor.held if held.role in granted and (above is None or held.organisation in above)]
    behalves = [held.behalf for held in fitting]
    return None if None in behalves or not behalves else behalves[0]
