"""Who may change what in the tree: within reach, and at the top only the administrator of a network."""

from __future__ import annotations

from collections.abc import Iterable

from chorok.core.errors import UsageError
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import Role
from chorok.site.organisations.rows import Row

SEE, CHANGE = "organisations.see", "organisations.change"

Stretch = tuple[str | None, str | None, str | None]


def is_at_top(actor: Actor) -> bool:
    """Tell whether the actor administers an organisation that has none above it."""
    held = {one.organisation for one in actor.why(CHANGE) if one.role == Role.ADMINISTRATOR}
    return any(not actor.tree.parents(code, actor.today) for code in held)


def may_place(actor: Actor, code: str) -> bool:
    """Tell whether the actor may move, end, merge or split an organisation: that is its parent's affair."""
    parents = actor.tree.parents(code, actor.today)
    return is_at_top(actor) if not parents else parents <= actor.reach(CHANGE)


def must_reach(actor: Actor, before: Iterable[Row], after: Iterable[Row]) -> None:
    """Raise UsageError tree_out_of_reach when a change touches what the actor has no right to.

    Names are the affair of whoever reaches the organisation; where it stands, and that it is there at all, that of
    whoever reaches the parents concerned.
    """
    old, new = _stretches(before), _stretches(after)
    reach, top = actor.reach(CHANGE), is_at_top(actor)
    for code in sorted(old.keys() | new.keys()):
        moved = old.get(code, frozenset()) ^ new.get(code, frozenset())
        parents = {parent for parent, _, _ in moved}
        within = all(parent in reach or parent in new.keys() - old.keys() if parent else top for parent in parents)
        if not within or not (code in reach or code not in old):
            raise UsageError("tree_out_of_reach", code=code)


def _stretches(rows: Iterable[Row]) -> dict[str, frozenset[Stretch]]:
    """Return where each organisation stands when; rows that differ in their names alone are one stretch."""
    found: dict[str, list[Stretch]] = {}
    for row in sorted(rows, key=lambda row: (row["code"], row["valid_from"] or "")):
        mine = found.setdefault(row["code"], [])
        if mine and mine[-1][0] == row["parent"] and mine[-1][2] is not None and mine[-1][2] == row["valid_from"]:
            mine[-1] = (row["parent"], mine[-1][1], row["valid_until"])
        else:
            mine.append((row["parent"], row["valid_from"], row["valid_until"]))
    return {code: frozenset(stretches) for code, stretches in found.items()}
