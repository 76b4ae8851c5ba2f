"""Saved mappings: what the columns of one source mean, named, changed and forgotten by people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.db import IntegrityError, transaction

from chorok.core.errors import UsageError
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.purchases import services
from chorok.site.purchases.models import Mapping as Saved
from chorok.sources import profiles
from chorok.sources.understanding import Profile


def save(*, actor: Actor, organisation: str, name: str, source: str, profile: Profile) -> Saved:
    """Save what a source's columns mean for an organisation; under a name that it has already, in place of that."""
    services.may(actor, services.IMPORT, organisation)
    with transaction.atomic():
        saved, _ = Saved.objects.get_or_create(
            organisation=organisation, name=name, defaults={"source": source, "profile": ""}
        )
        _fill(saved, actor, name, profile)
        _record(actor, "purchases.mapping_saved", saved)
    return saved


def change(*, actor: Actor, saved: Saved, name: str, profile: Profile) -> Saved:
    """Change a mapping. Raises UsageError mapping_name_taken."""
    services.may(actor, services.IMPORT, saved.organisation)
    try:
        with transaction.atomic():
            _fill(saved, actor, name, profile)
            _record(actor, "purchases.mapping_saved", saved)
    except IntegrityError:
        raise UsageError("mapping_name_taken", name=name) from None
    return saved


def delete(*, actor: Actor, saved: Saved) -> None:
    """Forget a mapping. What was imported with it stays as it is."""
    services.may(actor, services.IMPORT, saved.organisation)
    with transaction.atomic():
        _record(actor, "purchases.mapping_deleted", saved)
        saved.delete()


def as_table(saved: Saved) -> dict[str, Any]:
    """Return a mapping as the table that it fits, for the same form that corrects a file's columns."""
    profile = profiles.read(saved.profile, saved.name)
    columns = [*profile.matches, *(one for one in profile.ignored if one not in profile.matches)]
    return {
        "name": saved.name,
        "columns": columns,
        "samples": [[] for _ in columns],
        "unit_notes": [],
        "left_out": False,
        "mends": False,
        "profile": saved.name,
        "understanding": asdict(profile.understanding),
    }


def title_of(given: Mapping[str, Any]) -> str:
    """Return the name that was given for a mapping, '' for none."""
    return str(given.get("save_as") or "").strip()


def _fill(saved: Saved, actor: Actor, name: str, profile: Profile) -> None:
    saved.name, saved.matches, saved.saved_by_id = name, list(profile.matches), actor.user_id
    saved.profile = profiles.text_of(replace(profile, name=name))
    saved.save()


def _record(actor: Actor, action: str, saved: Saved) -> None:
    record(actor, action, subject=("mapping", saved.pk), organisation=saved.organisation, source=saved.source)
