"""A market, a policy in force at a district, and somebody who asks there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import builders
from chorok.core.screening import policy as policies
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site_ledgers
from chorok.site.screening import adopting, services, signing
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted
from site_world import NEAR_CHAIR

LEADER: Any = "environment_team_leader"
CHAIR = {"product_id": NEAR_CHAIR, "description": "초록의자", "quantity": 2, "unit": "개", "amount": 190_000}
PIPE = {"description": "배수관", "class_code": "90000002", "quantity": 3, "unit": "개", "amount": 30_000,
        "statement": "이 규격의 인증 제품이 없음"}  # fmt: skip


@pytest.fixture
def market(made_market: Ledger, serve: Callable[[Ledger], Ledger], tmp_path: Path) -> Ledger:
    """A copy of the ledger with a market that the site serves, to be written into."""
    return serve(builders.copy(made_market.path, tmp_path / "이행 원장"))


@pytest.fixture
def leader(market: Ledger, actor: Callable[..., Actor]) -> Actor:
    """The leader of the first city, who let a district of it screen strictly."""
    found = actor("leader", builders.CITY)
    adopting.adopt(found, organisation=builders.WEST, policy=policies.preset("strict"), since=found.today)
    return found


@pytest.fixture
def purchaser(market: Ledger, actor: Callable[..., Actor]) -> Actor:
    """Somebody of that district who asks to buy."""
    return actor("purchaser", builders.WEST)


@pytest.fixture
def agreed(leader: Actor, purchaser: Actor) -> Callable[..., Request]:
    """Bring a request of some lines to where it may be bought."""

    def ask(*lines: dict[str, Any], title: str = "사무용품", department: str = "총무과") -> Request:
        wanted = [Wanted(line) for line in lines]
        header = Header(title, department=department)
        one = services.draft(purchaser, organisation=builders.WEST, header=header, lines=wanted)
        one = services.submit(purchaser, pk=one.pk, version=1)
        if one.state == "awaiting":
            numbers = [line.number for line in one.lines.all() if line.outcome == "needs_cosign"]
            one = signing.close(leader, pk=one.pk, version=1, how="cosigned", numbers=numbers, office=LEADER)
        assert one.state in ("passed", "approved")
        return one

    return ask


@pytest.fixture
def buy(market: Ledger, tmp_path: Path) -> Callable[..., None]:
    """Import purchases of the district."""

    def take(*lines: dict[str, Any], source: str = "koneps-later") -> None:
        file = builders.write_csv(
            tmp_path / f"{source}.csv", [bought(number, **line) for number, line in enumerate(lines)]
        )
        builders.take(market, file, source=source)
        site_ledgers.forget()

    return take


def bought(number: int, **changed: Any) -> dict[str, str]:
    """Return a purchase of the certified chair as a file has it."""
    usual: dict[str, Any] = {
        "day": "2020-11-02", "org": builders.WEST, "department": "총무과", "kind": "물품", "product": NEAR_CHAIR,
        "detail": "9000000101", "name": "초록의자", "spec": "", "quantity": 2, "unit": "개", "amount": 190_000,
    }  # fmt: skip
    return builders.keyed(50_000 + number, **{**usual, **changed})
