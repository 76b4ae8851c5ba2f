"""What this app puts on the start page for those who inspect deliveries."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from chorok.site.accounts.rights import Actor
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting
from chorok.site.fulfilment import selectors
from chorok.site.fulfilment.services import INSPECT


def inspects(actor: Actor) -> Iterator[Waiting]:
    """Tell what was inspected and not proved, what is to be inspected, and which purchases are to be chosen from."""
    reach = actor.reach(INSPECT)
    if not reach:
        return
    lines = reverse("fulfilment:inspections")
    pages = {
        "open_points": f"{lines}?which=open_points", "to_inspect": lines, "to_choose": reverse("fulfilment:matches"),
    }  # fmt: skip
    for code, count in selectors.owed(actor, reach).items():
        if count:
            yield Waiting(say(f"site.waits.{code}", count=f"{count:,}"), pages[code], code == "open_points")
