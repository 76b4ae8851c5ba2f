"""An organisation adopts a policy from a day, tunes it, or ends it. What was decided keeps its own version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404

from chorok.core import definitions
from chorok.core.errors import UsageError
from chorok.core.screening import policy as policies
from chorok.core.screening.policy import Policy
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.audit.services import record
from chorok.site.screening.adoptions import DUE_DAYS
from chorok.site.screening.models import Adoption

ADOPT = "screenings.policy"


def tuned(base: str, changes: Mapping[str, Any]) -> Policy:
    """Return a policy that comes with the program, with some of its `TUNABLE` values changed.

    Raises BadInputError as `policies.made`.
    """
    if base not in policies.names():
        raise UsageError("screening_policy_unknown", policy=base, known=", ".join(policies.names()))
    preset = policies.preset(base)
    if not changes:
        return preset
    identity = {name: getattr(preset, name) for name in _IDENTITY}
    log = [{"on": one.on, "what": one.what, "by": one.by} for one in preset.change_log]
    data = {"extends": base, **identity, "change_log": log, **changes}
    return policies.made(data, base)


_IDENTITY = ("id", "title_ko", "title_en", "source_ko", "source_en", "author", "checker", "next_review")


def adopt(
    actor: Actor,
    *,
    organisation: str,
    policy: Policy,
    since: date,
    definition: str = "national",
    due_days: int = DUE_DAYS,
    reason: str = "",
) -> Adoption:
    """Let an organisation screen under a policy from a day on; what held until then ends on that day.

    Raises as `check`.
    """
    with transaction.atomic():
        check(actor, organisation=organisation, since=since, definition=definition, due_days=due_days)
        _end_before(organisation, since)
        made = Adoption.objects.create(
            organisation=organisation,
            policy=policy.id,
            version=policy.version,
            content=policies.written(policy),
            definition=definition,
            due_days=due_days,
            since=since,
            reason=reason,
            adopted_by_id=actor.user_id,
        )
        record(
            actor, "screening.adopted", subject=("adoption", made.pk), organisation=organisation,
            policy=policy.version, since=since.isoformat(), definition=definition, due_days=due_days,
        )  # fmt: skip
    return made


def check(actor: Actor, *, organisation: str, since: date, definition: str, due_days: int) -> None:
    """Tell whether a policy may be adopted so.

    Raises Http404 out of reach, UsageError adoption_past for a day before today, adoption_overlaps where another is to
    begin later, adoption_days, adoption_definition.
    """
    if not actor.may(ADOPT, organisation):
        raise Http404
    if since < actor.today:
        raise UsageError("adoption_past", since=since.isoformat())
    later = Adoption.objects.filter(organisation=organisation, since__gt=since).order_by("since").first()
    if later is not None:
        raise UsageError("adoption_overlaps", since=since.isoformat(), later=later.since.isoformat())
    if not 1 <= due_days <= 60:
        raise UsageError("adoption_days", days=due_days)
    if definition not in definitions.names():
        raise UsageError("adoption_definition", definition=definition, known=", ".join(definitions.names()))


def _end_before(organisation: str, since: date) -> None:
    """End what holds on a day; what was adopted for that very day gives way, unless something was decided under it."""
    Adoption.objects.filter(organisation=organisation, since=since, requests__isnull=True).delete()
    for one in Adoption.objects.filter(organisation=organisation, since__lt=since).exclude(until__lte=since):
        one.until = since
        one.save()


def end(actor: Actor, *, pk: int, until: date, reason: str) -> Adoption:
    """End an adoption on a day (exclusive). Raises Http404, UsageError adoption_end, screening_reason."""
    with transaction.atomic():
        found = _locked(actor, pk, reason)
        if until <= found.since or until < actor.today or (found.until and found.until <= until):
            raise UsageError("adoption_end", until=until.isoformat(), since=found.since.isoformat())
        found.until = until
        found.save()
        record(
            actor, "screening.adoption_ended", subject=("adoption", found.pk), organisation=found.organisation,
            until=until.isoformat(), reason=reason.strip(),
        )  # fmt: skip
    return found


def take_back(actor: Actor, *, pk: int, reason: str) -> Adoption:
    """Take back an adoption that has not begun; what was to end for it goes on. The event holds what it was.

    Raises Http404, UsageError adoption_begun, screening_reason.
    """
    with transaction.atomic():
        found = _locked(actor, pk, reason)
        if found.since <= actor.today:
            raise UsageError("adoption_begun", since=found.since.isoformat())
        for before in Adoption.objects.filter(organisation=found.organisation, until=found.since):
            if not _ended_by_hand(before):
                before.until = None
                before.save()
        record(
            actor, "screening.adoption_taken_back", subject=("adoption", found.pk), organisation=found.organisation,
            policy=found.version, since=found.since.isoformat(), reason=reason.strip(),
        )  # fmt: skip
        found.delete()
    return found


def _ended_by_hand(one: Adoption) -> bool:
    ended = Event.objects.filter(action="screening.adoption_ended", subject_kind="adoption", subject_id=str(one.pk))
    return ended.exists()


def _locked(actor: Actor, pk: int, reason: str) -> Adoption:
    found = Adoption.objects.select_for_update().filter(pk=pk, organisation__in=actor.reach(ADOPT)).first()
    if found is None:
        raise Http404
    if not reason.strip():
        raise UsageError("screening_reason", verb="end")
    return found
