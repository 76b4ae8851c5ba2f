"""What this app puts on the start page for those who sign."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from chorok.site.accounts.rights import Actor
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting
from chorok.site.screening import selectors
from chorok.site.screening.turns import SIGN


def signs(actor: Actor) -> Iterator[Waiting]:
    """Tell how much waits for the actor's offices, and how much of it is overdue."""
    if not actor.may(SIGN):
        return
    found = selectors.inbox(actor)
    if count := found.count():
        late = found.filter(due_on__lt=actor.today).count()
        code = "site.waits.screening_late" if late else "site.waits.screening"
        yield Waiting(say(code, count=f"{count:,}", late=f"{late:,}"), reverse("screening:inbox"), bool(late))
