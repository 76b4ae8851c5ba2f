"""What this app puts on the start page: files to check, that could not be read, or that are half there."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, QuerySet
from django.urls import reverse

from chorok.site.accounts.rights import Actor
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting
from chorok.site.purchases import services
from chorok.site.purchases.models import State, Upload

ASKING = {State.READY: "ready", State.FAILED: "unread", State.RECEIVING: "half"}
"""States in which a file waits for a person, worded `site.waits.<name>`."""


def waits(actor: Actor) -> Iterator[Waiting]:
    """Tell of files within reach; of a single one, lead to it."""
    reach = actor.reach(services.IMPORT)
    if not reach:
        return
    found = Upload.objects.filter(organisation__in=reach, state__in=ASKING)
    counts = dict(found.order_by().values_list("state").annotate(Count("pk")))
    for state, name in ASKING.items():
        if count := counts.get(state, 0):
            yield Waiting(say(f"site.waits.{name}", count=count), _page(found, state, count))


def _page(found: QuerySet[Upload], state: State, count: int) -> str:
    if count > 1:
        return reverse("purchases:list")
    return reverse("purchases:upload", args=[found.filter(state=state).values_list("pk", flat=True)[0]])
