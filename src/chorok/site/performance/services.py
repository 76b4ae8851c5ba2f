"""Releasing a city's figures to its network, and taking them back (rules 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction
from django.http import Http404

from chorok.core.errors import UsageError
from chorok.core.organisations import CITY_KINDS
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.performance import released
from chorok.site.performance.models import Level, Release
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import read

RIGHT = "figures.release"


def release(actor: Actor, *, city: str, year: int, level: str) -> Release:
    """Release a city's figures of a year as they are now; an earlier release of that year ends with it.

    Raises Http404 for a city out of reach, UsageError where there is nothing to release.
    """
    row = actor.tree.get(city)
    if city not in actor.reach(RIGHT) or row is None or row.kind not in CITY_KINDS:
        raise Http404
    if level not in Level.values:
        raise UsageError("release_level_unknown", level=level, known=", ".join(Level.values))
    reading = Reading(read(actor, {"organisation": city, "period": f"{year:04d}"}, RIGHT))
    if not reading.has_data:
        raise UsageError("release_nothing", city=reading.scope.name, year=year)
    figures = released.of(reading, level)
    now = datetime.now(UTC)
    with transaction.atomic():
        _end(actor, Release.objects.select_for_update().filter(city=city, year=year, revoked_at=None), now)
        made = Release.objects.create(
            city=city,
            year=year,
            level=level,
            snapshot=reading.scope.published.snapshot.number,
            figures=figures.written(),
            released_by_id=actor.person,
            released_at=now,
            released_on=actor.today,
        )
        facts = {"year": year, "level": level, "snapshot": made.snapshot}
        record(actor, "figures.released", subject=("release", made.pk), organisation=city, **facts)
    return made


def revoke(actor: Actor, *, release_id: int) -> Release:
    """Take a release back: from now on the network does not see it. Raises Http404 for one out of reach or ended."""
    with transaction.atomic():
        found = Release.objects.select_for_update().filter(pk=release_id, revoked_at=None).first()
        if found is None or found.city not in actor.reach(RIGHT):
            raise Http404
        _end(actor, [found], datetime.now(UTC))
        record(actor, "figures.revoked", subject=("release", found.pk), organisation=found.city, year=found.year)
    return found


def _end(actor: Actor, releases: Iterable[Release], now: datetime) -> None:
    for one in releases:
        one.revoked_by_id, one.revoked_at = actor.person, now
        one.save(update_fields=["revoked_by", "revoked_at"])
