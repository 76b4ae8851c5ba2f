"""Targets with what came of them, and the item groups to work on first."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, cast

from ninja import Schema
from pydantic import Field

from chorok.core.measures.core_items import BY, PERCENTILE, By, Choice, CoreItem
from chorok.core.money import round_half_away
from chorok.ledger.targets import Row
from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import Code, Room, Year, one_of
from chorok.site.api.rooms.measures import asked_for
from chorok.site.api.schemas import GroundsOut, PointsOut, RatioOut, ShareOut
from chorok.site.goals import selectors
from chorok.site.goals.selectors import SEE

room = Room(tags=["goals"])
Rule = Annotated[str, one_of(*BY)]
Reference = Annotated[str, one_of("city", "best-peer")]
Percent = Annotated[int, Field(ge=0, le=100)]
Top = Annotated[int, Field(ge=1, le=1_000)]


class TargetOut(Schema):
    """A target in force. `standing`: met, missed, open (bounds on both sides), no_data, running, ahead."""

    organisation: str
    year: int
    item_group: str | None
    mode: str
    value: str
    basis: str
    definition: str
    set_on: date | None
    revisions: int
    lower_is_better: bool
    base: RatioOut | None
    aim: RatioOut | None
    result: ShareOut | None
    attained: RatioOut | None
    gap_closed: RatioOut | None
    standing: str


class TargetsOut(Schema):
    """Targets within reach, the latest year first. `grounds`: what results rest on, by basis and definition."""

    grounds: list[GroundsOut]
    targets: list[TargetOut]


class CoreItemOut(Schema):
    """An item group as a candidate; `potential` in smallest units is what is missing to the reference."""

    item_group: str
    why: str
    share: ShareOut
    weight: RatioOut
    reference: RatioOut | None
    potential: int
    effect: PointsOut
    most: PointsOut


class CoreItemsOut(Schema):
    """Core items of a year, the greatest potential first, and the spend from which on it counts as high."""

    grounds: GroundsOut | None
    currency: str | None
    why_none: str | None
    high_spend: int
    items: list[CoreItemOut]


@room.answers("GET", "/measures/targets", SEE, of=TargetsOut, stays=True)
def targets(request: AskingRequest, organisation: Code | None = None, year: Year | None = None) -> dict[str, Any]:
    """List targets in force with what came of them."""
    reach = request.actor.reach(SEE)
    if organisation is not None:
        asked_for(request, SEE, organisation=organisation)
    found = selectors.targets(request.actor, organisation or "", year)
    answers = [one.answer for one in found.asked if one.answer]
    return {
        "grounds": [GroundsOut.of(one, None, None) for one in answers],
        "targets": [_target(row) for row in found.rows if row.target.scope in reach],
    }


def _target(row: Row) -> dict[str, Any]:
    one = row.target
    return {
        "organisation": one.scope,
        "year": one.year,
        "item_group": one.item,
        "mode": one.mode,
        "value": str(round_half_away(one.value, 6).normalize()),
        "basis": one.basis,
        "definition": one.definition,
        "set_on": one.set_on,
        "revisions": len(row.history),
        "lower_is_better": one.lower_is_better,
        "base": RatioOut.hundredth(row.base),
        "aim": RatioOut.hundredth(row.aim),
        "result": ShareOut.of(row.result) if row.result else None,
        "attained": RatioOut.of(row.attainment.ratio),
        "gap_closed": RatioOut.of(row.attainment.gap_closed),
        "standing": row.standing,
    }


@room.answers("GET", "/measures/core-items", SEE, of=CoreItemsOut, stays=True)
def core_items(
    request: AskingRequest,
    year: Year,
    organisation: Code | None = None,
    rule: Rule = "rule",
    percentile: Percent = PERCENTILE,
    reference: Reference = "city",
    top: Top | None = None,
) -> dict[str, Any]:
    """Choose the item groups to work on first."""
    asked = asked_for(request, SEE, organisation=organisation)
    found = selectors.core(
        request.actor, asked.organisation, year, Choice(cast("By", rule), percentile, top), reference
    )
    answer = found.shares.answer
    return {
        "grounds": GroundsOut.of(answer, asked.organisation, str(year)) if answer else None,
        "currency": found.shares.currencies.get(asked.organisation),
        "why_none": found.why_none,
        "high_spend": found.chosen.high_spend,
        "items": [_core_item(one) for one in found.chosen.items],
    }


def _core_item(one: CoreItem) -> dict[str, Any]:
    return {
        "item_group": one.code,
        "why": one.why,
        "share": ShareOut.of(one.share),
        "weight": RatioOut.of(one.weight),
        "reference": RatioOut.of(one.reference),
        "potential": int(round_half_away(one.potential, 0)),
        "effect": PointsOut.of(one.effect),
        "most": PointsOut.of(one.most),
    }
