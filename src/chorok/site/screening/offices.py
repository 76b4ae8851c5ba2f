"""Who holds the offices that act on a request, and where: the nearest up the requester's own tree (rules section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q

from chorok.core.organisations import Tree
from chorok.core.screening.workflow import Case, Hand, Office, may_act
from chorok.site.accounts.models import Membership
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import Role

ROLES_OF: dict[Office, frozenset[Role]] = {
    "environment_team_leader": frozenset({Role.LEADER}),
    "environment_division_head": frozenset({Role.DIVISION_HEAD}),
    "deputy_head": frozenset({Role.DEPUTY_HEAD}),
    "green_purchase_officer": frozenset({Role.OFFICER, Role.DISTRICT_OFFICER}),
    "accounting_officer": frozenset({Role.ACCOUNTING}),
}
OFFICES_OF: dict[Role, Office] = {role: office for office, roles in ROLES_OF.items() for role in roles}


def people_at(office: Office, place: str, on: date) -> set[int]:
    """Return the ids of people who hold an office at a place themselves."""
    valid = Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gt=on))
    held = Membership.objects.filter(valid, role__in=ROLES_OF[office], organisation=place, user__is_active=True)
    return set(held.values_list("user_id", flat=True))


def upwards(tree: Tree, organisation: str, on: date) -> Iterator[str]:
    """Yield an organisation and those above it, up to its city: a network signs for nobody."""
    for code in (organisation, *tree.ancestors(organisation, on)):
        row = tree.get(code)
        if row is None or row.kind != "network":
            yield code


def nearest(tree: Tree, organisation: str, on: date, office: Office, but: Iterable[int]) -> str:
    """Return the nearest place upwards where somebody holds an office who is not among `but`; the topmost if none."""
    places = list(upwards(tree, organisation, on))
    out = set(but)
    return next((place for place in places if people_at(office, place, on) - out), places[-1])


def above(tree: Tree, place: str, on: date, office: Office, but: Iterable[int]) -> str | None:
    """Return the next place above where somebody holds an office; None when there is none."""
    out = set(but)
    return next((one for one in list(upwards(tree, place, on))[1:] if people_at(office, one, on) - out), None)


def barred(case: Case, office: Office) -> set[int]:
    """Return the ids of people who have acted on a request in another office."""
    return {int(person) for hand in case.hands if hand.office != office for person in hand.persons}


def hand_at(actor: Actor, case: Case, office: Office, places: Iterable[str]) -> Hand | None:
    """Return the hand by which the actor acts for an office at one of some places; None when there is none.

    An own role goes before one of somebody the actor stands in for. A hand that has acted in another office is
    returned too, so that the workflow can say why it may not act.
    """
    at = set(places)
    hands = [
        Hand(office, frozenset(str(one) for one in (actor.user_id, held.behalf) if one is not None))
        for held in sorted(actor.held, key=lambda held: held.behalf is not None)
        if held.role in ROLES_OF[office] and held.organisation in at
    ]
    return next((hand for hand in hands if may_act(case, hand)), hands[0] if hands else None)


def behalf_of(actor: Actor, hand: Hand) -> int | None:
    """Return whom the actor stands in for in a hand."""
    return next((int(one) for one in hand.persons if int(one) != actor.user_id), None)
