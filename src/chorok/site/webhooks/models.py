"""To whom messages go, and each message with what became of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class HookState(models.TextChoices):
    """Whether messages are sent; they are kept in any case."""

    ACTIVE = "active"
    PAUSED = "paused"  # by an administrator
    DISABLED = "disabled"  # by itself, after too many messages that did not arrive


class Hook(models.Model):
    """An address that hears of requests of an organisation and all below it.

    The secret is made of the site's key and `salt`, so that it does not stand in the database.
    """

    organisation = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    salt = models.CharField(max_length=64)
    old_salt = models.CharField(max_length=64, blank=True)
    old_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=HookState.choices, default=HookState.ACTIVE)
    lost = models.PositiveSmallIntegerField(default=0)  # messages in a row that were given up
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """What always holds, and what is looked for."""

        ordering: ClassVar[list[str]] = ["organisation", "name", "pk"]
        constraints = (
            models.CheckConstraint(condition=Q(state__in=HookState.values), name="hook_state"),
            models.CheckConstraint(condition=~Q(address=""), name="hook_address"),
            models.CheckConstraint(
                condition=Q(old_salt="", old_until__isnull=True) | (~Q(old_salt="") & Q(old_until__isnull=False)),
                name="hook_old_secret",
            ),
        )
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["organisation"], name="hook_place")]

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class Delivery(models.Model):
    """A message to one address, written in the transaction of what it tells of; `body` is sent as it stands here."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    subject = models.BigIntegerField(null=True, blank=True)  # the request: its messages go in their order
    body = models.TextField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)  # a worker is sending it
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last answer
    error = models.CharField(max_length=20, blank=True)  # why the last attempt failed, worded
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What always holds, and what is looked for."""

        ordering: ClassVar[list[str]] = ["pk"]
        constraints = (
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state"),
            models.CheckConstraint(
                condition=Q(state="waiting", done_at__isnull=True) | (~Q(state="waiting") & Q(done_at__isnull=False)),
                name="delivery_done",
            ),
        )
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "next_at"], name="delivery_due"),
            models.Index(fields=["hook", "subject", "state"], name="delivery_order"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"
