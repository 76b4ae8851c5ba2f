"""Action plans: what an organisation means to do for a target or a core item, step by step."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class PlanState(models.TextChoices):
    """Where a plan stands: under way, carried out, or given up."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ActionPlan(models.Model):
    """What an organisation means to do, and what for: a target (year, perhaps of an item group) or a core item."""

    organisation = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=60, blank=True)  # item group; empty: the share as a whole
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.OPEN)
    outcome = models.TextField(blank=True)  # what came of it, said when it is closed
    made_by = models.BigIntegerField()  # id of the person, who may be erased later
    made_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        """What always holds."""

        ordering: ClassVar[list[str]] = ["-year", "organisation", "pk"]
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="plan_titled"),
            models.CheckConstraint(condition=Q(year__gte=1990, year__lte=2100), name="plan_year"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True)
                | (~Q(state="open") & Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="plan_closed_with_outcome",
            ),
        )

    def __str__(self) -> str:
        return self.title


class PlanStep(models.Model):
    """One measure of a plan: who does it by when."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="steps")
    text = models.CharField(max_length=300)
    owner = models.CharField(max_length=40)  # organisation
    begins_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        """What always holds."""

        ordering: ClassVar[list[str]] = ["due_on", "pk"]
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="plan_step_said"),
            models.CheckConstraint(
                condition=Q(begins_on__isnull=True) | Q(begins_on__lte=F("due_on")), name="plan_step_dates"
            ),
        )

    def __str__(self) -> str:
        return self.text

    def standing(self, today: date) -> str:
        """Return where the step stands on a day: done, late, due or ahead."""
        if self.done_on:
            return "done"
        if self.due_on < today:
            return "late"
        return "due" if self.begins_on is None or self.begins_on <= today else "ahead"
