"""Short notes to people about what waits for them or became of what they sent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One note to one person: a sentence by its code, what fills its blanks, and where it leads."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    code = models.CharField(max_length=80)  # of the sentence in the catalogue
    organisation = models.CharField(max_length=40, blank=True)  # its name fills the blank `organisation`
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    told_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The newest first; what waits is counted on every page."""

        ordering: ClassVar[list[str]] = ["-told_at", "-pk"]
        indexes = (models.Index(fields=["user", "seen_at"], name="notice_waiting"),)
        constraints = (models.CheckConstraint(condition=~models.Q(url=""), name="notice_leads_somewhere"),)

    def __str__(self) -> str:
        return f"{self.code} -> {self.user_id}"
