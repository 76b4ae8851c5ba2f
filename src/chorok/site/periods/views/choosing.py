"""What several pages of this app let people choose from."""

from __future__ import annotations

from chorok.site.accounts.rights import Actor
from chorok.site.config.addresses import whole
from chorok.site.periods import rules, selectors


def organisations(actor: Actor, right: str = rules.SEE) -> list[tuple[str, str]]:
    """Return the organisations at which the actor has a right, by code, with their names."""
    desk, reach = selectors.desk(), actor.reach(right)
    return [(code, desk.name(code)) for code in desk.tree.codes() if code in reach]


def year_of(text: str, default: int) -> int:
    """Return a year that is written in an address; the default for anything else."""
    year = whole(text)
    return year if year is not None and 1990 <= year <= 2100 else default
