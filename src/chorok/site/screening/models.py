"""Requests and their lines, who has acted on them, for whom they wait, and under which policy they are screened.

Where a request stands and what was signed is decided by `core.screening.workflow`; here it is kept.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from chorok.core.screening.request import CLOSINGS
from chorok.core.screening.workflow import STATES
from chorok.site.accounts.models import User


def _code(**wish: object) -> models.CharField[str, str]:
    return models.CharField(max_length=40, **wish)  # type: ignore[arg-type]


def _person(related: str = "+") -> models.ForeignKey[User | None, User | None]:
    return models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name=related)


class Adoption(models.Model):
    """An organisation, and all below it without an own one, screens under a policy from a day until another.

    Of two that begin on one day the later one holds: the first was used on that day, so it stays to be read.

    `content` is the whole policy as TOML, so that what was decided under it can be read when the program's own changes.
    """

    organisation = _code()
    policy = _code()  # id
    version = models.CharField(max_length=60)  # id and hash of all that the policy says
    content = models.TextField()
    definition = _code(default="national")
    due_days = models.PositiveSmallIntegerField(default=3)  # working days that an office has
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # exclusive
    reason = models.TextField(blank=True)
    adopted_by = _person()
    adopted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """What always holds."""

        ordering: ClassVar[list[str]] = ["-since", "-pk"]
        constraints = (
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="adoption_dates"),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.version} {self.since}"


class Framework(models.Model):
    """A framework or unit-price contract that was screened once, up to an amount and a day (rules D11)."""

    organisation = _code()
    reference = models.CharField(max_length=120)
    description = models.CharField(max_length=300)
    product_id = _code(blank=True)
    item_group = models.CharField(max_length=80)
    granted = models.CharField(max_length=10, choices=[("green", "green"), ("statement", "statement")])
    amount = models.BigIntegerField()  # smallest units; what may be called off in all
    currency = models.CharField(max_length=3, default="KRW")
    until = models.DateField()  # inclusive
    line = models.ForeignKey("Line", on_delete=models.PROTECT, related_name="grants")
    made_by = _person()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """What always holds."""

        constraints = (
            models.UniqueConstraint(fields=["organisation", "reference", "item_group"], name="framework_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="framework_amount"),
        )

    def __str__(self) -> str:
        return self.reference


class Request(models.Model):
    """What a department asks to buy. `version` grows with every edit; whoever acts names the version that they saw."""

    organisation = _code()
    department = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=[(one, one) for one in ("goods", "works", "service")])
    needed_by = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)  # where it is delivered
    document_no = models.CharField(max_length=100, blank=True)  # of the e-approval
    budget_item = models.CharField(max_length=100, blank=True)
    requester = _person("requests")
    requester_for = _person()
    state = models.CharField(max_length=10, choices=[(one, one) for one in STATES])
    version = models.PositiveIntegerField(default=1)
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, null=True, blank=True, related_name="requests")
    policy_version = models.CharField(max_length=60)
    definition = models.CharField(max_length=80)
    registry = models.BigIntegerField(default=0)
    snapshot = models.BigIntegerField(null=True, blank=True)
    screened_on = models.DateField()  # the day that counts as today
    amount = models.BigIntegerField(default=0)  # of the lines whose amount is known
    currency = models.CharField(max_length=3, default="KRW")
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="splits")
    project = models.BigIntegerField(null=True, blank=True)  # preliminary assessment that it comes from
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)  # when it was passed, approved, refused or recorded
    decided_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What always holds, and what is looked for."""

        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="request_state"),
            models.CheckConstraint(condition=~Q(title=""), name="request_titled"),
            models.CheckConstraint(condition=Q(version__gte=1), name="request_version"),
        )
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "state"], name="request_place"),
            models.Index(fields=["requester", "state"], name="request_own"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """What people call it by: the year it was made in, and a running number."""
        return f"{self.screened_on.year}-{self.pk:05}" if self.pk else "–"


class Line(models.Model):
    """One line of a request: what is asked for, what screening said, what people signed."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    # what is asked for
    description = models.CharField(max_length=500, blank=True)
    specification = models.CharField(max_length=500, blank=True)
    product_id = _code(blank=True)
    class_code = _code(blank=True)
    detail_code = _code(blank=True)
    item_hint = models.CharField(max_length=200, blank=True)
    supplier_no = _code(blank=True)
    supplier_name = models.CharField(max_length=200, blank=True)
    furnished = models.BooleanField(default=False)
    quantity = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    unit_price = models.BigIntegerField(null=True, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="KRW")
    needed_by = models.DateField(null=True, blank=True)
    no_goods = models.BooleanField(default=False)
    emergency = models.BooleanField(default=False)
    ground = models.CharField(max_length=100, blank=True)  # of article 6, as written or by its number
    statement = models.TextField(blank=True)
    evidence = models.TextField(blank=True)  # what shows it: a document's number, or where it is kept
    difference = models.TextField(blank=True)  # why a possible alternative does not do: attribute, both values
    proof = models.CharField(max_length=200, blank=True)  # a conformity proof that waits for the officer
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, null=True, blank=True, related_name="call_offs")
    parts = models.JSONField(default=list, blank=True)  # of a set: descriptions or identification numbers
    swapped_from = models.JSONField(null=True, blank=True)  # what was asked for before an alternative was taken
    # what screening said
    rule = models.CharField(max_length=3)
    outcome = models.CharField(max_length=20)
    reasons = models.JSONField(default=list)
    needs = models.JSONField(default=list)
    cosigner = models.CharField(max_length=40, blank=True)
    item_group = models.CharField(max_length=80, blank=True)
    found_detail = _code(blank=True)  # the detailed item that it was found to be of
    method = models.CharField(max_length=40, blank=True)
    certificates = models.JSONField(default=list)
    certified_until = models.DateField(null=True, blank=True)
    alternatives = models.JSONField(default=list)  # the first of them
    search = models.JSONField(null=True, blank=True)
    ground_read = models.BooleanField(default=True)
    # what people signed
    checked = models.JSONField(default=list)
    closed_how = models.CharField(max_length=13, blank=True, choices=[(one, one) for one in CLOSINGS])
    closed_finding = models.CharField(max_length=20, blank=True)
    closed_by = _person()
    closed_for = _person()
    closed_office = models.CharField(max_length=40, blank=True)
    closed_reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        """What always holds."""

        ordering: ClassVar[list[str]] = ["request", "number"]
        constraints = (
            models.UniqueConstraint(fields=["request", "number"], name="request_line"),
            models.CheckConstraint(
                condition=Q(closed_how="", closed_at__isnull=True) | (~Q(closed_how="") & Q(closed_at__isnull=False)),
                name="request_line_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_how="") | Q(closed_finding=F("outcome")), name="request_line_closed_for_what_it_is"
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id}/{self.number} {self.outcome}"

    def unsign(self) -> None:
        """Take away what people signed, without saving."""
        self.closed_how = self.closed_finding = self.closed_office = self.closed_reason = ""
        self.closed_by = self.closed_for = self.closed_at = self.closed_on = None


class Standing(models.Manager["Paper"]):
    """Papers that were not taken away."""

    def get_queryset(self) -> models.QuerySet[Paper]:
        """Leave out what was taken away."""
        return super().get_queryset().filter(removed_at=None)


class Paper(models.Model):
    """A file that shows what a line says, kept by its content under the site's folder, also when it was taken away."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="papers")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_by = _person()
    added_at = models.DateTimeField(auto_now_add=True)
    removed_by = _person()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = Standing()
    every: ClassVar[models.Manager[Paper]] = models.Manager()

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One act on a request. All of them in order are its history; `lines` says what each line was then."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20)
    office = models.CharField(max_length=40)
    stage = models.CharField(max_length=20, blank=True)
    by = _person()
    behalf = _person()
    at = models.DateTimeField()
    on = models.DateField()
    version = models.PositiveIntegerField()
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    remark = models.TextField(blank=True)
    numbers = models.JSONField(default=list)  # of the lines acted on
    lines = models.JSONField(default=list)  # number, what, outcome and amount of every line, where they changed

    class Meta:
        """In the order in which they were taken."""

        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.verb}"


class Waiting(models.Model):
    """A stage of a request that an office at a place is to take; gone when it has."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="waiting")
    stage = models.CharField(max_length=20)
    office = models.CharField(max_length=40)
    place = _code()  # organisation whose office it is
    since = models.DateTimeField()
    due_on = models.DateField()
    reminded_on = models.DateField(null=True, blank=True)
    forwarded = models.BooleanField(default=False)  # by hand or by time, above the nearest

    class Meta:
        """What always holds, and what is looked for."""

        constraints = (models.UniqueConstraint(fields=["request", "stage", "office"], name="waiting_once"),)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["office", "place"], name="waiting_inbox")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.stage} {self.office}@{self.place}"
