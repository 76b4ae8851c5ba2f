"""Where a role is held: whether an administrator may act there, and how a place is named."""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.http import Http404
from stdnum.exceptions import ValidationError
from stdnum.kr import brn

from chorok.core.errors import BadInputError
from chorok.site.accounts.models import Membership, User
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import Role
from chorok.site.config import language

MANAGE = "accounts.manage"


class Placed(Protocol):
    """What names a place: a membership, an invitation, a role held."""

    @property
    def organisation(self) -> str:
        """The code of the organisation; empty for a supplier."""

    @property
    def supplier_no(self) -> str:
        """The business number of a supplier; else empty."""


def name_of(actor: Actor, code: str) -> str:
    """Return the name of an organisation in the request's language; a code that the tree lacks stands for itself."""
    row = actor.tree.get(code, actor.today)
    if row is None:
        return code
    first, second = (row.name_en, row.name_ko) if language.current() == "en" else (row.name_ko, row.name_en)
    return first or second or code


def shown(actor: Actor, placed: Placed) -> str:
    """Return a place in words: the organisation's name, or the supplier's business number as it is written."""
    return name_of(actor, placed.organisation) if placed.organisation else str(brn.format(placed.supplier_no))


def business_number(written: str) -> str:
    """Return a business number in its ten digits. Raises BadInputError."""
    try:
        return str(brn.validate(written))
    except ValidationError:
        raise BadInputError("business_number_bad", number=written) from None


def is_at_top(actor: Actor) -> bool:
    """Tell whether the actor administers an organisation that has none above it: there suppliers are looked after."""
    return any(not actor.tree.parents(code, actor.today) for code in actor.places(MANAGE))


def manages(actor: Actor, placed: Placed) -> bool:
    """Tell whether the actor may act on roles at a place."""
    return is_at_top(actor) if placed.supplier_no else actor.may(MANAGE, placed.organisation)


def managed(actor: Actor, prefix: str = "") -> Q:
    """Return the condition that a row's place is within the actor's reach."""
    within = Q(**{f"{prefix}organisation__in": actor.reach(MANAGE)})
    return within | ~Q(**{f"{prefix}supplier_no": ""}) if is_at_top(actor) else within


def must_manage(actor: Actor, placed: Placed) -> None:
    """Raise Http404 unless the actor may act on roles at a place: out of reach is like not there."""
    if not manages(actor, placed):
        raise Http404


def holds_elsewhere(actor: Actor, user: User) -> bool:
    """Tell whether a person holds, or will hold, a role out of the actor's reach."""
    lasting = Q(valid_until=None) | Q(valid_until__gt=actor.today)
    return Membership.objects.filter(lasting, user=user).exclude(managed(actor)).exists()


def settled(actor: Actor, role: str, organisation: str, supplier_no: str) -> tuple[Role, str, str]:
    """Return role, organisation and business number as they are kept. Raises BadInputError for a place that is none."""
    if role not in Role.values:
        raise BadInputError("role_unknown", role=role)
    if role == Role.SUPPLIER:
        return Role.SUPPLIER, "", business_number(supplier_no)
    if actor.tree.get(organisation, actor.today) is None and organisation not in actor.reach(MANAGE):
        raise BadInputError("place_unknown", organisation=organisation)
    return Role(role), organisation, ""
