"""What waits for somebody: each line a count, a sentence, and where to go. Apps are asked; none is asked twice."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.module_loading import import_string

from chorok.site.accounts.rights import Actor


@dataclass(frozen=True)
class Waiting:
    """One thing to do: a sentence and its page; `first` for what cannot wait."""

    text: str
    url: str
    first: bool = False


Source = Callable[[Actor], Iterator[Waiting]]

SOURCES = (
    # what has a day first, then what others wait for, then one's own
    "chorok.site.periods.waiting.waits",
    "chorok.site.screening.waiting.signs",
    "chorok.site.fulfilment.waiting.inspects",
    "chorok.site.screening.mine.waits",
    "chorok.site.reviews.waiting.waits",
    "chorok.site.purchases.waiting.waits",
    "chorok.site.registry.waiting.waits",
    "chorok.site.webhooks.waiting.stopped",
    "chorok.site.audit.waiting.verifies",
    "chorok.site.jobs.waiting.waits",
)
"""Functions `(actor) -> Iterator[Waiting]` by name, since apps import this module. Each asks a few bounded queries,
within the actor's reach, and makes no figures: the start page is asked often."""


def waiting(actor: Actor) -> list[Waiting]:
    """Return what waits for who is signed in."""
    return [one for source in _sources() for one in source(actor)]


@functools.cache
def _sources() -> tuple[Source, ...]:
    return tuple(import_string(name) for name in SOURCES)
