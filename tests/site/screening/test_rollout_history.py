"""Screening that began elsewhere is counted from its first request here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import builders
from chorok.core.screening import policy as policies
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.fulfilment.selectors import covered
from chorok.site.screening import services
from chorok.site.screening.models import Adoption
from chorok.site.screening.writing import Header, Wanted


def test_a_history_without_requests_says_nothing_of_compliance(
    market: Ledger, actor: Callable[..., Actor], purchaser: Actor
) -> None:
    strict = policies.preset("strict")
    Adoption.objects.create(
        organisation=builders.WEST, policy="strict", version=strict.version, content=policies.written(strict),
        since=date(2016, 1, 1),
    )  # fmt: skip
    leader = actor("leader", builders.CITY)
    assert covered(leader, [builders.WEST, builders.EAST]) == []
    line = Wanted({"description": "초록의자", "product_id": "80000021", "quantity": 1, "unit": "개"})
    one = services.draft(purchaser, organisation=builders.WEST, header=Header("의자"), lines=[line])
    assert covered(leader, [builders.WEST]) == []
    services.submit(purchaser, pk=one.pk, version=1)
    (found,) = covered(leader, [builders.WEST])
    assert [(stretch.since, stretch.until) for stretch in found.stretches] == [(leader.today, None)]
