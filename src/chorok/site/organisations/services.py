"""The verbs on the tree: a change is drafted and shown, then applied as a new published state; undone likewise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404

from chorok.core import tree_changes
from chorok.core.errors import UsageError
from chorok.core.tree_changes import New, Rows
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.config import ledger as site
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import start
from chorok.site.organisations import application, reach, rows
from chorok.site.organisations.models import State, TreeChange, Verb


def create(actor: Actor, *, new: New, parent: str | None, on: date) -> TreeChange:
    """Draft a new organisation under a parent."""
    return _drafted(actor, Verb.CREATE, new.code.strip(), on, lambda now: tree_changes.create(now, new, parent, on))


def rename(actor: Actor, *, code: str, name_ko: str, name_en: str, on: date) -> TreeChange:
    """Draft other names from a day on."""
    return _drafted(actor, Verb.RENAME, code, on, lambda now: tree_changes.rename(now, code, name_ko, name_en, on))


def also_called(actor: Actor, *, names: Mapping[str, str]) -> TreeChange:
    """Draft that names in files (as written there -> code) mean organisations from now on, in all files."""
    code = min(names.values(), default="")
    return _drafted(actor, Verb.ALIAS, code, None, lambda now: tree_changes.also_called(now, names))


def move(actor: Actor, *, code: str, parent: str | None, on: date) -> TreeChange:
    """Draft another parent from a day on."""
    return _drafted(actor, Verb.MOVE, code, on, lambda now: tree_changes.move(now, code, parent, on))


def end(actor: Actor, *, code: str, on: date) -> TreeChange:
    """Draft the end of an organisation."""
    return _drafted(actor, Verb.END, code, on, lambda now: tree_changes.end(now, code, on))


def merge(actor: Actor, *, codes: Sequence[str], into: str, on: date) -> TreeChange:
    """Draft that organisations end in another."""
    return _drafted(actor, Verb.MERGE, into, on, lambda now: tree_changes.merge(now, codes, into, on))


def split(actor: Actor, *, code: str, parts: Sequence[New], on: date, ends: bool) -> TreeChange:
    """Draft that new organisations come out of one."""
    return _drafted(actor, Verb.SPLIT, code, on, lambda now: tree_changes.split(now, code, parts, on, ends=ends))


def _drafted(actor: Actor, verb: Verb, code: str, on: date | None, act: Callable[[Rows], Rows]) -> TreeChange:
    if not actor.may(reach.CHANGE):
        raise Http404
    now, _ = rows.read(site.ledger())
    before, after = rows.changed(now, act(rows.organisations(now)))
    return keep_draft(actor, verb, code, before, after, on=on)


def keep_draft(
    actor: Actor,
    verb: Verb,
    code: str,
    before: list[rows.Row],
    after: list[rows.Row],
    **more: Any,
) -> TreeChange:
    """Keep a change that is to be shown. Raises UsageError for one out of reach; no event: nothing has changed yet."""
    reach.must_reach(actor, before, after)
    with transaction.atomic():
        TreeChange.objects.filter(made_by_id=actor.user_id, state=State.DRAFT).update(state=State.DISCARDED)
        return TreeChange.objects.create(
            verb=verb, organisation=code, before=before, after=after, made_by_id=actor.user_id, **more
        )


def undo(actor: Actor, *, change: TreeChange) -> TreeChange:
    """Draft the way back to what was before a change. Raises UsageError when others changed the same meanwhile."""
    if (
        change.state != State.APPLIED
        or TreeChange.objects.filter(undoes=change, state__in=(State.APPLYING, State.APPLIED)).exists()
    ):
        raise UsageError("tree_not_undoable")
    application.must_be_as_before(rows.read(site.ledger())[0], change.codes, change.after)
    application.must_leave_no_purchases(change.after, change.before)
    return keep_draft(
        actor, Verb.UNDO, change.organisation, change.after, change.before, on=change.on, note=change.note,
        undoes=change,
    )  # fmt: skip


def own_draft(actor: Actor, pk: int) -> TreeChange:
    """Return a draft of the actor's own; else Http404."""
    found = TreeChange.objects.filter(pk=pk, made_by_id=actor.user_id).filter(~Q(state=State.DISCARDED)).first()
    if found is None:
        raise Http404
    return found


def apply(actor: Actor, *, pk: int) -> Job:
    """Confirm a draft: from here on a job makes it the published state."""
    change = own_draft(actor, pk)
    if change.state != State.DRAFT:
        raise UsageError("tree_not_a_draft")
    reach.must_reach(actor, change.before, change.after)
    with transaction.atomic():
        job = start(actor, application.KIND, organisation=change.organisation, change=change.pk)
        change.state, change.job = State.APPLYING, job.pk
        change.save(update_fields=["state", "job"])
        record(
            actor, "organisations.confirmed", subject=("tree", change.pk), organisation=change.organisation,
            verb=change.verb, on=change.on, codes=change.codes[:100], count=len(change.codes),
        )  # fmt: skip
    return job


def discard(actor: Actor, *, pk: int) -> None:
    """Throw a draft away."""
    TreeChange.objects.filter(pk=own_draft(actor, pk).pk, state=State.DRAFT).update(state=State.DISCARDED)
