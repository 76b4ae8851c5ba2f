"""Applying a change: the tree's table is written once, and a snapshot makes it the published state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from chorok.core import tree_changes
from chorok.core.errors import BadInputError, UsageError
from chorok.ledger import publishing, registry, snapshots
from chorok.ledger.engines import open_engine
from chorok.ledger.figures import resolve
from chorok.ledger.snapshots import Snapshot
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import announced
from chorok.site.config import ledger as site
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import Told
from chorok.site.organisations import rows
from chorok.site.organisations.models import State, TreeChange
from chorok.site.organisations.rows import Row

KIND = "organisations.apply"


def carry_out(actor: Actor | None, job: Job, told: Told) -> dict[str, Any]:
    """Apply the change of a job; doing it again changes nothing. A change that fails becomes a draft again."""
    change = TreeChange.objects.get(pk=job.params["change"])
    if change.state == State.APPLIED:
        return {"snapshot": change.snapshot}
    try:
        with announced(
            actor, "organisations.changed", subject=("job", job.pk), organisation=change.organisation,
            verb=change.verb, change=change.pk,
        ) as closing:  # fmt: skip
            ledger = site.ledger()
            with ledger.writing():
                publishing.reconcile(ledger, told=told)
                snapshot = _written(ledger, change, str(job.pk), told)
                with transaction.atomic():
                    TreeChange.objects.filter(pk=change.pk).update(state=State.APPLIED, snapshot=snapshot.number)
                    closing.done(snapshot=snapshot)
    except Exception:
        TreeChange.objects.filter(pk=change.pk, state=State.APPLYING).update(state=State.DRAFT)
        raise
    return {"snapshot": snapshot.number}


def _written(ledger: Ledger, change: TreeChange, subject: str, told: Told) -> Snapshot:
    now, version = rows.read(ledger)
    if rows.of(now, change.codes) != change.after:
        must_be_as_before(now, change.codes, change.before)
        others = [row for row in now if row["code"] not in change.codes]
        fresh = [*others, *change.after]
        for problem in tree_changes.new_problems(rows.organisations(now), rows.organisations(fresh)):
            raise BadInputError("tree_unsound", problem=problem.code, code=problem.params["code"])
        version = registry.rewrite(ledger.path, "organisations", rows.table(fresh), expected=version)
    latest = snapshots.latest(ledger)
    if latest is None or latest.registry.get("organisations") != version:
        latest = publishing.publish(ledger, "organisations", subject, told=told)
    return latest


def must_be_as_before(now: Iterable[Row], codes: Iterable[str], before: list[Row]) -> None:
    """Raise UsageError tree_changed_meanwhile when somebody else has changed the same organisations."""
    wanted = list(codes)
    if rows.of(now, wanted) != before:
        raise UsageError("tree_changed_meanwhile", codes=", ".join(wanted[:5]))


def must_leave_no_purchases(now: Iterable[Row], then: Iterable[Row]) -> None:
    """Raise UsageError tree_has_purchases when organisations would vanish that bought something."""
    gone = {row["code"] for row in now} - {row["code"] for row in then}
    if not gone or not site.is_published():
        return
    published, engine = site.published(), open_engine()
    written = published.lines(engine).select("organisation").unique().collect("pyarrow")["organisation"].to_list()
    engine.close()
    bought = sorted({code for name in written if (code := resolve(published.tree, name)) in gone and code})
    if bought:
        raise UsageError("tree_has_purchases", codes=", ".join(bought[:5]))
