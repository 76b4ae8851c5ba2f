"""What people decide about products, from proposal to publication, and above which amount two people decide."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from chorok.site.accounts.models import User


class Outcome(models.TextChoices):
    """What a product is found to be. Putting back takes a decision away, so that the evidence speaks again."""

    GREEN = "green"
    NOT_GREEN = "not_green"
    OUT_OF_SCOPE = "out_of_scope"
    PUT_BACK = "put_back"


class State(models.TextChoices):
    """Where a review stands."""

    PROPOSED = "proposed"  # waits for a second person
    CONFIRMED = "confirmed"  # waits for publication
    PUBLISHED = "published"  # counts in the figures of its snapshot and later ones
    RETURNED = "returned"  # the second person did not agree
    WITHDRAWN = "withdrawn"  # taken back before it was published


OPEN = (State.PROPOSED, State.CONFIRMED)


class Review(models.Model):
    """One decision about one product, for all of its lines.

    The product, what was found and on what evidence pass into the ledger; who decided, why and about how much money
    stays here, within the reach of the organisation that decided.
    """

    product_key = models.BigIntegerField()
    city = models.CharField(max_length=40)  # whose policy holds
    organisation = models.CharField(max_length=40)  # where the first person's role is held
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    item_group = models.CharField(max_length=80, blank=True)
    basis = models.CharField(max_length=40, blank=True)
    certificate_no = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True, blank=True)  # of a conformity proof, both days inclusive
    valid_until = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=200, blank=True)  # the proof's number, or where it is kept
    reason = models.TextField()
    lines = models.BigIntegerField()
    amount = models.BigIntegerField()  # of all lines of the product in the city, without their signs
    currency = models.CharField(max_length=3)
    before = models.JSONField(null=True, blank=True)  # the decision that held in the ledger until this one
    state = models.CharField(max_length=9, choices=State.choices)
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")
    proposed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_for = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_on = models.DateField()  # the day that counts as today
    second_needed = models.BooleanField()
    second_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    second_for = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True)  # of the second person
    job = models.UUIDField(null=True, blank=True)  # that publishes it
    snapshot = models.BigIntegerField(null=True, blank=True)

    class Meta:
        """What always holds, and what is looked for."""

        constraints = (
            models.UniqueConstraint(
                fields=["city", "product_key"], condition=Q(state__in=OPEN), name="review_open_once_a_city"
            ),
            models.UniqueConstraint(
                fields=["product_key"], condition=Q(state="confirmed"), name="review_confirmed_once"
            ),
            models.CheckConstraint(
                condition=Q(state="published", snapshot__isnull=False) | ~Q(state="published"), name="review_snapshot"
            ),
            models.CheckConstraint(
                condition=~Q(second_needed=True, state__in=["confirmed", "published"]) | Q(second_at__isnull=False),
                name="review_second_person",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(second_by=F("proposed_by")),
                name="review_two_people",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="review_days"
            ),
        )
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "state"], name="review_waiting"),
            models.Index(fields=["product_key"], name="review_product"),
        ]

    def __str__(self) -> str:
        return f"P{self.product_key} {self.outcome} {self.state}"


class ReviewPolicy(models.Model):
    """Above which amount a city has a second person decide too. Without one the default holds."""

    city = models.CharField(max_length=40, unique=True)
    above = models.BigIntegerField()  # smallest units of the currency
    currency = models.CharField(max_length=3, default="KRW")

    class Meta:
        """What always holds."""

        constraints = (models.CheckConstraint(condition=Q(above__gte=0), name="review_policy_amount"),)

    def __str__(self) -> str:
        return f"{self.city} > {self.above} {self.currency}"
