"""A piece of long work: what it is, how far it is, what became of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (State.QUEUED, State.RUNNING)


class Job(models.Model):
    """One piece of long work. The queue only says whose turn it is; the truth about a job is here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    actor_id = models.BigIntegerField(null=True)
    organisation = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=60, blank=True)  # a code, worded `step.<code>`
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)  # 0: not known how much there is to do
    heartbeat = models.DateTimeField(null=True)  # when its worker last gave a sign; while queued, when it was queued
    worker = models.CharField(max_length=100, blank=True)  # the name under which its process is alive
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=60, blank=True)  # a code, worded `error.<code>`
    error_params = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """What always holds, and what is looked for."""

        constraints = (
            models.CheckConstraint(condition=Q(done__gte=0) & Q(total__gte=0), name="job_progress"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="job_ended",
            ),
            models.CheckConstraint(condition=Q(state=State.FAILED) | Q(error=""), name="job_error"),
        )
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "heartbeat"], name="job_state"),
            models.Index(fields=["actor_id", "-created_at"], name="job_actor"),
            models.Index(fields=["organisation", "-created_at"], name="job_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_open(self) -> bool:
        """True while it waits or runs."""
        return self.state in OPEN
