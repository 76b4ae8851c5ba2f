"""What people see of the tree. Names and places pass between cities; changes and profiles stay within reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from chorok.core.organisations import Organisation, Problem, Tree
from chorok.core.periods import FOREVER, Period
from chorok.ledger.figures import Question, summary
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.config.language import current
from chorok.site.organisations import reach
from chorok.site.organisations.models import State, TreeChange

MOST_WHOLE = 400
"""Up to so many organisations the tree is shown whole; of a bigger one the two topmost levels."""
MOST_FOUND = 100


@dataclass
class Node:
    """An organisation in the tree of a day, with those below it."""

    code: str
    name: str
    kind: str
    below: list[Node] = field(default_factory=list)
    hidden: int = 0  # children that are not shown here


def called(row: Organisation) -> str:
    """Return the name of a row in the request's language."""
    first, second = (row.name_en, row.name_ko) if current() == "en" else (row.name_ko, row.name_en)
    return first or second or row.code


def nodes(tree: Tree, on: date) -> list[Node]:
    """Return the tree of a day from its topmost organisations down; what is not there on the day is left out."""
    standing = {code for code in tree.codes() if tree.valid_on(code, on)}
    below = {code: sorted(found & standing) for code, found in tree.children(on).items()}
    tops = [code for code in sorted(standing) if not tree.parents(code, on) & standing]
    depth = 99 if len(standing) <= MOST_WHOLE else 2
    return [_node(tree, code, on, below, depth, frozenset()) for code in tops]


def _node(tree: Tree, code: str, on: date, below: dict[str, list[str]], depth: int, above: frozenset[str]) -> Node:
    row = tree.get(code, on)
    assert row is not None
    children = [child for child in below.get(code, []) if child not in above]
    if depth <= 1:
        return Node(code, called(row), row.kind, [], len(children))
    inner = [_node(tree, child, on, below, depth - 1, above | {code}) for child in children]
    return Node(code, called(row), row.kind, inner)


def find(tree: Tree, words: str, on: date) -> tuple[list[Organisation], int]:
    """Return organisations whose code, names or aliases contain all words: the first hundred, and how many."""
    wanted = words.casefold().split()
    found = []
    for code in tree.codes():
        text = " ".join((code, *(name for row in tree.rows[code] for name in row.names()))).casefold()
        row = tree.get(code, on)
        if row is not None and all(word in text for word in wanted):
            found.append(row)
    return found[:MOST_FOUND], len(found)


def unnamed(actor: Actor) -> dict[str, int]:
    """Return names in files within reach that fit no organisation, and what was bought under each, biggest first."""
    if not site.is_published():
        return {}
    reachable = actor.reach(reach.CHANGE)
    unplaced = summary(site.published(), Question(("city",))).unplaced.items()
    mine = {name: amount for name, amount in unplaced if name.partition("/")[0] in reachable and "/" in name}
    return dict(sorted(mine.items(), key=lambda one: (-one[1], one[0])))


def problems(tree: Tree, reachable: Iterable[str]) -> list[Problem]:
    """Return the slips of the tree that concern some organisations."""
    mine = set(reachable)
    return [problem for problem in tree.check() if problem.params["code"] in mine]


def changes(actor: Actor) -> QuerySet[TreeChange]:
    """Return the changes in reach that were confirmed, the newest first."""
    mine = TreeChange.objects.filter(state__in=(State.APPLYING, State.APPLIED))
    return mine.filter(organisation__in=actor.reach(reach.CHANGE)).select_related("made_by").order_by("-pk")


@dataclass(frozen=True)
class Effect:
    """What was bought since the day of a change by an organisation and all below it; None out of the actor's sight."""

    code: str
    name: str
    below: int
    bought: dict[str, int] | None  # currency -> amount of the eligible basis
    lines: int
    cities: tuple[str, str] | None  # from whose total it moves into whose


def effects(actor: Actor, change: TreeChange) -> list[Effect]:
    """Return what a change does to the figures: nothing, unless something moves from one city to another."""
    if change.on is None:
        return []
    now = actor.tree
    mine = {row["code"] for row in change.before}
    fresh = Tree.of(_rows(now, change))
    tops = [code for code in sorted(mine) if not set(now.ancestors(code, change.on)) & mine]
    return [_effect(actor, code, change.on, now, fresh) for code in tops]


def _rows(tree: Tree, change: TreeChange) -> list[dict[str, Any]]:
    kept = [vars(row) for code in tree.codes() if code not in change.codes for row in tree.rows[code]]
    days = ("valid_from", "valid_until")
    fresh = [
        {**row, **{day: date.fromisoformat(row[day]) if row[day] else None for day in days}} for row in change.after
    ]
    return kept + fresh


def _effect(actor: Actor, code: str, on: date, now: Tree, fresh: Tree) -> Effect:
    cities = now.city_of(code, on), fresh.city_of(code, on)
    moved = cities[0] != cities[1] and cities[0] is not None
    bought, lines = None, 0
    if actor.may("purchases.see", code) and site.is_published():
        found = summary(site.published(), Question((), period=Period(on, FOREVER), organisation=code)).figures
        bought = {one.currency: one.amounts.share().denominator for one in found}
        lines = sum(one.amounts.lines for one in found)
    shown = (name_of(actor, cities[0] or ""), name_of(actor, cities[1] or "–")) if moved else None
    return Effect(code, name_of(actor, code), len(now.subtree(code, on)) - 1, bought, lines, shown)
