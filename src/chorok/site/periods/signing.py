"""Who took a step, as the ledger's records name people of the site: by number, so that a name can be erased."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chorok.site.accounts.models import User
from chorok.site.accounts.rights import Actor, Held
from chorok.site.config.language import say

_SIGNED = re.compile(r"site:(\d+)(?:@(\d+))?")
"""`site:12` is person 12 of this site, `site:12@5` the same standing in for person 5."""


def signature(actor: Actor, held: Held) -> str:
    """Return how a record names who acts, by the role that they act in."""
    return f"site:{actor.user_id}" + (f"@{held.behalf}" if held.behalf else "")


def parties(by: str) -> frozenset[int]:
    """Return the ids of the people behind a signature: who acted, and for whom. Nobody for a name of another origin."""
    match = _SIGNED.fullmatch(by)
    return frozenset(int(one) for one in match.groups() if one) if match else frozenset()


def names(signatures: Iterable[str]) -> dict[str, str]:
    """Return what signatures are shown as; a name that was written on the command line stays as it is."""
    wanted = set(signatures)
    people = {one for by in wanted for one in parties(by)}
    known = {user.pk: str(user) for user in User.objects.filter(pk__in=people)} if people else {}
    return {by: _shown(by, known) for by in wanted}


def _shown(by: str, known: dict[int, str]) -> str:
    match = _SIGNED.fullmatch(by)
    if not match:
        return by
    who, behalf = (
        known.get(int(one), say("site.periods.somebody", number=one)) if one else "" for one in match.groups()
    )
    return say("site.periods.standing_in", who=who, behalf=behalf) if behalf else who
