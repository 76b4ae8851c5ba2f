"""A city that screens, for tests outside of the screening app: a ledger with a market, and a policy in force."""

from __future__ import annotations

from typing import Any

import builders
import site_world
from chorok.core.screening import policy as policies
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site_ledgers
from chorok.site.screening import adopting

_made: dict[str, Ledger] = {}


def in_market(made: Ledger, folders: Any, settings: Any) -> Ledger:
    """Put the site on a copy of a ledger with a market of chairs, made once a run; read it, never write."""
    key = str(made.path)
    if key not in _made:
        _made[key] = builders.copy(made.path, folders.mktemp("시장") / "원장")
        site_world.stock(_made[key])
    settings.LEDGER = _made[key].path
    site_ledgers.forget()
    return _made[key]


def adopt(leader: Actor, name: str = "strict") -> Actor:
    """Let the leader's city screen under a policy from today on; return the leader."""
    adopting.adopt(leader, organisation=builders.CITY, policy=policies.preset(name), since=leader.today)
    return leader
