"""Messages are written in the transaction of the step that they tell of: both are there or neither."""

from __future__ import annotations

import uuid

from django.utils import timezone

from chorok.site.config import ledger
from chorok.site.screening.models import Request, Step
from chorok.site.screening.offices import upwards
from chorok.site.webhooks import events
from chorok.site.webhooks.models import Delivery, Hook


def note(request: Request, step: Step) -> None:
    """Keep a message for each address that wants to hear of a step; called where steps are kept.

    A network hears nothing: what passes to it is released (rules section 4).
    """
    made = events.of(step)
    if not made:
        return
    places = list(upwards(ledger.tree(), request.organisation, step.on))
    hooks = Hook.objects.filter(organisation__in=places).order_by("pk")
    wanted = [(hook, event) for hook in hooks for event in made if event in hook.events]
    Delivery.objects.bulk_create([_message(hook, event, request, step) for hook, event in wanted])


def _message(hook: Hook, event: str, request: Request, step: Step) -> Delivery:
    key = uuid.uuid4()
    body = events.body(event, key, request, step)
    return Delivery(key=key, hook=hook, event=event, subject=request.pk, body=body, next_at=timezone.now())


def trial(hook: Hook) -> Delivery:
    """Keep a message that says nothing but that it is a test."""
    key, now = uuid.uuid4(), timezone.now()
    body = events.trial_body(key, now, hook.organisation)
    return Delivery.objects.create(key=key, hook=hook, event=events.TEST, body=body, next_at=now)
