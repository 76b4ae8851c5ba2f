"""Changes to the tree of organisations. The tree itself is a table of the ledger's registry: there is one truth."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from chorok.site.accounts.models import User


class Verb(models.TextChoices):
    """What is done to the tree."""

    CREATE = "create"
    RENAME = "rename"
    ALIAS = "alias"
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    END = "end"
    IMPORT = "import"
    UNDO = "undo"


class State(models.TextChoices):
    """Where a change stands."""

    DRAFT = "draft"  # shown, not confirmed
    APPLYING = "applying"
    APPLIED = "applied"
    DISCARDED = "discarded"


class TreeChange(models.Model):
    """One change: the rows of some organisations before and after it, so that it can be shown and undone."""

    verb = models.CharField(max_length=6, choices=Verb.choices)
    organisation = models.CharField(max_length=40)  # the first that it is about
    on = models.DateField(null=True, blank=True)  # from which day; an import has many
    note = models.CharField(max_length=200, blank=True)  # the name of an imported file
    before = models.JSONField(default=list)  # rows as in the registry, dates as ISO text
    after = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="undone_by")
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    job = models.UUIDField(null=True, blank=True)
    snapshot = models.BigIntegerField(null=True, blank=True)

    class Meta:
        """What always holds, and what is looked for."""

        constraints = (
            models.CheckConstraint(
                condition=Q(state="applied", snapshot__isnull=False) | ~Q(state="applied"), name="tree_change_snapshot"
            ),
        )
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["organisation"], name="tree_change_of")]

    def __str__(self) -> str:
        return f"{self.verb} {self.organisation} {self.state}"

    @property
    def codes(self) -> list[str]:
        """The organisations whose rows change, in order."""
        return sorted({row["code"] for row in (*self.before, *self.after)})
