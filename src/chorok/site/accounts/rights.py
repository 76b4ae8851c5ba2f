"""Who asks, and what they may do where. Every view says which right it needs; without one it answers nobody."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from chorok.core.organisations import Tree
from chorok.site.accounts.models import Delegation, Membership
from chorok.site.accounts.roles import GRANTS, WITHIN_A_CITY, Role

SIGNED_IN = "signed_in"
"""What a `personal` view says instead of a right."""

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class AskingRequest(HttpRequest):
    """A request after `ActorMiddleware`: it knows who asks."""

    actor: Actor


@dataclass(frozen=True)
class Held:
    """A role held today at an organisation (a supplier's: its business number); `behalf`: whom one stands in for."""

    role: Role
    organisation: str
    supplier_no: str = ""
    behalf: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who asks, on a day: a person and the roles they hold, also for others. Nobody signed in holds none."""

    user_id: int | None
    held: tuple[Held, ...]
    today: date
    tree: Tree = field(repr=False, compare=False)
    via: str = "page"  # page | token | command
    scopes: frozenset[str] | None = None  # of a token: the only rights it carries; None: all

    @property
    def person(self) -> int:
        """Return the id of whoever is signed in. Raises PermissionDenied for nobody."""
        if self.user_id is None:
            raise PermissionDenied("signed_in")
        return self.user_id

    def may(self, right: str, organisation: str | None = None) -> bool:
        """Tell whether the actor has a right: at an organisation, or anywhere for None."""
        reach = self.reach(right)
        return bool(reach) or self._placeless(right) if organisation is None else organisation in reach

    def reach(self, right: str) -> frozenset[str]:
        """Return the codes of all organisations where the actor has a right."""
        return _below(_Same(self.tree), frozenset(self.places(right)), self.today)

    def places(self, right: str) -> tuple[str, ...]:
        """Return the organisations at which the actor holds a role with a right, without those below."""
        held = dict.fromkeys(held.organisation for held in self._by(right) if held.organisation)
        return tuple(code for code in held if right not in WITHIN_A_CITY or not self._is_network(code))

    def roles(self, right: str, organisation: str) -> frozenset[Role]:
        """Return the roles by which the actor has a right at an organisation."""
        above = {organisation, *self.tree.ancestors(organisation, self.today)}
        return frozenset(held.role for held in self._by(right) if held.organisation in above)

    def why(self, right: str) -> tuple[Held, ...]:
        """Return the held roles that give a right: what a person is told who asks why they may."""
        return tuple(self._by(right))

    def _by(self, right: str) -> Iterator[Held]:
        granted = GRANTS[right]
        if self.scopes is None or right in self.scopes:
            yield from (held for held in self.held if held.role in granted)

    def _is_network(self, code: str) -> bool:
        row = self.tree.get(code)
        return row is not None and row.kind == "network"

    def _placeless(self, right: str) -> bool:
        return any(True for _ in self._by(right))


@dataclass(frozen=True, eq=False)
class _Same:
    """A tree as a key: the same one, not an equal one."""

    tree: Tree

    def __hash__(self) -> int:
        return id(self.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.tree is self.tree


@functools.lru_cache(maxsize=256)
def _below(same: _Same, tops: frozenset[str], today: date) -> frozenset[str]:
    # An organisation that is not in the tree yet is reached too: its first administrator is to put it there.
    return tops | frozenset(code for top in tops for code in same.tree.subtree(top, today))


def actor_of(
    user_id: int | None, today: date, tree: Tree, via: str = "page", scopes: frozenset[str] | None = None
) -> Actor:
    """Return a person as an actor on a day: own roles and those of people they stand in for."""
    if user_id is None:
        return Actor(None, (), today, tree, via)
    valid = Q(valid_from__lte=today) & (Q(valid_until__isnull=True) | Q(valid_until__gt=today))
    own = Membership.objects.filter(valid, user_id=user_id, user__is_active=True).order_by("pk")
    lent = (
        Delegation.objects.filter(
            delegate_id=user_id, delegate__is_active=True, valid_from__lte=today, valid_until__gt=today, revoked_at=None
        )
        .filter(Q(membership__valid_until__isnull=True) | Q(membership__valid_until__gt=today))
        .filter(membership__valid_from__lte=today, membership__user__is_active=True)
        .select_related("membership")
        .order_by("pk")
    )
    held = [*(_held(one) for one in own), *(_held(one.membership, one.membership.user_id) for one in lent)]
    return Actor(user_id, tuple(held), today, tree, via, scopes)


def _held(membership: Membership, behalf: int | None = None) -> Held:
    return Held(Role(membership.role), membership.organisation, membership.supplier_no, behalf)


def requires_second_factor(actor: Actor) -> bool:
    """Tell whether one of the actor's roles is among those that the site wants a second factor for."""
    return any(held.role in settings.REQUIRE_SECOND_FACTOR for held in actor.held)


def needs(*rights: str) -> Callable[[View], View]:
    """Let a view answer only those who have one of the rights somewhere. The view narrows it to an organisation."""
    unknown = [right for right in rights if right not in GRANTS]
    if unknown or not rights:
        raise ValueError(f"no such right: {unknown}")

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: AskingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.actor.user_id is None:
                return redirect_to_login(request.get_full_path())
            if not any(request.actor.may(right) for right in rights):
                raise PermissionDenied(rights[0])
            return view(request, *args, **kwargs)

        guarded.rights = rights  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return wrap


def personal(view: View) -> View:
    """Let a view answer whoever is signed in, about themselves only, whatever roles they hold."""

    @functools.wraps(view)
    def guarded(request: AskingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.user_id is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.rights = (SIGNED_IN,)  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def public(view: View) -> View:
    """Let a view answer everybody, signed in or not."""
    view.rights = ()  # type: ignore[attr-defined]
    return view


def rights_of(view: Callable[..., HttpResponse]) -> Iterable[str] | None:
    """Return the rights that a view needs; None when it says nothing, so that it answers nobody."""
    found: Iterable[str] | None = getattr(view, "rights", None)
    return found
