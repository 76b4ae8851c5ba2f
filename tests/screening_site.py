"""A city that screens, for tests outside of the screening app: a ledger with a market, and a policy in force."""

from __future__ import annotations

import builders
from chorok.core.screening import policy as policies
from chorok.site.accounts.rights import Actor
from chorok.site.screening import adopting


def adopt(leader: Actor, name: str = "strict") -> Actor:
    """Let the leader's city screen under a policy from today on; return the leader."""
    adopting.adopt(leader, organisation=builders.CITY, policy=policies.preset(name), since=leader.today)
    return leader
