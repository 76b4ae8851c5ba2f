"""Inspections of what was delivered, and purchases that belong to lines of requests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from chorok.core.screening.inspection import FINDINGS
from chorok.site.accounts.models import User
from chorok.site.screening.models import Line

PROOFS = ("certificate", "note", "none")
"""What came with a delivery: a certificate number, a note in its place for a small amount, or nothing."""
STATES = ("sure", "proposed", "chosen", "apart")
"""A match that the rule found, one of several between which a person chooses, one that a person chose, and one that
a person took apart."""
HOLDING = ("sure", "chosen")


class Inspection(models.Model):
    """One delivery of a line, looked at: what came with it, and what the registry said of it on its day."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="inspections")
    delivered_on = models.DateField()
    quantity = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)  # smallest units of the line's currency
    statement_no = models.CharField(max_length=100, blank=True)  # of the transaction statement
    proof = models.CharField(max_length=11, choices=[(one, one) for one in PROOFS])
    certificate_no = models.CharField(max_length=60, blank=True)
    finding = models.CharField(max_length=13, blank=True, choices=[(one, one) for one in FINDINGS])
    found = models.JSONField(default=dict)  # what the registry says of the certificate
    registry = models.BigIntegerField(default=0)
    note = models.TextField(blank=True)
    passed = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    on = models.DateField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        """What always holds."""

        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = (
            models.CheckConstraint(
                condition=Q(proof="certificate", finding__gt="") | (~Q(proof="certificate") & Q(finding="")),
                name="inspection_finding",
            ),
            models.CheckConstraint(
                condition=Q(passed=False) | Q(proof="note") | Q(proof="certificate", finding="valid"),
                name="inspection_passed",
            ),
            models.CheckConstraint(condition=Q(delivered_on__lte=F("on")), name="inspection_delivered"),
        )

    def __str__(self) -> str:
        return f"{self.line_id} {self.delivered_on} {self.finding or self.proof}"


class Settled(models.Model):
    """That nothing more of a line is bought, and why."""

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="settled")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    on = models.DateField()

    class Meta:
        """What always holds."""

        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="settled_reason"),)

    def __str__(self) -> str:
        return f"{self.line_id} {self.on}"


class Match(models.Model):
    """A purchase line of the ledger that belongs to a line of a request, may belong to it, or does not."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="matches")
    purchase = models.BigIntegerField()  # line_id of the ledger
    state = models.CharField(max_length=8, choices=[(one, one) for one in STATES])
    score = models.PositiveSmallIntegerField()
    signs = models.JSONField(default=list)
    differences = models.JSONField(default=list)
    bought = models.JSONField(default=dict)  # what the purchase said when it was matched
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    bought_on = models.DateField()
    snapshot = models.BigIntegerField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        """What always holds."""

        ordering: ClassVar[list[str]] = ["line", "-score", "purchase"]
        constraints = (
            models.UniqueConstraint(fields=["line", "purchase"], name="match_pair"),
            models.UniqueConstraint(fields=["purchase"], condition=Q(state__in=HOLDING), name="match_purchase_once"),
        )
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state"], name="match_state")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.purchase} {self.state}"
