"""What cities have released to their networks: the figures as they were on that day, and until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Level(models.TextChoices):
    """How deep a release goes: the city as a whole, or each of its item groups."""

    CITY = "city"
    ITEM = "item"


class Release(models.Model):
    """A city's figures of one year, handed to its network. They are kept here as they were, so that reading them
    needs no look into the city's own purchases, and nothing that changes later passes by itself.
    """

    city = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=4, choices=Level.choices)
    snapshot = models.PositiveIntegerField()
    figures = models.JSONField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    released_at = models.DateTimeField()
    released_on = models.DateField()
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """What always holds."""

        constraints = (
            models.UniqueConstraint(
                fields=["city", "year"], condition=Q(revoked_at__isnull=True), name="release_one_in_force"
            ),
            models.CheckConstraint(condition=Q(level__in=["city", "item"]), name="release_level"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("released_at")), name="release_dates"
            ),
        )

    def __str__(self) -> str:
        return f"{self.city} {self.year}"
