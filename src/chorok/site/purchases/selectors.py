"""What who asks may see: files on their way, imports in the ledger, saved mappings."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from chorok.core.measures.share import Amounts
from chorok.core.money import written
from chorok.ledger import batches, purchases, snapshots, without
from chorok.ledger.batches import Batch
from chorok.ledger.figures import resolve
from chorok.ledger.published import Published
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.config.language import say
from chorok.site.performance.shown import bounds, points, rate
from chorok.site.purchases.models import Mapping as Saved
from chorok.site.purchases.models import State, Upload

SEE = "purchases.see"


@dataclass(frozen=True)
class Import:
    """One line of the list of imports: a file on its way, or one that is in the ledger, or was."""

    key: str  # of the upload or the batch
    on_its_way: bool
    file: str
    state: str
    organisation: str
    source: str
    who: str
    when: datetime | None
    lines: int | None = None
    amount: str = ""
    currency: str = ""
    rejected: int | None = None
    mends: str = ""


def names() -> Mapping[str, str]:
    """Return code -> name of organisations in the request's language."""
    return site.names().by_dimension["organisation"] if site.is_published() else {}


def upload(actor: Actor, key: object) -> Upload:
    """Return a file on its way. Raises Http404 beyond the actor's reach."""
    found = Upload.objects.select_related("sent_by").filter(pk=key).first()  # type: ignore[misc]
    if found is None or not actor.may(SEE, found.organisation):
        raise Http404
    return found


def uploads(actor: Actor) -> QuerySet[Upload]:
    """Return the files within reach, newest first."""
    found = Upload.objects.filter(organisation__in=actor.reach(SEE)).select_related("sent_by")
    return found.order_by("-begun_at", "pk")


def mappings(actor: Actor) -> QuerySet[Saved]:
    """Return the saved mappings within reach."""
    return Saved.objects.filter(organisation__in=actor.reach(SEE)).select_related("saved_by")


def places(state: Published) -> Mapping[str, frozenset[str | None]]:
    """Return which organisations each batch has lines of, by their codes; None for a name that nothing fits."""
    return _places(str(state.ledger.path), state.snapshot.number)


@functools.lru_cache(maxsize=4)
def _places(_path: str, _number: int) -> Mapping[str, frozenset[str | None]]:
    state = site.published()
    files, found = state.files(), dict[str, set[str | None]]()
    if not files:
        return {}
    connection = state.ledger.connection(threads=1)
    try:
        lines = purchases.select(state.ledger, state.snapshot.purchases)
        for batch, organisation in connection.execute(f"SELECT DISTINCT batch, organisation FROM ({lines})").fetchall():
            found.setdefault(batch, set()).add(resolve(state.tree, organisation))
    finally:
        connection.close()
    return {batch: frozenset(codes) for batch, codes in found.items()}


def by_year(batch: Batch) -> list[tuple[int, int, str]]:
    """Return what an import has in the ledger: year, lines, amount as people write it."""
    state = site.published()
    connection = state.ledger.connection(threads=1)
    try:
        lines = purchases.select(state.ledger, state.snapshot.purchases)
        rows = connection.execute(
            f"SELECT year(bought_on), count(*), sum(amount)::HUGEINT FROM ({lines}) "
            "WHERE batch = ? GROUP BY 1 ORDER BY 1",
            [batch.id],
        ).fetchall()
    finally:
        connection.close()
    return [(year, count, written(int(amount), batch.currency)) for year, count, amount in rows]


def shares_without(batch: Batch, organisation: str) -> list[tuple[str, list[str], str]]:
    """Return year, the organisation's share as it is and as it would be without an import, and what lies between."""
    found = []
    for one in without.by_year(site.published(), batch, organisation):
        now, then = one.now.share(), one.then.share()
        apart = None if now.value is None or then.value is None else then.value - now.value
        found.append((one.year, [_share(one.now), _share(one.then)], "–" if apart is None else points(apart)))
    return found


def _share(sums: Amounts) -> str:
    if not sums.lines:
        return say("word.no_data")
    share = sums.share()
    return " ".join(filter(None, (rate(share.value), bounds(share))))


def home_of(actor: Actor, batch: Batch, sent: Upload | None, right: str = SEE) -> str | None:
    """Return the organisation through which the actor reaches an import, None when it is out of reach.

    What the site took in belongs to the organisation it was sent for. What the command line took in can be reached
    by who reaches every organisation that has lines of it; names that nothing fits are nobody's.
    """
    reach = actor.reach(right)
    if sent is not None:
        return sent.organisation if sent.organisation in reach else None
    if batch.organisation is not None:
        return batch.organisation if batch.organisation in reach else None
    found = places(site.published()).get(batch.id, frozenset[str | None]()) if site.is_published() else frozenset()
    codes = frozenset(code for code in found if code is not None)
    if not codes or not codes <= reach:
        return None
    return next((place for place in actor.places(right) if codes <= _below(actor, place)), min(codes))


def _below(actor: Actor, place: str) -> set[str]:
    return actor.tree.subtree(place, actor.today)


def sent_with(identity: str) -> Upload | None:
    """Return the file that brought an import: the first one, where the same was sent again."""
    return _imported().filter(batch=identity).order_by("begun_at").first()


def _imported() -> QuerySet[Upload]:
    return Upload.objects.filter(state=State.IMPORTED).select_related("sent_by")


def batch(actor: Actor, identity: str, right: str = SEE) -> tuple[Batch, Upload | None, str]:
    """Return an import, the file that brought it, and the organisation it belongs to. Raises Http404 out of reach."""
    found = batches.load(site.ledger(), identity) if len(identity) == 64 else None
    sent = sent_with(identity) if found else None
    home = home_of(actor, found, sent, right) if found else None
    if found is None or home is None:
        raise Http404
    return found, sent, home


def imports(actor: Actor) -> list[Import]:
    """Return all imports within reach, newest first: files on their way before what is in the ledger."""
    sent = {one.batch: one for one in _imported().order_by("-begun_at")}
    on_way = [_on_its_way(one) for one in uploads(actor).exclude(state=State.IMPORTED)]
    when = {one.number: datetime.fromisoformat(one.published_at) for one in snapshots.every(site.ledger())}
    done = [
        _in_ledger(one, sent.get(one.id), home, when.get(one.snapshot or 0))
        for one in reversed(batches.every(site.ledger()))
        if (home := home_of(actor, one, sent.get(one.id))) is not None
    ]
    return on_way + done


def _on_its_way(one: Upload) -> Import:
    return Import(
        str(one.pk), True, one.name, one.state, one.organisation, one.source, str(one.sent_by or ""), one.begun_at,
        mends=one.mends,
    )  # fmt: skip


def _in_ledger(one: Batch, sent: Upload | None, home: str, when: datetime | None) -> Import:
    total = one.total()
    return Import(
        one.id,
        False,
        one.file,
        one.state,
        home,
        one.source,
        str(sent.sent_by or "") if sent else "",
        sent.begun_at if sent else when,
        total.accepted.lines,
        written(total.accepted.amount, one.currency),
        one.currency,
        total.refused.lines,
        sent.mends if sent else "",
    )
