"""What was answered to a write that named a key, so that sending it again does not do it again."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class IdempotentCall(models.Model):
    """A write that was carried out, and its answer. The key itself is not kept, only its hash."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64)
    call = models.CharField(max_length=300)  # method and path
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    response = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        """What always holds."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["actor", "key_hash"], name="idempotent_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.call} {self.status}"
