"""What the first page of a scope shows: its figures at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from chorok.core.money import percent
from chorok.site.config.language import say
from chorok.site.performance import below
from chorok.site.performance.quality import without_data
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import SEE
from chorok.site.performance.shown import bounds, money, rate, short_money


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
        return [Tile(_word("share"), say("word.no_data"), say("site.performance.tile.no_data", period=scope.spoken))]
    figure = f"{reverse('performance:figure')}?{scope.query()}"
    shown = say("word.definition_not_known") if whole.not_known else rate(share.value)
    found = [
        Tile(_word("share"), shown, bounds(share), figure),
        _money(reading, "green", share.green, _lines(reading, "green")),
        _money(reading, "eligible", share.denominator, figure),
        _money(reading, "undetermined", share.undetermined, _reviews(reading)),
    ]
    if share.unknown:
        found.append(_money(reading, "unknown", share.unknown, _lines(reading, "undetermined", "no")))
    return [*found, *_rank(reading), *_quality(reading)]


def _money(reading: Reading, code: str, amount: int, url: str) -> Tile:
    """An amount in millions, and below it to the won with the part of the eligible that it is."""
    exact, short = money(amount, reading.currency), short_money(amount, reading.currency)
    part = say("site.performance.tile.unknown_sub") if code == "unknown" else _part(reading, amount)
    said = [exact] if exact != short else []
    return Tile(_word(code), short, ", ".join([*said, *([part] if part and code != "eligible" else [])]), url)


def _rank(reading: Reading) -> list[Tile]:
    """The rank among the districts of the city, for those who may see all of these."""
    scope = reading.scope
    city = scope.tree.city_of(scope.organisation, scope.today)
    if scope.row is None or scope.row.kind != "district" or city not in scope.actor.reach(SEE):
        return []
    peers = Reading(scope.other(organisation=city)).below("district")
    placed = below.ranks(peers, scope.basis)
    rank = placed.get((scope.organisation,))
    if rank is None:
        return []
    value = say("site.performance.tile.rank_value", rank=rank.place, count=len(placed))
    sub = "" if rank.best == rank.worst else say("site.performance.tile.rank_open", best=rank.best, worst=rank.worst)
    url = f"{reverse('performance:dashboard')}?{scope.query(organisation=city)}"
    return [Tile(_word("rank"), value, sub, url)]


def _quality(reading: Reading) -> list[Tile]:
    """How many below have no purchases in the period: they are not 0, they are missing."""
    missing = without_data(reading)
    url = f"{reverse('performance:quality')}?{reading.scope.query()}"
    return [Tile(_word("missing"), say("site.performance.tile.missing_value", count=len(missing)), "", url)]


def _word(code: str) -> str:
    return say(f"site.performance.tile.{code}")


def _part(reading: Reading, amount: int) -> str:
    share = reading.share
    if share.denominator <= 0:
        return ""
    return say("site.performance.tile.part", part=percent(type(share)(amount, share.denominator - amount).value))


def _lines(reading: Reading, state: str, grouped: str | None = None) -> str:
    if reading.scope.organisation not in reading.scope.actor.reach("lines.see"):
        return ""
    return f"{reverse('performance:lines')}?{reading.scope.query(state=state, grouped=grouped)}"


def _reviews(reading: Reading) -> str:
    """Undetermined money is settled in the review queue by those who may, and looked at by the others."""
    if reading.scope.actor.may("reviews.see", reading.scope.organisation):
        return "/reviews/"
    return _lines(reading, "undetermined", "yes")
