"""The chain of events, and two tables beside it that only make it quick to ask."""

from __future__ import annotations

import json
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

GENESIS = "0" * 64
"""What the first event names as the one before it."""


class Via(models.TextChoices):
    """By what way something was done."""

    PAGE = "page"
    TOKEN = "token"  # noqa: S105 - the word, no secret
    COMMAND = "command"
    SYSTEM = "system"


class Event(models.Model):
    """One thing that was done. Triggers of the database refuse to change or delete it (`seals`)."""

    seq = models.BigIntegerField(primary_key=True)  # 1, 2, 3 ... without gaps
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # an id and no foreign key: erasing a person leaves the chain whole
    on_behalf = models.BigIntegerField(null=True)
    via = models.CharField(max_length=10, choices=Via.choices)
    action = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=40, blank=True)
    facts = models.TextField(default="{}")  # canonical JSON as text: what is hashed is what is kept, to the byte
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """What always holds, and what is looked for."""

        constraints = (
            models.UniqueConstraint(fields=["hash"], name="event_hash_once"),
            models.CheckConstraint(condition=Q(seq__gt=0), name="event_seq_positive"),
        )
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "seq"], name="event_organisation"),
            models.Index(fields=["actor_id", "seq"], name="event_actor"),
            models.Index(fields=["action", "seq"], name="event_action"),
            models.Index(fields=["at"], name="event_at"),
            models.Index(fields=["subject_kind", "subject_id"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"

    @property
    def told(self) -> dict[str, Any]:
        """The facts, read."""
        found: dict[str, Any] = json.loads(self.facts)
        return found


class Head(models.Model):
    """The newest event. Who appends locks this one row, so the chain never forks."""

    ONLY = 1
    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)
    site = models.UUIDField(default=uuid.uuid4)  # which database this is; the ledger's marker names it

    class Meta:
        """What always holds."""

        constraints = (models.CheckConstraint(condition=Q(id=1), name="head_only_one"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class Announcement(models.Model):
    """A ledger write that was announced and not yet closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    seq = models.BigIntegerField(unique=True)  # of the event `<action>.begun`
    since = models.BigIntegerField()  # number of the newest snapshot when it was announced; 0 for none
    holder = models.CharField(max_length=100)  # the name under which its process is alive

    def __str__(self) -> str:
        return f"{self.seq} since {self.since}"


class Landing(models.Model):
    """A ledger snapshot that an event names; derived from the chain, which alone is proof."""

    snapshot = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.snapshot} by {self.seq}"
