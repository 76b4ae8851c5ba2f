"""What waits for somebody: each line a count, a sentence, and where to go. Apps are asked; none is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chorok.site.accounts.rights import Actor


@dataclass(frozen=True)
class Waiting:
    """One thing to do: a sentence and its page."""

    text: str
    url: str


SOURCES: tuple[Callable[[Actor], Iterator[Waiting]], ...] = ()


def waiting(actor: Actor) -> list[Waiting]:
    """Return what waits for who is signed in."""
    return [one for source in SOURCES for one in source(actor)]
