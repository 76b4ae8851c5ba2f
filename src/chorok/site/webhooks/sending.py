"""What is due is sent, several at once, and what became of it is kept. Run by the worker, never within a request.

A worker marks what it sends; one that dies leaves the mark, which runs out, so that another sends it again with the
same id: a message arrives at least once. Messages about one request go one after the other, in their order.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from chorok.site.audit.services import record
from chorok.site.config import ledger
from chorok.site.notices.services import holders, tell
from chorok.site.webhooks import events, reaching, signing
from chorok.site.webhooks.models import Delivery, DeliveryState, Hook, HookState
from chorok.site.webhooks.reaching import Outcome

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""Before each further attempt; after the last one the message is given up."""
AT_ONCE, OF_ONE = 8, 2
"""Messages under way at once, in all and to one address: one that hangs must not hold up the others."""
LEASE = timedelta(seconds=120)
"""So long a worker may take for one attempt before it counts as gone."""
LOST = 5
"""Messages given up in a row after which an address is not tried any more."""
KEPT = timedelta(days=60)
"""So long messages that were sent or given up can be seen."""
RIGHT = "webhooks.manage"


def due(now: datetime, but: Collection[int] = ()) -> QuerySet[Delivery]:
    """Return what may be sent now, the longest due first: of each request the first that waits."""
    earlier = Delivery.objects.filter(
        hook=OuterRef("hook"), subject=OuterRef("subject"), state=DeliveryState.WAITING, pk__lt=OuterRef("pk")
    )
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    found = Delivery.objects.filter(free, state=DeliveryState.WAITING, next_at__lte=now, hook__state=HookState.ACTIVE)
    return found.exclude(hook__in=but).exclude(Exists(earlier)).select_related("hook").order_by("next_at", "pk")


def send_due() -> int:
    """Send what is due until nothing is; return how many attempts that were."""
    under_way: dict[Future[Outcome], Delivery] = {}
    count = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while True:
            for one in _claimed(AT_ONCE - len(under_way), under_way.values()):
                under_way[pool.submit(_send, one)] = one
                count += 1
            if not under_way:
                return count
            for done in wait(under_way, timeout=1, return_when=FIRST_COMPLETED).done:
                _keep(under_way.pop(done), done.result())


def _claimed(most: int, under_way: Collection[Delivery]) -> list[Delivery]:
    """Take what is due, each for this process alone, and no more of one address than may be under way."""
    busy = Counter(one.hook_id for one in under_way)
    now = timezone.now()
    taken: list[Delivery] = []
    for one in due(now, [hook for hook, count in busy.items() if count >= OF_ONE])[: most * OF_ONE]:
        if len(taken) < most and busy[one.hook_id] < OF_ONE and _claim(one, now):
            busy[one.hook_id] += 1
            taken.append(one)
    return taken


def _claim(one: Delivery, now: datetime) -> bool:
    same = Delivery.objects.filter(pk=one.pk, state=DeliveryState.WAITING, claimed_until=one.claimed_until)
    one.claimed_until = now + LEASE
    return bool(same.update(claimed_until=one.claimed_until))


def _send(one: Delivery) -> Outcome:
    """Send a message once; in a thread of its own, without the database."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Chorok",
        "Chorok-Event": one.event,
        "Chorok-Delivery": str(one.key),
        "Chorok-Signature": signing.signature(one.hook, one.body, timezone.now()),
    }
    return reaching.post(one.hook.address, headers, one.body.encode(), settings.WEBHOOK_PRIVATE)


def _keep(sent: Delivery, outcome: Outcome) -> None:
    """Keep what became of an attempt, unless another worker has taken the message over or its address is gone."""
    with transaction.atomic():
        hook = Hook.objects.select_for_update().filter(pk=sent.hook_id).first()
        one = Delivery.objects.filter(pk=sent.pk, claimed_until=sent.claimed_until).first()
        if hook is None or one is None:
            return
        now = timezone.now()
        one.attempts += 1
        one.status, one.error, one.took_ms, one.claimed_until = outcome.status, outcome.failure, outcome.took_ms, None
        if not outcome.failure:
            one.state, one.done_at = DeliveryState.SENT, now
            _arrived(hook)
        elif one.event == events.TEST or one.attempts > len(WAITS):
            one.state, one.done_at = DeliveryState.GIVEN_UP, now
            _lost(hook, one)
        else:
            one.next_at = now + WAITS[one.attempts - 1]
        one.save()


def _arrived(hook: Hook) -> None:
    if hook.lost:
        hook.lost = 0
        hook.save(update_fields=["lost"])


def _lost(hook: Hook, one: Delivery) -> None:
    """Count a message that was given up; an address that takes none is not tried any more, and somebody is told."""
    if one.event == events.TEST:
        return
    hook.lost += 1
    if hook.lost >= LOST and hook.state == HookState.ACTIVE:
        hook.state = HookState.DISABLED
        place = hook.organisation
        record(None, "webhooks.disabled", subject=("webhook", hook.pk), organisation=place, lost=hook.lost)
        people = holders(RIGHT, [place], ledger.ledger().today, ledger.tree())
        url = reverse("webhooks:one", args=[hook.pk])
        tell("site.webhooks.notice.disabled", to=people, url=url, organisation=place, name=hook.name)
    hook.save(update_fields=["lost", "state"])


def forget() -> int:
    """Delete messages that were done with long ago; return how many."""
    before = timezone.now() - KEPT
    return Delivery.objects.filter(done_at__lt=before).exclude(state=DeliveryState.WAITING).delete()[0]


class Sender:
    """Sends from a thread of its own while there is something to send: long jobs do not hold it up, nor it them."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None

    def __call__(self) -> None:
        """Begin to send, unless it does already or nothing is due."""
        if (self.thread is None or not self.thread.is_alive()) and due(timezone.now()).exists():
            self.thread = threading.Thread(target=self._run, daemon=True)
            self.thread.start()

    def _run(self) -> None:
        try:
            send_due()
        except DatabaseError:  # the next look begins again
            log.warning("messages could not be sent", exc_info=True)
        finally:
            connection.close()
