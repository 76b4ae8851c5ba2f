"""Framework and unit-price contracts: screened once, called off up to an amount and a day (rules D11)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from chorok.core.errors import UsageError
from chorok.core.screening import workflow
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.screening.models import Framework
from chorok.site.screening.writing import ASK, SEE, locked


def within(actor: Actor, organisation: str | None = None) -> QuerySet[Framework]:
    """Return the framework contracts within reach, of an organisation and all below it, those that hold longest first.

    Raises Http404 for an organisation out of reach.
    """
    reach = actor.reach(SEE)
    if organisation is not None:
        if organisation not in reach:
            raise Http404
        reach &= frozenset(actor.tree.subtree(organisation, actor.today))
    found = Framework.objects.filter(organisation__in=reach).select_related("line")
    return found.order_by("-until", "pk")


def one(actor: Actor, pk: int) -> Framework:
    """Return a framework contract within reach. Raises Http404."""
    found = within(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def grant(actor: Actor, *, pk: int, number: int, reference: str, amount: int, until: date) -> Framework:
    """Let an agreed line be called off as a framework contract, up to an amount and a day (rules D11).

    Raises UsageError screening_state for a request that is not agreed to, screening_framework for a line that cannot,
    framework_known for a reference that is used.
    """
    with transaction.atomic():
        request = locked(actor, pk, ASK)
        line = request.lines.filter(number=number).first()
        if line is None:
            raise Http404
        if request.state not in workflow.AGREED - {"recorded"}:
            raise UsageError("screening_state", verb="grant", state=request.state)
        if (
            not line.item_group
            or line.outcome not in ("pass_green", "needs_cosign")
            or amount <= 0
            or not reference.strip()
            or until < actor.today
        ):
            raise UsageError("screening_framework", line=number)
        same = {"organisation": request.organisation, "reference": reference.strip(), "item_group": line.item_group}
        if Framework.objects.filter(**same).exists():
            raise UsageError("framework_known", reference=same["reference"])
        made = Framework.objects.create(
            **same,
            description=line.description or line.product_id,
            product_id=line.product_id,
            granted="green" if line.outcome == "pass_green" else "statement",
            amount=amount,
            currency=line.currency,
            until=until,
            line=line,
            made_by_id=actor.user_id,
        )
        record(
            actor, "screening.granted", subject=("framework", made.pk), organisation=request.organisation,
            request=request.pk, line=number, amount=amount, until=until.isoformat(),
        )  # fmt: skip
    return made
