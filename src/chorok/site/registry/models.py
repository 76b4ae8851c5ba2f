"""What the site keeps of the registry beside the ledger: which versions it knows, guidelines, lists on their way in."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q


class RegistryState(models.Model):
    """A state of the ledger's registry that the site made or took over. The newest is the one it works with."""

    versions = models.JSONField()  # table -> Delta version
    settled = models.BooleanField(default=True)  # false while it is being written: `versions` are those before
    action = models.CharField(max_length=40)  # attached | imported | labelled | restored | taken_over | other
    source = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=list)  # one a table: added, removed, changed, unchanged
    effect = models.JSONField(default=list)  # what it did to figures; empty when nothing was published
    snapshot = models.PositiveIntegerField(null=True, blank=True)
    actor_id = models.PositiveBigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Newest first."""

        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"


class Guide(models.Model):
    """What people should know of an item group, where the registry has no column for it."""

    code = models.CharField(max_length=40, primary_key=True)
    text_ko = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    mandatory = models.BooleanField(null=True, blank=True)  # empty: as the registry says
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.code


class ListFile(models.Model):
    """A list that somebody uploaded: previewed, then put into the registry or dismissed."""

    class State(models.TextChoices):
        """How far it is."""

        READING = "reading"
        READ = "read"
        POSTING = "posting"
        POSTED = "posted"
        DISMISSED = "dismissed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    kind = models.CharField(max_length=40, blank=True)  # format of the list, once it was read
    source = models.CharField(max_length=200, blank=True)  # what it replaces; as wished, else as the format says
    read_on = models.DateField()
    error = models.CharField(max_length=60, blank=True)  # a code, worded `error.<code>`
    error_params = models.JSONField(default=dict)
    account = models.JSONField(default=dict)  # received, accepted, rejects, notes, changes before anything is written
    result = models.ForeignKey(RegistryState, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    uploaded_by = models.PositiveBigIntegerField(null=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """What always holds."""

        ordering = ("-uploaded_at",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(result__isnull=False), name="registry_posted_has_result"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the received file lies until it is posted or dismissed."""
        return Path(settings.UPLOADS) / "registry" / str(self.pk) / self.name
