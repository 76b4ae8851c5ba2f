"""What this app puts on the start page of administrators: addresses that stopped by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from chorok.site.accounts.rights import Actor
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting
from chorok.site.webhooks import selectors
from chorok.site.webhooks.models import HookState
from chorok.site.webhooks.sending import RIGHT


def stopped(actor: Actor) -> Iterator[Waiting]:
    """Tell which addresses take no messages any more; messages for them are kept meanwhile."""
    if not actor.reach(RIGHT):
        return
    for one in selectors.hooks(actor).filter(state=HookState.DISABLED):
        yield Waiting(say("site.waits.webhook_stopped", name=one.name), reverse("webhooks:one", args=[one.pk]), True)
