"""Targets and core items of organisations in reach, and their action plans."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Q, QuerySet

from chorok.core.measures.core_items import Choice, Chosen, choose
from chorok.core.measures.targets import Target
from chorok.core.money import Share
from chorok.ledger import core_lists
from chorok.ledger import targets as targets_of
from chorok.ledger.core_lists import CoreList
from chorok.ledger.shares import UNGROUPED, Shares, years
from chorok.ledger.targets import Advice, Row, Table
from chorok.site.accounts.rights import Actor
from chorok.site.config.ledger import ledger, published
from chorok.site.goals.models import ActionPlan

SEE = "goals.see"


def in_reach(actor: Actor) -> list[Target]:
    """Return all targets, revisions included, of organisations in reach."""
    reach = actor.reach(SEE)
    return [one for one in targets_of.read(ledger()) if one.scope in reach]


@dataclass(frozen=True)
class Listed:
    """Targets with what came of them, and the shares that they were held against."""

    rows: list[Row]
    asked: list[Shares]


def targets(actor: Actor, scope: str = "", year: int | None = None) -> Listed:
    """Return the targets in force with what came of them, the latest year first."""
    found = [one for one in in_reach(actor) if scope in ("", one.scope) and year in (None, one.year)]
    asked = targets_of.asked(published(), found)
    rows = Table(asked, ledger(), in_reach(actor)).rows(scope or None, year)
    return Listed(sorted(rows, key=lambda row: (-row.target.year, row.target.scope, row.target.item or "")), asked)


def target(actor: Actor, scope: str, year: int, item: str | None, basis: str, definition: str) -> Row | None:
    """Return one target with all its revisions; None when there is none in reach."""
    key = (scope, item, year, basis, definition)
    found = [one for one in in_reach(actor) if one.key == key]
    if not found:
        return None
    table = Table(targets_of.asked(published(), found), ledger(), found)
    return table.row(table.histories[key]) if key in table.histories else None


def peers(actor: Actor) -> Collection[str]:
    """Return whose figures may be held up to the actor as a peer's: the organisations in reach (rules section 4)."""
    return actor.reach(SEE)


def advice(actor: Actor, scope: str, year: int, item: str | None, basis: str, definition: str) -> tuple[Advice, Shares]:
    """Suggest targets for a year; nobody out of reach is named as a peer."""
    shares = Shares(published(), basis, definition, among=peers(actor))
    return targets_of.suggest(shares, scope, year, item, ledger().today), shares


@dataclass(frozen=True)
class Core:
    """Candidates for core items, the list that was adopted for the year, and what the shares rest on."""

    chosen: Chosen
    ungrouped: Share
    aims: dict[str, Fraction]
    adopted: CoreList | None
    shares: Shares
    why_none: str | None


def core(actor: Actor, scope: str, year: int, choice: Choice, reference: str) -> Core:
    """Return the item groups to work on first, by a rule; `reference` as `Shares.references` takes it.

    The list that was adopted is that of the year after: what was bought in one year is worked on in the next.
    """
    shares = Shares(published(), period=years(year, year), among=peers(actor))
    items = shares.items(scope, year)
    ungrouped = items.pop(UNGROUPED, Share(0, 0))
    chosen = choose(items, shares.references(scope, year, reference), choice, ungrouped)
    return Core(
        chosen,
        ungrouped,
        _aims(actor, scope, year + 1),
        core_lists.in_force(ledger(), scope, year + 1),
        shares,
        shares.why_none(scope, year),
    )


def _aims(actor: Actor, scope: str, year: int) -> dict[str, Fraction]:
    fitting = [
        one for one in in_reach(actor) if one.scope == scope and (one.basis, one.definition) == ("eligible", "national")
    ]
    found = Table(targets_of.asked(published(), fitting), ledger(), fitting).aims(scope, year)
    return {item: aim for item, aim in found.items() if item is not None}


def core_lists_of(actor: Actor, scope: str) -> list[CoreList]:
    """Return all lists of core items of an organisation, the latest first."""
    return [one for one in core_lists.every(ledger()) if one.scope == scope and scope in actor.reach(SEE)][::-1]


def plans(actor: Actor) -> QuerySet[ActionPlan]:
    """Return the action plans of organisations in reach, with how many steps they have and how many are done.

    A plan in which an organisation in reach has a step shows too, whosever it is.
    """
    reach = actor.reach(SEE)
    seen = Q(organisation__in=reach) | Q(pk__in=ActionPlan.objects.filter(steps__owner__in=reach).values("pk"))
    return (
        ActionPlan.objects.filter(seen)
        .annotate(
            count=Count("steps", distinct=True),
            done=Count("steps", filter=Q(steps__done_on__isnull=False), distinct=True),
            late=Count("steps", filter=Q(steps__done_on__isnull=True, steps__due_on__lt=actor.today), distinct=True),
        )
        .order_by("-year", "organisation", "pk")
    )
