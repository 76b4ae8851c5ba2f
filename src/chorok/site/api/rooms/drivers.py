"""What moved a share: an exact split by green spending and denominator, and by item group by rate and mix."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from chorok.core import periods
from chorok.core.measures import drivers as split
from chorok.core.measures.drivers import Point, Step, Undefined
from chorok.core.money import Share
from chorok.ledger import drivers as reading
from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import AsOf, Code, Room, When
from chorok.site.api.rooms.measures import SEE, asked_for
from chorok.site.api.schemas import GroundsOut, PointsOut, ShareOut

room = Room(tags=["measures"])


class EffectOut(Schema):
    """What one item group did: by its own share, and by its part in spending. null: money without a known group."""

    item_group: str | None
    presence: str
    before: ShareOut
    after: ShareOut
    rate: PointsOut
    mix: PointsOut
    change: PointsOut


class ChangeOut(Schema):
    """The change in one currency. `why_not`: it is not defined, at the period `at`."""

    currency: str
    why_not: str | None
    at: str | None
    periods: list[str]
    before: ShareOut | None
    after: ShareOut | None
    change: PointsOut | None
    green: PointsOut | None
    denominator: PointsOut | None
    items: list[EffectOut]


class DriversOut(Schema):
    """The change of a share by currency."""

    grounds: GroundsOut
    changes: list[ChangeOut]


@room.answers("GET", "/measures/drivers", SEE, of=DriversOut, stays=True)
def drivers(
    request: AskingRequest,
    organisation: Code | None = None,
    period: When | None = None,
    since: When | None = None,
    basis: Code | None = None,
    definition: Code | None = None,
    as_of: AsOf | None = None,
) -> dict[str, Any]:
    """Split the change from `since` (one year before by default) to a period."""
    asked = asked_for(
        request, organisation=organisation, period=period, basis=basis, definition=definition, as_of=as_of
    )
    first = periods.parse(since) if since else None
    answer, series = reading.over_time(asked.published, asked.question(), first, asked.period)
    return {
        "grounds": GroundsOut.of(answer, asked.organisation, asked.written),
        "changes": [_change(currency, points) for currency, points in sorted(series.items())],
    }


def _change(currency: str, points: list[Point]) -> dict[str, Any]:
    names, found = [one.name for one in points], split.change(points)
    if isinstance(found, Undefined):
        empty = dict.fromkeys(("before", "after", "change", "green", "denominator"))
        return {"currency": currency, "why_not": found.why, "at": found.at, "periods": names, **empty, "items": []}
    whole = found.whole
    return {
        "currency": currency,
        "why_not": None,
        "at": None,
        "periods": names,
        "before": ShareOut.of(whole.before.total),
        "after": ShareOut.of(whole.after.total),
        "change": PointsOut.of(whole.change),
        "green": PointsOut.of(whole.green),
        "denominator": PointsOut.of(whole.denominator),
        "items": [_effect(whole, key) for key in whole.items],
    }


def _effect(whole: Step, key: str | None) -> dict[str, Any]:
    effect = whole.items[key]
    before, after = (point.items.get(key, Share(0, 0)) for point in (whole.before, whole.after))
    return {
        "item_group": key,
        "presence": split.presence(whole.before, whole.after, key),
        "before": ShareOut.of(before),
        "after": ShareOut.of(after),
        "rate": PointsOut.of(effect.rate),
        "mix": PointsOut.of(effect.mix),
        "change": PointsOut.of(effect.change),
    }
