"""What this app puts on the start page: labels that nobody decided yet, lists to look at, changes from outside."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from django.urls import reverse

from chorok.ledger.registry import Registry
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as ledgers
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting
from chorok.site.registry import selectors, writing
from chorok.site.registry.models import ListFile


def waits(actor: Actor) -> Iterator[Waiting]:
    """Tell who may change the registry what waits for that."""
    if not actor.may(writing.CHANGE):
        return
    if writing.changed_outside(ledgers.ledger()):
        yield Waiting(say("site.waits.registry_outside"), reverse("registry:versions"), first=True)
    lists = ListFile.objects.filter(state=ListFile.State.READ, error="").count()
    if lists:
        yield Waiting(say("site.waits.lists", count=lists), reverse("registry:lists"))
    found = selectors.registry()
    labels = _open_labels(str(found.ledger), found.versions.get("labels"))
    if labels:
        yield Waiting(say("site.waits.labels", count=f"{labels:,}"), reverse("registry:labels"))


@functools.lru_cache(maxsize=2)
def _open_labels(path: str, version: int | None) -> int:
    """Count the labels that wait for a person, once a version of their table."""
    if version is None:
        return 0
    return int(Registry.open(Path(path), {"labels": version}).labels()["basis"].null_count)
