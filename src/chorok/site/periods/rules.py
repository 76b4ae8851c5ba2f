"""Who may take which step on a period: the sender's side, the receiver's side, and nobody on both (rules 1.11)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied

from chorok.core.calendar.closing import Standing, Verb
from chorok.core.errors import UsageError
from chorok.core.organisations import CITY_KINDS, Tree
from chorok.site.accounts.rights import Actor, Held
from chorok.site.periods.signing import parties

SEE, SUBMIT, ACCEPT = "periods.see", "periods.submit", "periods.accept"
RIGHTS: dict[Verb, str] = {
    "submit": SUBMIT,
    "withdraw": SUBMIT,
    "accept": ACCEPT,
    "return": ACCEPT,
    "finalise": ACCEPT,
    "reopen": ACCEPT,
}
JUDGING: tuple[Verb, ...] = ("accept", "return", "finalise")
"""Steps that who sent the figures must not take, nor anybody standing in for them."""


def receiver(tree: Tree, organisation: str, on: date) -> str:
    """Return who receives an organisation's figures: the city above it, and for a city the city's own leader."""
    place = tree.get(organisation, on)
    if place is not None and place.kind in CITY_KINDS:
        return organisation
    return next((code for code in tree.ancestors(organisation, on) if _is_city(tree, code, on)), organisation)


def _is_city(tree: Tree, code: str, on: date) -> bool:
    place = tree.get(code, on)
    return place is not None and place.kind in CITY_KINDS


def holding(actor: Actor, right: str, organisation: str) -> list[Held]:
    """Return the roles by which the actor has a right at an organisation, own ones first. Raises PermissionDenied."""
    above = {organisation, *actor.tree.ancestors(organisation, actor.today)}
    hands = [held for held in actor.why(right) if held.organisation in above]
    if not hands:
        raise PermissionDenied(right)
    return sorted(hands, key=lambda held: held.behalf is not None)


def hand(actor: Actor, organisation: str, verb: Verb, standing: Standing) -> Held:
    """Return the role in which the actor takes a step, an own one before a lent one.

    Raises PermissionDenied without one, UsageError period_own where only the sender's own hands are left, and
    period_not_sender for taking back what somebody else sent.
    """
    right = RIGHTS[verb]
    place = organisation if right == SUBMIT else receiver(actor.tree, organisation, actor.today)
    hands = holding(actor, right, place)
    if organisation not in actor.reach(right):
        raise PermissionDenied(right)
    senders = parties(standing.sent.by) if standing.sent else frozenset()
    if verb in JUDGING:
        hands = [held for held in hands if not senders & {actor.user_id, held.behalf}]
        if not hands:
            raise UsageError("period_own", organisation=organisation)
    if verb == "withdraw" and actor.user_id not in senders:
        raise UsageError("period_not_sender")
    return hands[0]


def open_to(actor: Actor, organisation: str, standing: Standing) -> list[Verb]:
    """Return the steps that may follow and that the actor may take."""
    return [verb for verb in standing.next_verbs if _may(actor, organisation, verb, standing)]


def _may(actor: Actor, organisation: str, verb: Verb, standing: Standing) -> bool:
    try:
        hand(actor, organisation, verb, standing)
    except (PermissionDenied, UsageError):
        return False
    return True
