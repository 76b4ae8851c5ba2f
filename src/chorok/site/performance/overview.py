"""What the first page of a scope shows: its figures at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from chorok.core.money import percent
from chorok.site.config.language import say
from chorok.site.performance.reading import Reading
from chorok.site.performance.shown import bounds, money, rate


@dataclass(frozen=True)
class Tile:
    """One figure at a glance."""

    label: str
    value: str
    sub: str = ""
    url: str = ""


def tiles(reading: Reading) -> list[Tile]:
    """Return the figures of the period; each opens to what it is made of."""
    scope, share, whole = reading.scope, reading.share, reading.whole
    if not reading.has_data:
        return [Tile(_word("share"), say("word.no_data"), say("site.performance.tile.no_data", period=scope.written))]
    figure = f"{reverse('performance:figure')}?{scope.query()}"
    shown = say("word.definition_not_known") if whole.not_known else rate(share.value)
    found = [
        Tile(_word("share"), shown, bounds(share), figure),
        Tile(
            _word("green"), money(share.green, reading.currency), _part(reading, share.green), _lines(reading, "green")
        ),
        Tile(_word("eligible"), money(share.denominator, reading.currency), "", figure),
        Tile(
            _word("undetermined"),
            money(share.undetermined, reading.currency),
            _part(reading, share.undetermined),
            _reviews(reading),
        ),
    ]
    if share.unknown:
        sub = say("site.performance.tile.unknown_sub")
        found.append(
            Tile(_word("unknown"), money(share.unknown, reading.currency), sub, _lines(reading, "undetermined"))
        )
    return found


def _word(code: str) -> str:
    return say(f"site.performance.tile.{code}")


def _part(reading: Reading, amount: int) -> str:
    share = reading.share
    if share.denominator <= 0:
        return ""
    return say("site.performance.tile.part", part=percent(type(share)(amount, share.denominator - amount).value))


def _lines(reading: Reading, state: str) -> str:
    if not reading.scope.actor.may("lines.see", reading.scope.organisation):
        return ""
    return f"{reverse('performance:lines')}?{reading.scope.query(state=state)}"


def _reviews(reading: Reading) -> str:
    """Undetermined money is settled in the review queue by those who may, and looked at by the others."""
    if reading.scope.actor.may("reviews.see", reading.scope.organisation):
        return "/reviews/"
    return _lines(reading, "undetermined")
