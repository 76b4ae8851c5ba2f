"""The verbs of who administers: add an address, give it a new secret, pause, resume, delete, test, send again."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from chorok.core.errors import BadInputError, UsageError
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.webhooks import outbox, reaching, signing
from chorok.site.webhooks.events import EVENTS
from chorok.site.webhooks.models import Delivery, DeliveryState, Hook, HookState
from chorok.site.webhooks.sending import RIGHT


def add(actor: Actor, *, organisation: str, name: str, address: str, events: Iterable[str]) -> tuple[Hook, str]:
    """Let an address hear of requests of an organisation and all below it; return it and its secret, shown once.

    Raises Http404 out of reach, BadInputError webhook_address, webhook_http, webhook_private, webhook_events.
    """
    if not actor.may(RIGHT, organisation):
        raise Http404
    wanted = [event for event in EVENTS if event in set(events)]
    if not wanted:
        raise BadInputError("webhook_events")
    kept = reaching.checked(address, settings.WEBHOOK_PRIVATE)
    salt = signing.new_salt()
    with transaction.atomic():
        made = Hook.objects.create(
            organisation=organisation,
            name=name.strip(),
            address=kept,
            events=wanted,
            salt=salt,
            made_by_id=actor.person,
        )
        _record(actor, "webhooks.added", made, events=wanted)
    return made, signing.secret(salt)


def rotate(actor: Actor, *, pk: int) -> tuple[Hook, str]:
    """Make a new secret, shown once; messages are signed with the old one too for a day. Raises Http404."""
    with transaction.atomic():
        one = _locked(actor, pk)
        one.old_salt, one.old_until = one.salt, timezone.now() + signing.BOTH
        one.salt = signing.new_salt()
        one.save()
        _record(actor, "webhooks.rotated", one)
    return one, signing.secret(one.salt)


def pause(actor: Actor, *, pk: int) -> Hook:
    """Send nothing any more; messages are kept meanwhile. Raises Http404, UsageError webhook_state."""
    with transaction.atomic():
        one = _locked(actor, pk)
        if one.state != HookState.ACTIVE:
            raise UsageError("webhook_state", state=one.state)
        one.state = HookState.PAUSED
        one.save()
        _record(actor, "webhooks.paused", one)
    return one


def resume(actor: Actor, *, pk: int) -> Hook:
    """Send again, first what was kept meanwhile. Raises Http404, UsageError webhook_state."""
    with transaction.atomic():
        one = _locked(actor, pk)
        if one.state == HookState.ACTIVE:
            raise UsageError("webhook_state", state=one.state)
        one.state, one.lost = HookState.ACTIVE, 0
        one.save()
        one.deliveries.filter(state=DeliveryState.WAITING).update(next_at=timezone.now())
        _record(actor, "webhooks.resumed", one)
    return one


def delete(actor: Actor, *, pk: int) -> Hook:
    """Forget an address with all its messages. Raises Http404."""
    with transaction.atomic():
        one = _locked(actor, pk)
        _record(actor, "webhooks.deleted", one, waiting=one.deliveries.filter(state=DeliveryState.WAITING).count())
        one.delete()
    return one


def send_trial(actor: Actor, *, pk: int) -> Delivery:
    """Send a message that is a test. Raises Http404, UsageError webhook_state for an address nothing is sent to."""
    with transaction.atomic():
        one = _locked(actor, pk)
        if one.state != HookState.ACTIVE:
            raise UsageError("webhook_state", state=one.state)
        made = outbox.trial(one)
        _record(actor, "webhooks.tested", one)
    return made


def send_again(actor: Actor, *, delivery: Delivery) -> Delivery:
    """Send a message once more, with the same id, and try as often as at first. Raises Http404."""
    with transaction.atomic():
        hook = _locked(actor, delivery.hook_id)
        one = Delivery.objects.select_for_update().get(pk=delivery.pk)
        one.state, one.done_at, one.attempts, one.next_at = DeliveryState.WAITING, None, 0, timezone.now()
        one.save()
        _record(actor, "webhooks.sent_again", hook, delivery=str(one.key))
    return one


def _locked(actor: Actor, pk: int) -> Hook:
    found = Hook.objects.select_for_update().filter(pk=pk, organisation__in=actor.reach(RIGHT)).first()
    if found is None:
        raise Http404
    return found


def _record(actor: Actor, action: str, one: Hook, **facts: object) -> None:
    record(actor, action, subject=("webhook", one.pk), organisation=one.organisation, **facts)
