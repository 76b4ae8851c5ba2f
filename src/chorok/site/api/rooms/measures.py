"""Figures: the share and what it is made of, each with what it rests on."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from chorok.core.errors import UsageError
from chorok.ledger.figures import DIMENSIONS, Figure, summary
from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import AsOf, Code, Room, When
from chorok.site.api.schemas import GroundsOut, ShareOut, SumsOut
from chorok.site.performance import scope
from chorok.site.performance.scope import Scope

room = Room(tags=["measures"])
SEE = scope.SEE

By = Annotated[str, Field(max_length=100, pattern=r"^([a-z]+(,[a-z]+)*)?$")]


class FigureOut(Schema):
    """One row: its keys by dimension (null: not known), its sums, its share."""

    keys: dict[str, str | None]
    currency: str
    sums: SumsOut
    share: ShareOut
    known: bool


class FiguresOut(Schema):
    """Rows of figures; `without_data` lists members of a network that have none."""

    grounds: GroundsOut
    by: list[str]
    figures: list[FigureOut]
    without_data: list[str]


@room.answers("GET", "/measures/share", SEE, of=FiguresOut, stays=True)
def share(
    request: AskingRequest,
    organisation: Code | None = None,
    period: When | None = None,
    by: By = "",
    basis: Code | None = None,
    definition: Code | None = None,
    as_of: AsOf | None = None,
) -> dict[str, Any]:
    """Return the green share of an organisation with all below it."""
    asked = asked_for(
        request, organisation=organisation, period=period, basis=basis, definition=definition, as_of=as_of
    )
    wanted = [name for name in by.split(",") if name]
    if len(set(wanted)) < len(wanted):
        raise UsageError("dimension_unknown", dimension=by, known=", ".join(DIMENSIONS))
    answer = summary(asked.published, asked.question(*wanted))
    return {
        "grounds": GroundsOut.of(answer, asked.organisation, asked.written),
        "by": wanted,
        "figures": [_figure(one, wanted, asked.basis) for one in answer.figures],
        "without_data": list(answer.without_data),
    }


def asked_for(request: AskingRequest, right: str = SEE, **given: str | None) -> Scope:
    """Return the question of a call as pages understand it: out of reach is not there."""
    return scope.read(request.actor, {name: value for name, value in given.items() if value}, right)


def _figure(one: Figure, by: list[str], basis: str) -> dict[str, Any]:
    return {
        "keys": dict(zip(by, one.keys, strict=True)),
        "currency": one.currency,
        "sums": SumsOut.of(one.amounts, basis),
        "share": ShareOut.of(one.amounts.share(basis)),
        "known": not one.amounts.not_known,
    }
