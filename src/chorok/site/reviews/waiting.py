"""What this app puts on the start page: what waits for a second person or for publication, and the queue."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.db.models import Count
from django.urls import reverse

from chorok.core.money import written
from chorok.ledger import review
from chorok.ledger.figures import resolve
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting
from chorok.site.config.written import unit_of
from chorok.site.jobs.models import OPEN, Job
from chorok.site.reviews import rules, selectors
from chorok.site.reviews.models import State


def waits(actor: Actor) -> Iterator[Waiting]:
    """Tell what the actor could confirm, publish or decide."""
    if to_confirm := _to_confirm(actor):
        yield Waiting(say("site.waits.confirm", count=f"{to_confirm:,}"), reverse("reviews:waiting"))
    if to_publish := _to_publish(actor):
        yield Waiting(say("site.waits.publish", count=f"{to_publish:,}"), reverse("reviews:ready"))
    for currency, (lines, amount) in sorted(_undecided(actor).items()):
        said = say("site.waits.queue", lines=f"{lines:,}", amount=written(amount, currency), currency=unit_of(currency))
        yield Waiting(said, reverse("reviews:index"))


def _to_confirm(actor: Actor) -> int:
    """Count what others proposed and the actor may confirm: not what they or who they stand in for proposed."""
    if not actor.may(rules.SECOND):
        return 0
    who = "organisation", "proposed_by_id", "proposed_for_id"
    proposed = selectors.seen_reviews(actor).select_related(None).filter(state=State.PROPOSED)
    return sum(
        one["count"]
        for one in proposed.order_by().values(*who).annotate(count=Count("pk"))
        if rules.by_role(actor, rules.SECOND, one[who[0]], but=_known(one[who[1]], one[who[2]]))
    )


def _known(*people: int | None) -> set[int]:
    return {one for one in people if one is not None}


def _to_publish(actor: Actor) -> int:
    """Count what was decided in reach and no job publishes yet."""
    reach = actor.reach(rules.DECIDE)
    if not reach:
        return 0
    decided = selectors.ready(actor).filter(organisation__in=reach)
    return decided.exclude(job__in=Job.objects.filter(state__in=OPEN).values("pk")).count()


def _undecided(actor: Actor) -> Mapping[str, tuple[int, int]]:
    """Return lines and amount of what is undetermined in reach, by currency; nothing before they are added up."""
    reach = actor.reach(rules.DECIDE)
    if not reach or not site.is_published():
        return {}
    state = site.published()
    if not review.open_file(state, state.definition("national")).exists():
        return {}
    found = defaultdict[str, tuple[int, int]](lambda: (0, 0))
    for (organisation, currency), (lines, amount) in _sums(str(state.ledger.path), state.snapshot.number).items():
        if organisation in reach:
            found[currency] = (found[currency][0] + lines, found[currency][1] + amount)
    return found


@functools.lru_cache(maxsize=4)
def _sums(_path: str, _number: int) -> Mapping[tuple[str | None, str], tuple[int, int]]:
    """Return lines and amount by organisation and currency, read once a published state."""
    state = site.published()
    found = defaultdict[tuple[str | None, str], tuple[int, int]](lambda: (0, 0))
    for written_as, currency, lines, amount in review.open_sums(state):
        key = resolve(state.tree, written_as), currency
        found[key] = (found[key][0] + lines, found[key][1] + amount)
    return dict(found)
