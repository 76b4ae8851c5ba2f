"""What is read about people: of others only what an administrator reaches, of oneself everything."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from chorok.site.accounts.models import ApiToken, Delegation, Invitation, Membership, User
from chorok.site.accounts.places import managed, shown
from chorok.site.accounts.rights import Actor, Held
from chorok.site.accounts.roles import GRANTS
from chorok.site.config.language import say


@dataclass(frozen=True)
class Reason:
    """Why somebody has a right: a role at a place, perhaps in another's stead."""

    role: str
    place: str
    behalf: str | None = None


@dataclass(frozen=True)
class Right:
    """A right, and by which roles somebody has it; without any they do not."""

    code: str
    reasons: tuple[Reason, ...]


def current(actor: Actor, prefix: str = "") -> Q:
    """Return the condition that a membership holds today."""
    until = Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gt": actor.today})
    return until & Q(**{f"{prefix}valid_from__lte": actor.today})


def people(actor: Actor, *, words: str = "", role: str = "", organisation: str = "", state: str = "") -> QuerySet[User]:
    """Return the people with a role, past or present, within the actor's reach; each with these `seen` roles alone."""
    within = managed(actor)
    roles = Membership.objects.filter(within)
    roles = roles.filter(role=role) if role else roles
    if organisation:
        roles = roles.filter(organisation__in=actor.tree.subtree(organisation, actor.today) | {organisation})
    found = User.objects.filter(pk__in=roles.values("user_id"), erased_at=None)
    if words.strip():
        found = found.filter(Q(name__icontains=words.strip()) | Q(email__icontains=words.strip()))
    if state == "inactive":
        found = found.filter(is_active=False)
    elif state == "active":
        found = found.filter(is_active=True)
    seen = Membership.objects.filter(within).order_by("valid_from", "pk")
    return found.prefetch_related(Prefetch("memberships", seen, to_attr="seen")).order_by("name", "pk")


def person(actor: Actor, pk: int) -> User:
    """Return one of `people`. Raises Http404."""
    found = people(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def membership(actor: Actor, pk: int) -> Membership:
    """Return a membership within the actor's reach. Raises Http404."""
    found = Membership.objects.filter(managed(actor), pk=pk, user__erased_at=None).select_related("user").first()
    if found is None:
        raise Http404
    return found


def invitations(actor: Actor) -> QuerySet[Invitation]:
    """Return the invitations to places within the actor's reach that are still open, the newest first."""
    return Invitation.objects.filter(managed(actor), accepted_at=None, revoked_at=None).order_by("-created_at", "-pk")


def invitation(actor: Actor, pk: int) -> Invitation:
    """Return an open invitation within reach. Raises Http404."""
    found = invitations(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def own_memberships(actor: Actor) -> QuerySet[Membership]:
    """Return the roles that the person holds today."""
    return Membership.objects.filter(current(actor), user_id=actor.person).order_by("valid_from", "pk")


def own_delegations(actor: Actor) -> tuple[QuerySet[Delegation], QuerySet[Delegation]]:
    """Return the delegations a person gave and received that have not ended."""
    lasting = Delegation.objects.filter(valid_until__gt=actor.today, revoked_at=None).order_by("valid_from", "pk")
    lasting = lasting.select_related("membership__user", "delegate")
    return lasting.filter(membership__user_id=actor.person), lasting.filter(delegate_id=actor.person)


def own_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """Return a person's tokens that are not revoked, the newest first; those that ran out stay to be seen."""
    return ApiToken.objects.filter(user_id=actor.person, revoked_at=None).order_by("-created_at", "-pk")


def has_ended(token: ApiToken) -> bool:
    """Tell whether a token has run out."""
    return token.expires_at <= timezone.now()


def rights(actor: Actor) -> list[Right]:
    """Return every right there is, and by which roles at which organisations the actor has it."""
    behalves = {held.behalf for held in actor.held if held.behalf is not None}
    names = dict(User.objects.filter(pk__in=behalves).values_list("pk", "name"))
    return [Right(code, tuple(_reason(actor, held, names) for held in actor.why(code))) for code in GRANTS]


def standing(actor: Actor) -> str:
    """Return in a few words as what a person is here: the first role and its place, and how many more there are."""
    if not actor.held:
        return say("site.accounts.standing.none")
    first, more = actor.held[0], len(actor.held) - 1
    words = {"role": say(f"site.role.{first.role}"), "place": shown(actor, first)}
    return say("site.accounts.standing.more", n=more, **words) if more else say("site.accounts.standing.one", **words)


def _reason(actor: Actor, held: Held, names: dict[int, str]) -> Reason:
    behalf = None if held.behalf is None else names.get(held.behalf, "")
    return Reason(held.role, shown(actor, held), behalf)
