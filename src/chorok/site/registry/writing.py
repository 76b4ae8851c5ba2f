"""Writing the registry from the site: one way in, which knows what was there before (rules section 3).

The site keeps which versions of the registry's tables it made. Where the ledger holds others, somebody wrote past the
site, and nothing is published until a person takes that change over.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import pyarrow as pa
from django.db import transaction

from chorok.core.errors import LedgerError, UsageError
from chorok.ledger import effects, publishing, snapshots
from chorok.ledger.effects import Effect
from chorok.ledger.published import Published
from chorok.ledger.registry import Registry, replace_source
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import Closing, announced
from chorok.site.config import ledger as ledgers
from chorok.site.registry.models import RegistryState

Told = Callable[[str, int, int], None]
Tables = Mapping[str, pa.Table]

CHANGE = "registry.change"
OTHERS = "organisations"
"""The table of the registry that has an app of its own."""
PATIENCE = 60 * 60
"""Seconds that a write waits for another that is writing."""


def must_be_known(ledger: Ledger) -> None:
    """Raise LedgerError registry_changed_outside when the ledger's registry is not as the site left it.

    Before its first write a site takes the registry as it finds it.
    """
    if not RegistryState.objects.exists():
        RegistryState.objects.create(versions=dict(Registry.open(ledger.path).versions), action="attached")
    outside = changed_outside(ledger)
    if outside:
        raise LedgerError("registry_changed_outside", tables=", ".join(outside))


def changed_outside(ledger: Ledger) -> list[str]:
    """Return the tables of the registry that somebody wrote past the site."""
    last = RegistryState.objects.first()
    if last is None:
        return []
    found = Registry.open(ledger.path).versions
    ours = {change["table"] for change in last.changes} if not last.settled else set[str]()
    return [
        name
        for name in sorted({*found, *last.versions})
        if found.get(name) != last.versions.get(name)
        and not (name in ours and found.get(name) == last.versions.get(name, -1) + 1)
    ]


def post(actor: Actor, action: str, source: str, tables: Tables, *, told: Told = publishing.quiet) -> RegistryState:
    """Put rows in place of all that a source gave to some tables, publish, and keep what that did to figures.

    Repeatable: what is there already is not written again. Raises UsageError, LedgerError.
    """
    _must(actor)
    ledger = ledgers.ledger()
    with _announced(actor, action, source) as closing, _writing(ledger, told):
        must_be_known(ledger)
        state = _intended(ledger, actor, action, source, list(tables))
        told("posting", 0, len(tables))
        changes = [replace_source(ledger.path, name, rows, source) for name, rows in tables.items()]
        state.changes = [asdict(change) for change in changes]
        return _settled(ledger, state, closing, told)


def take_over(actor: Actor, *, told: Told = publishing.quiet) -> RegistryState:
    """Make the ledger's registry, as somebody wrote it past the site, the site's, and publish it."""
    _must(actor)
    ledger = ledgers.ledger()
    with _announced(actor, "taken_over", "") as closing, _writing(ledger, told):
        outside = changed_outside(ledger)
        state = _intended(ledger, actor, "taken_over", "", outside, known=False)
        return _settled(ledger, state, closing, told)


@contextlib.contextmanager
def kept_around(action: str) -> Iterator[None]:
    """Stand around every other ledger write of the site: refuse it on an unknown registry, know what it changed.

    Only the table of organisations is written by others; anything else that changed meanwhile came from outside.
    """
    if action.startswith("registry."):
        yield
        return
    ledger = ledgers.ledger()
    must_be_known(ledger)
    try:
        yield
    finally:
        if changed_outside(ledger) == [OTHERS]:
            with ledger.writing(patience=PATIENCE):
                if changed_outside(ledger) == [OTHERS]:
                    versions = dict(Registry.open(ledger.path).versions)
                    RegistryState.objects.create(versions=versions, action=OTHERS, source=action)


def _must(actor: Actor) -> None:
    """Whoever runs commands on the server has the files themselves; a page needs the right."""
    if actor.via != "command" and not actor.may(CHANGE):
        raise UsageError("registry_no_rights")


@contextlib.contextmanager
def _announced(actor: Actor, action: str, source: str) -> Iterator[Closing]:
    with announced(actor, f"registry.{action}", subject=("source", source), publishes=source) as closing:
        yield closing


@contextlib.contextmanager
def _writing(ledger: Ledger, told: Told) -> Iterator[None]:
    with ledger.writing(patience=PATIENCE, waiting=lambda _holder: told("waiting", 0, 1)):
        publishing.reconcile(ledger, told=told)
        yield


def _intended(
    ledger: Ledger, actor: Actor, action: str, source: str, tables: list[str], *, known: bool = True
) -> RegistryState:
    """Keep what is about to be written, so that a crash in its midst is not taken for somebody else's change."""
    last = RegistryState.objects.first()
    if last is not None and not last.settled and known:
        _settle_left(ledger, last)
    return RegistryState.objects.create(
        versions=dict(Registry.open(ledger.path).versions),
        settled=False,
        action=action,
        source=source,
        changes=[{"table": name} for name in tables],
        actor_id=actor.user_id,
    )


def _settle_left(ledger: Ledger, left: RegistryState) -> None:
    """Whoever holds the ledger's lock knows that an unsettled state is what a crash left."""
    left.versions, left.settled = dict(Registry.open(ledger.path).versions), True
    left.save(update_fields=["versions", "settled"])


def _settled(ledger: Ledger, state: RegistryState, closing: Closing, told: Told) -> RegistryState:
    before = snapshots.latest(ledger)
    versions = dict(Registry.open(ledger.path).versions)
    if before is None or before.registry != versions:
        after = publishing.publish(ledger, "certificates", state.source, told=told)
        state.snapshot = after.number
        if before is not None:
            told("comparing", 0, 1)
            found = effects.between(Published(ledger, before), Published(ledger, after))
            state.effect = [_plain(effect) for effect in found]
    state.versions, state.settled = versions, True
    with transaction.atomic():
        state.save()
        closing.done(snapshot=state.snapshot, state=state.pk, changes=_counted(state.changes))
    return state


def _plain(effect: Effect) -> dict[str, Any]:
    """Return an effect as JSON; amounts are texts, since JSON's numbers are not safe for money."""
    sums = {
        name: {key: str(value) for key, value in asdict(amounts).items()}
        for name, amounts in (("before", effect.before), ("after", effect.after))
    }
    moves = [[move.before, move.after, move.lines, str(move.amount)] for move in effect.moves]
    return {"year": effect.year, "city": effect.city, "currency": effect.currency, **sums, "moves": moves}


def _counted(changes: list[dict[str, Any]]) -> dict[str, list[int]]:
    names = ("added", "removed", "changed")
    return {one["table"]: [one[name] for name in names] for one in changes if "added" in one}
