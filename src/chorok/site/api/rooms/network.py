"""What the members of a network have released to it, and nothing else of theirs."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema

from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import Code, Room, Year
from chorok.site.api.schemas import RatioOut, ShareOut, SumsOut
from chorok.site.config import ledger
from chorok.site.performance import network as reading
from chorok.site.performance.network import SEE, Network
from chorok.site.performance.released import EVERYTHING, Figures

room = Room(tags=["measures"])
BASIS, DEFINITION = "eligible", "national"
"""What released figures are always of."""


class ReleasedOut(Schema):
    """Released sums and share: of the whole (`item_group` null), of an item group, or of money without one ('')."""

    item_group: str | None
    sums: SumsOut
    share: ShareOut


class MemberOut(Schema):
    """A member of the network in the year. `released_on` null: it has released nothing, the rest is empty then."""

    organisation: str
    name: str
    part_of: str | None
    released_on: date | None
    level: str | None
    snapshot: int | None
    closing: str | None
    currency: str | None
    rank: int | None
    rank_best: int | None
    rank_worst: int | None
    aim: RatioOut | None
    figures: list[ReleasedOut]


class NetworkOut(Schema):
    """The members of a network beside each other, ranked ones first, and the years of which there are figures."""

    network: str
    year: int
    years: list[int]
    basis: str
    definition: str
    members: list[MemberOut]


@room.answers("GET", "/measures/network", SEE, of=NetworkOut)
def network(request: AskingRequest, network: Code | None = None, year: Year | None = None) -> dict[str, Any]:
    """Compare the members of a network by what they have released."""
    code = reading.asked(request.actor, network or "")
    asked = year or ledger.ledger().today.year - 1
    found = Network(request.actor, ledger.names(), code, asked)
    return {
        "network": code,
        "year": asked,
        "years": found.years,
        "basis": BASIS,
        "definition": DEFINITION,
        "members": [_member(found, one) for one in found.compared.placed],
    }


def _member(found: Network, one: Any) -> dict[str, Any]:
    code = one.member.code
    release, figures, rank = found.releases.get((code, found.year)), found.figures.get(code), one.rank
    return {
        "organisation": code,
        "name": found.names.show("organisation", code) or code,
        "part_of": one.member.part_of,
        "released_on": release.released_on if release else None,
        "level": release.level if release else None,
        "snapshot": release.snapshot if release else None,
        "closing": figures.closing if figures else None,
        "currency": figures.currency if figures else None,
        "rank": rank.place if rank else None,
        "rank_best": rank.best if rank else None,
        "rank_worst": rank.worst if rank else None,
        "aim": RatioOut.hundredth(figures.aim) if figures else None,
        "figures": _figures(figures) if figures else [],
    }


def _figures(found: Figures) -> list[dict[str, Any]]:
    items = [(code, amounts) for code, amounts in sorted(found.sums.items()) if code != EVERYTHING]
    return [
        {"item_group": code, "sums": SumsOut.of(amounts, BASIS), "share": ShareOut.of(amounts.share(BASIS))}
        for code, amounts in [(None, found.total), *items]
    ]
