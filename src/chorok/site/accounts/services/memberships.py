"""Roles are given and ended by date. Nobody changes their own, and somebody must be left to administer."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from chorok.core.errors import BadInputError, UsageError
from chorok.site.accounts.models import Membership, User
from chorok.site.accounts.places import must_manage, settled
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import Role
from chorok.site.audit.services import record


def grant(
    actor: Actor,
    *,
    user: User,
    role: str,
    organisation: str = "",
    supplier_no: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Membership:
    """Give a person a role at an organisation within the actor's reach, from a day (today) until another (exclusive).

    Raises Http404 out of reach, UsageError for an own role, BadInputError for dates that do not fit.
    """
    kept, organisation, supplier_no = settled(actor, role, organisation, supplier_no)
    begins = valid_from or actor.today
    made = Membership(user=user, role=kept, organisation=organisation, supplier_no=supplier_no, valid_from=begins)
    made.valid_until = valid_until
    must_manage(actor, made)
    must_be_another(actor, user.pk)
    must_be_dates(begins, valid_until)
    with transaction.atomic():
        return place(actor, made)


def place(actor: Actor, made: Membership) -> Membership:
    """Keep a new membership and its event. Raises BadInputError when the person holds that role in these days."""
    if _overlapping(made).exists():
        raise BadInputError("role_held_already")
    made.save()
    record(
        actor,
        "accounts.role_given",
        subject=("user", made.user_id),
        organisation=made.organisation,
        membership=made.pk,
        role=made.role,
        supplier_no=made.supplier_no,
        valid_from=made.valid_from,
        valid_until=made.valid_until,
    )
    return made


def end_membership(actor: Actor, *, membership: Membership, on: date | None = None) -> None:
    """End a role: `on` (today) is the first day without it. A role that has not begun by then is taken back.

    Raises Http404 out of reach, UsageError for an own role or the last administrator.
    """
    last = on or actor.today
    must_manage(actor, membership)
    must_be_another(actor, membership.user_id)
    with transaction.atomic():
        keep_an_administrator(actor, Q(pk=membership.pk))
        kept = membership.pk
        if last <= membership.valid_from:
            membership.delete()
        else:
            membership.valid_until = last
            membership.save(update_fields=["valid_until"])
        record(
            actor,
            "accounts.role_ended",
            subject=("user", membership.user_id),
            organisation=membership.organisation,
            membership=kept,
            role=membership.role,
            valid_until=last,
        )


def restore_membership(actor: Actor, *, membership: Membership) -> None:
    """Undo the end of a role: it holds again without an end. Raises as `grant`."""
    must_manage(actor, membership)
    must_be_another(actor, membership.user_id)
    membership.valid_until = None
    with transaction.atomic():
        if _overlapping(membership).exists():
            raise BadInputError("role_held_already")
        membership.save(update_fields=["valid_until"])
        record(
            actor,
            "accounts.role_restored",
            subject=("user", membership.user_id),
            organisation=membership.organisation,
            membership=membership.pk,
            role=membership.role,
        )


def must_be_another(actor: Actor, user_id: int) -> None:
    """Raise UsageError when somebody acts on themselves: nobody changes what they may do."""
    if actor.user_id == user_id:
        raise UsageError("own_roles")


def must_be_dates(begins: date, ends: date | None) -> None:
    """Raise BadInputError unless the end lies behind the beginning."""
    if ends is not None and ends <= begins:
        raise BadInputError("dates_swapped_role", begins=begins, ends=ends)


def keep_an_administrator(actor: Actor, leaving: Q) -> None:
    """Raise UsageError when an administrator leaves and nobody at that organisation or above it stays one for good.

    Within a transaction: the rows of all administrators are locked, so that two cannot end each other at once.
    """
    everyone = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    open_ended = everyone.filter(valid_from__lte=actor.today, valid_until=None).select_for_update(of=("self",))
    going = set(everyone.filter(leaving).values_list("pk", flat=True))
    held = list(open_ended)
    stay = {one.organisation for one in held if one.pk not in going}
    for one in held:
        above = {one.organisation, *actor.tree.ancestors(one.organisation, actor.today)}
        if one.pk in going and not above & stay:
            raise UsageError("last_administrator", organisation=one.organisation)


def _overlapping(made: Membership) -> QuerySet[Membership]:
    same = Membership.objects.filter(
        user_id=made.user_id, role=made.role, organisation=made.organisation, supplier_no=made.supplier_no
    ).exclude(pk=made.pk)
    still = same.filter(Q(valid_until=None) | Q(valid_until__gt=made.valid_from))
    return still.filter(valid_from__lt=made.valid_until) if made.valid_until else still
