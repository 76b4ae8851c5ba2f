"""What people do with the registry: bring in a list, decide a label, undo, take over, write a guideline."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from chorok.core.errors import UsageError
from chorok.core.matching.labels import NONE
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import start
from chorok.site.registry.models import Guide, ListFile, RegistryState
from chorok.site.registry.writing import CHANGE

READ, IMPORT, LABEL, RESTORE, TAKE_OVER = (
    f"registry.{name}" for name in ("read", "import", "label", "restore", "take_over")
)
"""Kinds of jobs."""

LABELS = "site"
"""The source under which the site keeps what it decided of labels."""


def upload(
    *, actor: Actor, file: UploadedFile[bytes], source: str = "", read_on: date | None = None
) -> tuple[ListFile, Job]:
    """Keep a received list and read it in the background; nothing is in the registry yet."""
    _must(actor)
    name = (file.name or "list").replace("\0", "")[-255:]
    kept = ListFile(name=name, source=source, size=file.size or 0, uploaded_by=actor.user_id)
    kept.read_on = read_on or actor.today
    kept.path.parent.mkdir(parents=True)
    digest = hashlib.sha256()
    with kept.path.open("wb") as handle:
        for chunk in file.chunks():
            handle.write(chunk)
            digest.update(chunk)
    kept.sha256 = digest.hexdigest()
    with transaction.atomic():
        kept.save()
        record(actor, "registry.uploaded", subject=("list", kept.pk), sha256=kept.sha256, size=kept.size)
        return kept, start(actor, READ, file=str(kept.pk))


def confirm(*, actor: Actor, file: ListFile) -> Job:
    """Put a previewed list into the registry, in the background. Raises UsageError when it waits for that no more."""
    _must(actor)
    with transaction.atomic():
        if not ListFile.objects.filter(pk=file.pk, state=ListFile.State.READ).update(state=ListFile.State.POSTING):
            raise UsageError("registry_list_not_open", name=file.name)
        return start(actor, IMPORT, file=str(file.pk))


def dismiss(*, actor: Actor, file: ListFile) -> None:
    """Put a list aside that was not posted; its file goes away."""
    _must(actor)
    open_states = (ListFile.State.READING, ListFile.State.READ)
    with transaction.atomic():
        if not ListFile.objects.filter(pk=file.pk, state__in=open_states).update(state=ListFile.State.DISMISSED):
            raise UsageError("registry_list_not_open", name=file.name)
        record(actor, "registry.dismissed", subject=("list", file.pk))
    shutil.rmtree(file.path.parent, ignore_errors=True)


def decide_labels(*, actor: Actor, decided: Mapping[str, str]) -> Job:
    """Say what labels stand for: label -> basis, 'none' for one that does not count. In the background."""
    _must(actor)
    if not decided or not all(decided.values()):
        raise UsageError("registry_labels_empty", none=NONE)
    return start(actor, LABEL, labels=dict(decided))


def restore(*, actor: Actor, state: RegistryState) -> Job:
    """Give a source's rows of before a change back to the tables that it changed, in the background."""
    _must(actor)
    if not can_restore(state):
        raise UsageError("registry_nothing_to_restore")
    return start(actor, RESTORE, state=state.pk)


def can_restore(state: RegistryState) -> bool:
    """Tell whether a change can be undone: it replaced rows of one source, and the versions before are known."""
    return bool(state.settled and state.source and before(state) and changed_tables(state))


def changed_tables(state: RegistryState) -> list[str]:
    """Return the tables that a change made others."""
    return [one["table"] for one in state.changes if one.get("added") or one.get("removed") or one.get("changed")]


def before(state: RegistryState) -> RegistryState | None:
    """Return the state before a state."""
    return RegistryState.objects.filter(pk__lt=state.pk, settled=True).first()


def take_over(*, actor: Actor) -> Job:
    """Take over what somebody wrote to the ledger's registry past the site, in the background."""
    _must(actor)
    return start(actor, TAKE_OVER)


def write_guide(*, actor: Actor, guide: Guide) -> None:
    """Keep what people should know of an item group."""
    _must(actor)
    with transaction.atomic():
        guide.save()
        record(actor, "registry.guide_written", subject=("item_group", guide.code))


def _must(actor: Actor) -> None:
    if not actor.may(CHANGE):
        raise UsageError("registry_no_rights")
