"""What this app puts on the start page: duties that are late or due soon, and periods to accept or to send again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from chorok.core.calendar.closing import Verb
from chorok.core.calendar.duties import Duty
from chorok.ledger import closings
from chorok.ledger.closings import Key
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting
from chorok.site.periods import rules, selectors

SOON = timedelta(days=14)
"""So long before its day a duty is named on the start page."""
PAST = timedelta(days=365)
"""A duty that is late for longer stands in the calendar of its year only."""


def waits(actor: Actor) -> Iterator[Waiting]:
    """Tell what the actor owes, and what they may accept or must send again."""
    if not site.is_published():
        return
    yield from _duties(actor)
    yield from _periods(actor)


def _duties(actor: Actor) -> Iterator[Waiting]:
    mine, today = actor.reach(rules.SUBMIT), actor.today
    if not mine:
        return
    desk, years = selectors.desk(), range((today - PAST).year, (today + SOON).year + 1)
    owed = [duty for year in years for duty in desk.duties(year) if duty.organisation in mine and duty.done_on is None]
    late = Counter(one.due.year for one in owed if one.state == "late" and one.due >= today - PAST)
    for year, count in sorted(late.items()):
        url = _link("periods:calendar", year, "late")
        yield Waiting(say("site.waits.late", count=count, year=year), url, first=True)
    soon = [one for one in owed if one.state == "due_soon" and one.due <= today + SOON]
    if soon:
        yield _soon(soon)


def _soon(duties: list[Duty]) -> Waiting:
    first = min(one.due for one in duties)
    url = _link("periods:calendar", first.year, "due")
    return Waiting(say("site.waits.soon", count=len(duties), first=first), url)


def _periods(actor: Actor) -> Iterator[Waiting]:
    reach = actor.reach(rules.SEE)
    standings = {key: one for key, one in closings.standings(site.ledger()).items() if key[0] in reach}
    for verb, state in TO_DO.items():
        found = [
            key for key, one in standings.items() if one.state == state and verb in rules.open_to(actor, key[0], one)
        ]
        by_year = Counter(key[1][:4] for key in found)
        for year, count in sorted(by_year.items()):
            yield Waiting(say(f"site.waits.{verb}", count=count, year=year), _page(found, year, state))


TO_DO: dict[Verb, str] = {"accept": "submitted", "submit": "returned"}
"""Which step is asked for in which state of a period; what is yet to be sent for the first time is a duty."""


def _page(found: list[Key], year: str, state: str) -> str:
    if len(found) == 1:
        return reverse("periods:one", args=found[0])
    return _link("periods:index", year, state)


def _link(route: str, year: int | str, state: str) -> str:
    return f"{reverse(route)}?year={year}&state={state}"
