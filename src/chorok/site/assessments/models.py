"""Projects, the runs in which their bills of materials were screened, the materials, and what is open about them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from chorok.core.screening.assessment import COSTS, OBLIGATIONS, POINTS, STANDINGS
from chorok.core.screening.decide import OPEN, PASSING
from chorok.site.accounts.models import User
from chorok.site.screening.models import Adoption

KINDS = ("works", "service")
STAGES = ("planned", "designed", "contracted", "done")
CONTRACTED = frozenset({"contracted", "done"})
"""Stages in which a contractor's proof can be asked for."""
OWNERS = ("requester", "green_purchase_officer", "environment_team_leader", "accounting_officer")
"""Offices that see to an open point."""
CLOSED = ("person", "run")
"""How a point was closed: by somebody, or since a later run no longer finds it."""


def _code(**wish: object) -> models.CharField[str, str]:
    return models.CharField(max_length=40, **wish)  # type: ignore[arg-type]


def _one_of(values: tuple[str, ...], **wish: object) -> models.CharField[str, str]:
    return models.CharField(max_length=24, choices=[(one, one) for one in values], **wish)  # type: ignore[arg-type]


def _person() -> models.ForeignKey[User | None, User | None]:
    return models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")


class Project(models.Model):
    """Works or a service that are planned. `version` grows with every change; who acts names the one that they saw."""

    organisation = _code()
    department = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200)
    kind = _one_of(KINDS)
    stage = _one_of(STAGES, default="planned")
    design_on = models.DateField(null=True, blank=True)
    contract_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=100, blank=True)  # of the plan or the contract
    version = models.PositiveIntegerField(default=1)
    aside = models.BooleanField(default=False)  # put aside: shown only when asked for
    made_by = _person()
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        """What always holds."""

        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="project_kind"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="project_stage"),
            models.CheckConstraint(condition=~Q(name=""), name="project_named"),
            models.CheckConstraint(
                condition=Q(design_on__isnull=True) | Q(contract_on__isnull=True) | Q(contract_on__gte=F("design_on")),
                name="project_dates",
            ),
        )
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["organisation", "stage"], name="project_place")]

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One screening of a bill of materials: what was in force, and what it came to. The newest one counts."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    on = models.DateField()  # the day that counts as today
    stage = _one_of(STAGES)
    source = models.CharField(max_length=200, blank=True)  # the file's name; empty: typed, or the bill before
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    policy_version = models.CharField(max_length=60)
    definition = models.CharField(max_length=80)
    registry = models.BigIntegerField(default=0)
    registry_day = models.DateField(null=True, blank=True)  # when certificates were last written
    snapshot = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="KRW")
    sums = models.JSONField(default=dict)  # `screened.summed`: integers only
    made_by = _person()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """What always holds."""

        ordering: ClassVar[list[str]] = ["project", "number"]
        constraints = (models.UniqueConstraint(fields=["project", "number"], name="run_once"),)

    def __str__(self) -> str:
        return f"{self.project_id}/{self.number}"


class Material(models.Model):
    """One line of a bill of materials: what is planned, what screening said, and the contractor's proof."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="materials")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=1600)  # by which it is found again in another run
    # what is planned
    description = models.CharField(max_length=500, blank=True)
    specification = models.CharField(max_length=500, blank=True)
    product_id = _code(blank=True)
    class_code = _code(blank=True)
    detail_code = _code(blank=True)
    item_hint = models.CharField(max_length=200, blank=True)
    supplier_no = _code(blank=True)
    supplier_name = models.CharField(max_length=200, blank=True)
    furnished = models.BooleanField(default=False)
    no_goods = models.BooleanField(default=False)
    quantity = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="KRW")
    # what screening said
    rule = models.CharField(max_length=3)
    outcome = _one_of((*PASSING, *OPEN))
    reasons = models.JSONField(default=list)
    needs = models.JSONField(default=list)
    obligation = _one_of(OBLIGATIONS)
    standing = _one_of(STANDINGS)
    alternative = models.CharField(max_length=8)
    item_group = models.CharField(max_length=80, blank=True)
    certificates = models.JSONField(default=list)
    certified_until = models.DateField(null=True, blank=True)
    alternatives = models.JSONField(default=list)  # the first of them
    candidates = models.PositiveIntegerField(default=0)  # how many there are in all
    cost_code = _one_of(COSTS)
    cost_difference = models.BigIntegerField(null=True, blank=True)
    open = models.PositiveSmallIntegerField(default=0)  # points that are open
    # what the contractor showed
    proof_number = models.CharField(max_length=100, blank=True)
    proof_on = models.DateField(null=True, blank=True)  # day of inspection
    proof_found = models.CharField(max_length=16, blank=True)  # `core.screening.inspection.Finding`
    proof_by = _person()

    class Meta:
        """What always holds."""

        ordering: ClassVar[list[str]] = ["run", "number"]
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="material_once"),)

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number} {self.outcome}"

    @property
    def words(self) -> str:
        """All that names the product."""
        return " ".join(
            part for part in (self.description, self.specification, self.product_id, self.detail_code) if part
        )

    @property
    def contracted(self) -> bool:
        """Whether the contractor supplies it."""
        return not self.furnished and not self.no_goods


class OpenPoint(models.Model):
    """Something about a material that somebody is to see to. It stays when it is closed, with what closed it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="points")
    kind = _one_of(POINTS)
    key = models.CharField(max_length=1600)  # of the material
    material = models.CharField(max_length=600)  # as it was called
    number = models.PositiveIntegerField()  # its line in the newest run that has it
    owner = _one_of(OWNERS, default="requester")
    due_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    found_in = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    closed_how = _one_of(CLOSED, blank=True)
    closed_by = _person()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_with = models.TextField(blank=True)
    closed_in = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="closed")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """What always holds, and what is looked for."""

        ordering: ClassVar[list[str]] = ["project", "number", "kind"]
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_how="", closed_at__isnull=True) | (~Q(closed_how="") & Q(closed_at__isnull=False)),
                name="point_closed",
            ),
        )
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["project", "closed_how"], name="point_open")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind} {self.number}"
