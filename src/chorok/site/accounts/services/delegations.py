"""Somebody stands in for an absent colleague: for one role, between two days, within the same city."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from chorok.core.errors import BadInputError
from chorok.site.accounts.models import Delegation, Membership, User
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import GRANTS
from chorok.site.audit.services import record

GIVE = "delegations.give"


def give_delegation(
    actor: Actor, *, membership: Membership, delegate: str, valid_from: date, valid_until: date
) -> Delegation:
    """Let a colleague, named by e-mail address, stand in for one's own role until a day (exclusive).

    Raises Http404 for a role that is not one's own or cannot be lent, BadInputError for the rest.
    """
    if membership.user_id != actor.user_id or membership.role not in GRANTS[GIVE] or not actor.may(GIVE):
        raise Http404
    if valid_until <= max(valid_from, actor.today):
        raise BadInputError("delegation_dates", begins=valid_from, ends=valid_until, today=actor.today)
    person = colleagues(actor, membership.organisation).filter(email__iexact=delegate.strip()).first()
    if person is None:
        raise BadInputError("no_such_colleague", email=delegate)
    with transaction.atomic():
        overlapping = Delegation.objects.filter(
            membership=membership, delegate=person, revoked_at=None, valid_from__lt=valid_until,
            valid_until__gt=valid_from,
        )  # fmt: skip
        if overlapping.exists():
            raise BadInputError("delegated_already")
        made = Delegation.objects.create(
            membership=membership, delegate=person, valid_from=valid_from, valid_until=valid_until
        )
        _told(actor, made, "accounts.delegated", valid_from=valid_from, valid_until=valid_until)
    return made


def revoke_delegation(actor: Actor, *, delegation: Delegation) -> None:
    """Take a delegation back at once: who gave it, or who received it and does not want it."""
    if actor.user_id not in {delegation.membership.user_id, delegation.delegate_id}:
        raise Http404
    if delegation.revoked_at:
        return
    with transaction.atomic():
        delegation.revoked_at = timezone.now()
        delegation.save(update_fields=["revoked_at"])
        _told(actor, delegation, "accounts.delegation_revoked")


def colleagues(actor: Actor, organisation: str) -> QuerySet[User]:
    """Return who works in the city of an organisation today, the actor left out: people do not pass between cities."""
    top = actor.tree.city_of(organisation, actor.today) or organisation
    here = actor.tree.subtree(top, actor.today) | {organisation}
    lasting = Q(memberships__valid_until=None) | Q(memberships__valid_until__gt=actor.today)
    return (
        User.objects.filter(
            lasting, is_active=True, memberships__organisation__in=here, memberships__valid_from__lte=actor.today
        )
        .exclude(pk=actor.person)
        .distinct()
        .order_by("name", "pk")
    )


def _told(actor: Actor, made: Delegation, action: str, **facts: object) -> None:
    record(
        actor,
        action,
        subject=("user", made.delegate_id),
        organisation=made.membership.organisation,
        delegation=made.pk,
        membership=made.membership_id,
        role=made.membership.role,
        **facts,
    )
