"""The share at the end of the year, and scorecards of a year."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, cast

from ninja import Schema
from pydantic import Field

from chorok.core import schemes
from chorok.core.money import round_half_away
from chorok.ledger import forecasts, scorecards
from chorok.ledger.forecasts import Outlook
from chorok.ledger.scorecards import KINDS, Asked, Card, Kind, Unit
from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import AsOf, Code, Room, Year, one_of
from chorok.site.api.rooms.measures import SEE, asked_for
from chorok.site.api.schemas import GroundsOut, RatioOut, ShareOut

room = Room(tags=["measures"])
Months = Annotated[int, Field(ge=1, le=11)]
Group = Annotated[str, one_of("", "item", "district", "organisation", "department", "kind")]
Scheme = Annotated[str, one_of(*schemes.names())]
Units = Annotated[str, one_of(*KINDS)]


class NeededOut(Schema):
    """What the rest of the year must be to reach the target: reached, needed or impossible."""

    state: str
    share: RatioOut
    expected: RatioOut


class OutlookOut(Schema):
    """The forecast of a group in one currency. `low`, `high`: the spread of past years; `open_...`: with open money."""

    keys: dict[str, str | None]
    currency: str
    state: str
    so_far: ShareOut
    forecast: RatioOut | None
    low: RatioOut | None
    high: RatioOut | None
    open_low: RatioOut | None
    open_high: RatioOut | None
    past_years: list[int]
    aim: RatioOut | None
    needed: NeededOut | None


class ForecastOut(Schema):
    """Forecasts of a year from its first `months`; `without`: months that are over and have no purchases."""

    grounds: GroundsOut
    year: int
    months: int
    without: list[int]
    outlooks: list[OutlookOut]


class PartOut(Schema):
    """What one indicator gives: its value (percent, %p, a count or smallest units) and its points."""

    indicator: str
    unit: str
    value: str | None
    why_not: str | None
    weight: str | None
    points: str
    low: str
    high: str


class UnitOut(Schema):
    """A scored unit; a department has its name behind its organisation's code."""

    unit: list[str]
    currency: str
    state: str
    rank: int | None
    score: str | None
    low: str | None
    high: str | None
    parts: list[PartOut]


class ScorecardOut(Schema):
    """All units of a scheme, ranked ones first; `checked`: a second person has checked the scheme."""

    grounds: GroundsOut
    scheme: str
    in_force: bool
    checked: bool
    kind: str
    year: int
    units: list[UnitOut]


@room.answers("GET", "/measures/forecast", SEE, of=ForecastOut, stays=True)
def forecast(
    request: AskingRequest,
    organisation: Code | None = None,
    year: Year | None = None,
    by: Group = "",
    through: Months | None = None,
    basis: Code | None = None,
    definition: Code | None = None,
    as_of: AsOf | None = None,
) -> dict[str, Any]:
    """Forecast the share at the end of a year."""
    scope = asked_for(request, organisation=organisation, basis=basis, definition=definition, as_of=as_of)
    groups = (by,) if by else ()
    asked = forecasts.Asked(
        year or scope.today.year, groups, scope.organisation, None, through, scope.basis, scope.definition
    )
    found = forecasts.outlooks(scope.published, asked)
    return {
        "grounds": GroundsOut.of(found.answer, scope.organisation, str(asked.year)),
        "year": asked.year,
        "months": found.months,
        "without": list(found.without),
        "outlooks": [_outlook(one, groups) for one in found.found],
    }


def _outlook(one: Outlook, by: tuple[str, ...]) -> dict[str, Any]:
    made, needed = one.forecast, one.needed
    return {
        "keys": dict(zip(by, one.key, strict=True)),
        "currency": one.currency,
        "state": "definition_not_known" if one.not_known else made.state,
        "so_far": ShareOut.of(made.so_far),
        "forecast": RatioOut.of(made.share),
        **{name: RatioOut.of(getattr(made, name)) for name in ("low", "high", "open_low", "open_high")},
        "past_years": [past.year for past in made.used],
        "aim": RatioOut.hundredth(one.aim),
        "needed": None
        if needed is None
        else {"state": needed.state, "share": RatioOut.of(needed.share), "expected": RatioOut.of(needed.expected)},
    }


@room.answers("GET", "/measures/scorecard", SEE, of=ScorecardOut, stays=True)
def scorecard(
    request: AskingRequest,
    organisation: Code | None = None,
    year: Year | None = None,
    scheme: Scheme = "bsc",
    unit: Units = "organisation",
    basis: Code | None = None,
    definition: Code | None = None,
    as_of: AsOf | None = None,
) -> dict[str, Any]:
    """Score and rank units by a scheme."""
    scope = asked_for(request, organisation=organisation, basis=basis, definition=definition, as_of=as_of)
    asked = Asked(year or scope.today.year - 1, cast("Kind", unit), scope.organisation, scope.basis, scope.definition)
    card = scorecards.card(scope.published, schemes.preset(scheme), asked)
    return {
        "grounds": GroundsOut.of(card.answer, scope.organisation, str(asked.year)),
        "scheme": scheme,
        "in_force": card.scheme.covers(asked.year),
        "checked": bool(card.scheme.checker),
        "kind": unit,
        "year": asked.year,
        "units": [_unit(card, one) for one in card.units],
    }


def _unit(card: Card, one: Unit) -> dict[str, Any]:
    scored, digits = one.scored, card.scheme.digits
    return {
        "unit": list(one.key),
        "currency": one.currency,
        "state": scored.state,
        "rank": scored.rank,
        "score": _rounded(scored.score, digits),
        "low": _rounded(scored.low, digits),
        "high": _rounded(scored.high, digits),
        "parts": [_part(part, digits) for part in scored.parts],
    }


def _part(part: Any, digits: int) -> dict[str, Any]:
    unit = part.indicator.measured_in
    return {
        "indicator": part.indicator.key,
        "unit": unit,
        "value": _rounded(part.value.value, 0 if unit == "amount" else 4),
        "why_not": part.value.reason,
        "weight": _rounded(part.weight, 4),
        "points": _rounded(part.points, digits),
        "low": _rounded(part.low, digits),
        "high": _rounded(part.high, digits),
    }


def _rounded(value: Fraction | None, digits: int) -> str | None:
    return None if value is None else str(round_half_away(value, digits))
