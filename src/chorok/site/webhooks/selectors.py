"""Addresses within the reach of who administers, and what became of their messages."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404

from chorok.site.accounts.rights import Actor
from chorok.site.webhooks.models import Delivery, DeliveryState, Hook
from chorok.site.webhooks.sending import RIGHT


def hooks(actor: Actor) -> QuerySet[Hook]:
    """Return the addresses within reach, with how many messages wait and when one last arrived."""
    sent = Q(deliveries__state=DeliveryState.SENT)
    return Hook.objects.filter(organisation__in=actor.reach(RIGHT)).annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        given_up=Count("deliveries", filter=Q(deliveries__state=DeliveryState.GIVEN_UP)),
        arrived_at=Max("deliveries__done_at", filter=sent),
    )


def hook(actor: Actor, pk: int) -> Hook:
    """Return an address within reach. Raises Http404."""
    found = hooks(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def deliveries(one: Hook) -> QuerySet[Delivery]:
    """Return the messages to an address, the newest first."""
    return Delivery.objects.filter(hook=one).order_by("-pk")


def delivery(actor: Actor, key: UUID) -> Delivery:
    """Return a message within reach. Raises Http404."""
    found = Delivery.objects.filter(key=key, hook__organisation__in=actor.reach(RIGHT)).select_related("hook").first()
    if found is None:
        raise Http404
    return found
