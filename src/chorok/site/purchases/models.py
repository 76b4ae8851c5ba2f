"""Files on their way into the ledger, what was saved of their sources, and rejected rows that people mended."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a file stands on its way."""

    RECEIVING = "receiving"  # its bytes are coming in
    READING = "reading"  # a job finds out what it means
    READY = "ready"  # a person looks at what was understood
    IMPORTING = "importing"  # a job takes it in
    IMPORTED = "imported"
    FAILED = "failed"  # it cannot be read


class Mapping(models.Model):
    """What the columns of one source mean, saved by people; found again by the headers of the next file."""

    organisation = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    source = models.CharField(max_length=200)
    matches = models.JSONField(default=list)  # headers that must all be there
    profile = models.TextField()  # TOML, as `chorok import --profile` takes it
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        """What always holds."""

        constraints = (models.UniqueConstraint(fields=["organisation", "name"], name="mapping_name_once"),)
        ordering: ClassVar[list[str]] = ["organisation", "name"]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """One file that somebody sends. Its bytes lie in a folder of its own until the ledger keeps them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    organisation = models.CharField(max_length=40)  # for which it is; names in it are looked for there
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVING)
    said = models.JSONField(default=dict)  # what people said of it
    seen = models.JSONField(default=dict)  # what was understood
    error = models.CharField(max_length=60, blank=True)  # a code, worded `error.<code>`
    error_params = models.JSONField(default=dict)
    job = models.UUIDField(null=True)
    batch = models.CharField(max_length=64, blank=True, db_index=True)
    mends = models.CharField(max_length=64, blank=True)  # the batch whose rejected rows these are
    source = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        """What always holds, and what is looked for."""

        constraints = (
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_size"),
            models.CheckConstraint(condition=~Q(organisation=""), name="upload_organisation"),
            models.CheckConstraint(condition=~Q(state="imported") | ~Q(batch=""), name="upload_batch"),
        )
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-begun_at"], name="upload_organisation_when"),
            models.Index(fields=["state"], name="upload_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where its bytes, its password and its unpacked parts lie."""
        return Path(settings.UPLOADS) / str(self.id)

    @property
    def file(self) -> Path:
        """The file itself, under the name it came with."""
        return self.folder / "file" / self.name

    @property
    def received(self) -> int:
        """How many bytes are there."""
        return self.file.stat().st_size if self.file.exists() else 0


class Mended(models.Model):
    """A rejected row as somebody mended it, and with which file it was sent again."""

    batch = models.CharField(max_length=64)
    part = models.PositiveIntegerField()  # which table of the batch
    row = models.PositiveIntegerField()  # which row of its rejects file, from 0
    cells = models.JSONField(default=list)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)
    upload = models.ForeignKey(Upload, null=True, on_delete=models.SET_NULL, related_name="mended")

    class Meta:
        """What always holds."""

        constraints = (models.UniqueConstraint(fields=["batch", "part", "row"], name="mended_once"),)

    def __str__(self) -> str:
        return f"{self.batch[:12]}:{self.part}:{self.row}"
