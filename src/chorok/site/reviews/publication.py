"""Several decisions become one published state of the ledger, so that figures move once and all is derived once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from django.db import transaction

from chorok.core.errors import UsageError
from chorok.ledger import decisions, publishing, schema, snapshots
from chorok.ledger.snapshots import Snapshot
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import announced
from chorok.site.config import ledger as site
from chorok.site.jobs.models import OPEN as RUNNING
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import Told, start
from chorok.site.reviews import rules, selectors
from chorok.site.reviews.models import Outcome, Review, State

KIND = "reviews.publish"


def publish(actor: Actor) -> Job:
    """Start publishing all that was decided in reach and waits. Raises UsageError when nothing does."""
    mine = Review.objects.filter(state=State.CONFIRMED, organisation__in=actor.reach(rules.DECIDE))
    with transaction.atomic():
        waiting = [one for one in mine.select_for_update() if not is_under_way(one)]
        if not waiting:
            raise UsageError("review_nothing_to_publish")
        place = actor.places(rules.DECIDE)[0]
        job = start(actor, KIND, organisation=place, reviews=[one.pk for one in waiting])
        Review.objects.filter(pk__in=[one.pk for one in waiting]).update(job=job.pk)
    return job


def is_under_way(one: Review) -> bool:
    """Tell whether a job is publishing a review now: then it cannot be taken back any more."""
    return one.job is not None and Job.objects.filter(pk=one.job, state__in=RUNNING).exists()


def carry_out(actor: Actor | None, job: Job, told: Told) -> dict[str, Any]:
    """Write the decisions of a job into the ledger and publish; doing it again changes nothing."""
    chosen = Review.objects.filter(pk__in=job.params["reviews"], job=job.pk, state=State.CONFIRMED).order_by("pk")
    with announced(
        actor, "reviews.published", subject=("job", job.pk), organisation=job.organisation,
        reviews=[one.pk for one in chosen],
    ) as closing:  # fmt: skip
        ledger = site.ledger()
        with ledger.writing():
            publishing.reconcile(ledger, told=told)
            for one in chosen:
                _remember(one)
            snapshot = _written(chosen, str(job.pk), told)
            with transaction.atomic():
                done = chosen.update(state=State.PUBLISHED, snapshot=snapshot.number)
                closing.done(snapshot=snapshot, decided=done)
    return {"reviews": done, "snapshot": snapshot.number}


def _remember(one: Review) -> None:
    """Keep what held before, unless this very review does: then the job was begun before."""
    now = selectors.held(one.product_key)
    if one.before is None and (now is None or now["decided_by"] != selectors.signature(one)):
        one.before = now
        one.save(update_fields=["before"])


def _written(chosen: Iterable[Review], subject: str, told: Told) -> Snapshot:
    ledger = site.ledger()
    back = [one.product_key for one in chosen if one.outcome == Outcome.PUT_BACK]
    rows = [_row(one) for one in chosen if one.outcome != Outcome.PUT_BACK]
    decisions.write(ledger, pa.Table.from_pylist(rows, schema=schema.DECISIONS), back)
    latest = snapshots.latest(ledger)
    if latest is None or latest.decisions != ledger.version(decisions.NAME):
        latest = publishing.publish(ledger, "decisions", subject, told=told)
    return latest


def _row(one: Review) -> dict[str, Any]:
    """Return a decision as the ledger keeps it: nobody's name, no reason in words, no amount (rules 4)."""
    return {
        "product_key": one.product_key,
        "item_group": one.item_group or None,
        "outcome": one.outcome,
        "basis": one.basis or None,
        "certificate_no": one.certificate_no or None,
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "reason": selectors.signature(one),
        "decided_by": selectors.signature(one),
        "decided_on": one.proposed_on,
    }
