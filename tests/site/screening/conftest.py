"""Somebody who asks, somebody who signs, and a policy in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import builders
from chorok.core.screening import policy as policies
from chorok.core.screening.policy import Override
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.screening import adopting, services
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted


@pytest.fixture
def adopted(market: Ledger, actor: Callable[..., Actor]) -> Callable[..., Actor]:
    """Let the first city screen under a policy, and return its leader; `override` switches that on."""

    def adopt(name: str = "strict", *, override: bool = False, **changes: Any) -> Actor:
        leader = actor("leader", builders.CITY)
        policy = replace(policies.preset(name), **changes)
        if override:
            policy = replace(policy, override=Override("deputy_head", 5))
        adopting.adopt(leader, organisation=builders.CITY, policy=policy, since=leader.today)
        return leader

    return adopt


@pytest.fixture
def purchaser(market: Ledger, actor: Callable[..., Actor]) -> Actor:
    """Somebody of a district of the first city who asks to buy."""
    return actor("purchaser", builders.WEST)


@pytest.fixture
def asked(purchaser: Actor) -> Callable[..., Request]:
    """Draft a request of some lines."""

    def ask(*lines: dict[str, Any], title: str = "사무용품") -> Request:
        wanted = [Wanted(line) for line in lines]
        return services.draft(purchaser, organisation=builders.WEST, header=Header(title), lines=wanted)

    return ask
