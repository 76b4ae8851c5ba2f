"""One request from need to delivery, as an auditor reads it: every act beside its event of the audit.

What is kept of a request is held against the audit: each step must have its event, and each event its place in the
chain. Who changed a row of the database behind the site's back is found by that.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from chorok.site.accounts.models import Delegation
from chorok.site.accounts.rights import Actor
from chorok.site.audit import export, verifying
from chorok.site.audit import selectors as audit
from chorok.site.audit.models import Event
from chorok.site.audit.verifying import Finding
from chorok.site.fulfilment.models import Inspection, Match
from chorok.site.screening.models import Framework, Paper, Request, Step
from chorok.site.screening.screened import plain

HELD = {"version": "version", "before": "before", "after": "after", "stage": "stage", "behalf": "behalf_id"}
"""What a step and its event both say: name in the event -> attribute of the step."""


@dataclass(frozen=True)
class Act:
    """Something that was done: its event, its step where it moved the request, and by what it was done for another."""

    event: Event | None
    step: Step | None
    delegation: Delegation | None


@dataclass(frozen=True)
class Dossier:
    """All acts on a request in order, and what does not hold: `findings` of the chain, steps that differ from it."""

    acts: tuple[Act, ...]
    people: dict[int, str]
    findings: tuple[Finding, ...]
    astray: tuple[Act, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong with it."""
        return not (self.findings or self.astray)


def events(actor: Actor, request: Request) -> QuerySet[Event]:
    """Return the events about a request that the actor may see, the oldest first."""
    grants = Framework.objects.filter(line__request=request).values_list("pk", flat=True)
    own = Q(subject_kind="screening", subject_id=str(request.pk))
    granted = Q(subject_kind="framework", subject_id__in=[str(pk) for pk in grants])
    return audit.visible(actor).filter(own | granted).order_by("seq")


def of(actor: Actor, request: Request) -> Dossier:
    """Return all that was done about a request, held against the audit."""
    found = events(actor, request)
    rows, steps = list(found), list(request.steps.all())
    pairs = _paired(rows, steps)
    lent = _lent(steps)
    acts = tuple(Act(event, step, _delegation(step, lent)) for event, step in pairs)
    astray = tuple(one for one in acts if not _agree(one))
    return Dossier(acts, audit.people(rows), tuple(verifying.held(found)), astray)


def _paired(rows: Iterable[Event], steps: Iterable[Step]) -> list[tuple[Event | None, Step | None]]:
    """Return events each with its step; both are written in one transaction, so those of one verb are in one order."""
    told, done = defaultdict[str, list[Event]](list), defaultdict[str, list[Step]](list)
    for event in rows:
        told[event.action].append(event)
    for step in steps:
        done[f"screening.{step.verb}"].append(step)
    pairs = [pair for action in told | done for pair in itertools.zip_longest(told[action], done[action])]
    return sorted(pairs, key=lambda pair: pair[0].at if pair[0] else pair[1].at)


def _agree(one: Act) -> bool:
    """Tell whether a step and its event say the same; what is no step, an inspection or a download, has an event."""
    if one.event is None:
        return False
    if one.step is None:
        return not _moves(one.event)
    told, known = one.event.told, {"by_id": one.event.actor_id}
    known |= {attribute: told[name] for name, attribute in HELD.items() if name in told}
    return all(getattr(one.step, name) in (value, None) for name, value in known.items())  # None: erased since


def _moves(event: Event) -> bool:
    return event.action.startswith("screening.") and "after" in event.told


def _lent(steps: Iterable[Step]) -> list[Delegation]:
    people = {step.behalf_id for step in steps if step.behalf_id is not None}
    lent = Delegation.objects.filter(membership__user_id__in=people).select_related("membership")
    return list(lent.order_by("-pk")) if people else []


def _delegation(step: Step | None, lent: Iterable[Delegation]) -> Delegation | None:
    """Return by which delegation a step was taken."""
    if step is None or step.behalf_id is None:
        return None
    pair = (step.by_id, step.behalf_id)
    return next(
        (
            one
            for one in lent
            if (one.delegate_id, one.membership.user_id) == pair and one.valid_from <= step.on < one.valid_until
        ),
        None,
    )


def written(actor: Actor, request: Request, found: Dossier) -> dict[str, Any]:
    """Return a request with all that is kept of it, as JSON holds it; events as they are hashed."""
    lines = list(request.lines.all())
    adoption = request.adoption
    return {
        "request": _row(request),
        "policy": {"version": request.policy_version, "adoption": _row(adoption) if adoption else None},
        "lines": [_row(line) for line in lines],
        "papers": [_row(one) for one in Paper.objects.filter(line__in=lines).order_by("pk")],
        "steps": [_row(one) for one in request.steps.all()],
        "inspections": [_row(one) for one in Inspection.objects.filter(line__in=lines).order_by("pk")],
        "matches": [_row(one) for one in Match.objects.filter(line__in=lines).order_by("pk")],
        "frameworks": [_row(one) for one in Framework.objects.filter(line__in=lines).order_by("pk")],
        "events": [export.told(row) for row in export.rows(events(actor, request))],
        "whole": found.whole,
    }


def _row(one: Model) -> dict[str, Any]:
    return {field.attname: plain(getattr(one, field.attname)) for field in one._meta.concrete_fields}
