"""One's own requests: where each stands, what is owed next and by whom, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from chorok.core.money import written
from chorok.site.accounts.rights import Actor
from chorok.site.config.language import say
from chorok.site.config.waiting import Waiting as Thing
from chorok.site.screening import selectors
from chorok.site.screening.models import Request

OWED = ("returned", "rejected", "refused")
"""States in which a request waits for who asked."""
SORTS = {
    "number": "pk",
    "title": "title",
    "state": "state",
    "amount": "amount",
    "needed_by": "needed_by",
    "moved": "moved",
}


@dataclass(frozen=True)
class Own:
    """A request as its writer's list shows it; `days` since its last step."""

    one: Request
    next: str
    due: str
    moved: datetime | None
    days: int

    @property
    def editable(self) -> bool:
        """Whether its writer has the next move."""
        return self.one.state in ("draft", *OWED)

    @property
    def amount(self) -> str:
        """The sum of the lines whose amount is known."""
        return f"{written(self.one.amount, self.one.currency)} {self.one.currency}"


def of(actor: Actor, *, state: str = "", words: str = "", sort: str = "") -> QuerySet[Request]:
    """Return the requests that the actor made, or that were made for them, narrowed and sorted."""
    asked = Q(requester_id=actor.user_id) | Q(requester_for_id=actor.user_id)
    found = selectors.requests(actor).filter(asked).annotate(moved=Max("steps__at"))
    if state:
        found = found.filter(state=state)
    for word in words.split():
        number = word.rpartition("-")[2]
        by_number = Q(pk=int(number)) if number.isdecimal() and len(number) < 10 else Q(pk__in=[])
        found = found.filter(
            Q(title__icontains=word) | Q(department__icontains=word) | Q(document_no__icontains=word) | by_number
            | Q(pk__in=Request.objects.filter(lines__description__icontains=word).values("pk"))
        )  # fmt: skip
    column = SORTS.get(sort.removeprefix("-"), "pk")
    return found.order_by(("-" if sort.startswith("-") or not sort else "") + column, "-pk")


def counts(actor: Actor) -> dict[str, int]:
    """Return how many of the actor's requests stand where."""
    return dict(of(actor).order_by().values_list("state").annotate(Count("pk", distinct=True)))


def shown(found: Iterable[Request], names: Mapping[str, str]) -> list[Own]:
    """Return requests as the list shows them; `found` brings its waiting rows along."""
    return [_own(one, names) for one in found]


def _own(one: Request, names: Mapping[str, str]) -> Own:
    moved: datetime | None = getattr(one, "moved", None)
    days = (timezone.now() - moved).days if moved else 0
    waits = sorted(one.waiting.all(), key=lambda row: row.due_on)
    offices = [f"{say(f'site.screening.office.{row.office}')} ({names.get(row.place, row.place)})" for row in waits]
    due = waits[0].due_on.isoformat() if waits else ""
    return Own(
        one, say(f"site.screening.ask.next.{one.state}", who=", ".join(dict.fromkeys(offices))), due, moved, days
    )


def cells(own: Own) -> Sequence[str | int | None]:
    """Return a request as a row of a sheet."""
    one = own.one
    moved = timezone.localtime(own.moved).strftime("%Y-%m-%d %H:%M") if own.moved else None
    return [
        one.number, one.title, say(f"site.screening.state.{one.state}"), own.next, own.due or None, own.days,
        one.amount, one.currency, one.needed_by.isoformat() if one.needed_by else None, one.document_no, moved,
    ]  # fmt: skip


COLUMNS = ("number", "title", "state", "next", "due", "days", "amount", "currency", "needed_by", "document_no", "moved")


def waits(actor: Actor) -> Iterator[Thing]:
    """Tell who asked what of their own stands still until they act; of a single one, lead to it."""
    if actor.user_id is None or not actor.may("screenings.ask"):
        return
    asked = Q(requester_id=actor.user_id) | Q(requester_for_id=actor.user_id)
    mine = Request.objects.filter(asked, state__in=OWED, organisation__in=actor.reach("screenings.ask"))
    found = dict(mine.order_by().values_list("state").annotate(Count("pk")))
    for state in OWED:
        if count := found.get(state, 0):
            only = mine.filter(state=state).values_list("pk", flat=True)[0]
            url = reverse("screening:edit", args=[only]) if count == 1 else f"{reverse('screening:mine')}?state={state}"
            yield Thing(say(f"site.waits.screening_{state}", count=count), url)
