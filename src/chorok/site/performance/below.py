"""Who is below an organisation and how they stand beside each other: districts, organisations, departments."""

from __future__ import annotations

from django.urls import reverse

from chorok.core.measures.network import Member, Rank, Rounding, Standing, ranked
from chorok.core.measures.share import Amounts
from chorok.core.money import Share, percent
from chorok.publications import charts
from chorok.site.config.language import say
from chorok.site.config.written import unit_of
from chorok.site.performance.reading import Reading
from chorok.site.performance.shown import Cell, Head, Table, rate
from chorok.site.performance.trend import SUMS, sums

Key = tuple[str | None, ...]
MOST_BARS = 25


def ranks(found: dict[Key, Amounts], basis: str) -> dict[Key, Rank]:
    """Rank those that have a share; figures that show alike share a rank, bounds say which ranks are possible."""
    members = {
        str(number): Member(str(number), amounts.share(basis), standing=Standing(basis, "", (0, 0)))
        for number, (key, amounts) in enumerate(found.items())
        if not amounts.not_known and amounts.share(basis).denominator > 0 and any(key)
    }
    keys = list(found)
    return {keys[int(number)]: rank for number, rank in ranked(list(members.values()), "share", Rounding()).items()}


COLUMNS = (
    Head("rank", number=True),
    Head("name"),
    *SUMS,
)


def table(reading: Reading, level: str, found: dict[Key, Amounts]) -> Table:
    """Return those below as a table, the best first; without a rank last."""
    placed = ranks(found, reading.scope.basis)
    ordered = sorted(found, key=lambda key: (key not in placed, placed[key].place if key in placed else 0, str(key)))
    caption = say(f"site.performance.below.{level}", currency=unit_of(reading.currency))
    rows = [_row(reading, level, key, found[key], placed.get(key)) for key in ordered]
    rows += [_absent(reading, code) for code in absent(reading, level, found)]
    return Table.of("below", caption, COLUMNS, rows)


def absent(reading: Reading, level: str, found: dict[Key, Amounts]) -> list[str]:
    """Return the districts of the scope without figures in the period: they have no data, they are not 0."""
    tree, until = reading.scope.tree, min(reading.scope.today, reading.scope.period.until)
    if level != "district":
        return []
    codes = tree.subtree(reading.scope.organisation, until) - {key[0] for key in found} - {reading.scope.organisation}
    return sorted(code for code in codes if (row := tree.get(code, until)) and row.kind == "district")


def _absent(reading: Reading, code: str) -> list[Cell]:
    name = reading.scope.names.show("organisation", code) or code
    empty = [Cell(None, "–")] * 4
    return [Cell(None, "–"), Cell(name, name), *empty, Cell(None, say("word.no_data")), *empty[:2]]


def _row(reading: Reading, level: str, key: Key, amounts: Amounts, rank: Rank | None) -> list[Cell]:
    shown = "–" if rank is None else str(rank.place)
    if rank is not None and rank.best != rank.worst:
        shown = f"{rank.place} ({rank.best}–{rank.worst})"
    name = called(reading, level, key)
    return [
        Cell(rank.place if rank else None, shown),
        Cell(name, name, _url(reading, level, key)),
        *sums(amounts, reading.scope.basis, reading.currency),
    ]


def called(reading: Reading, level: str, key: Key) -> str:
    """Return what somebody below is called."""
    scope = reading.scope
    if level == "department":
        organisation, department = key
        own = organisation == scope.organisation
        named = department or say("site.performance.below.no_department")
        return named if own else f"{scope.names.show('organisation', organisation) or organisation} {named}"
    return scope.names.show("organisation", key[0]) or say(f"site.performance.below.outside_{level}", of=scope.name)


def _url(reading: Reading, level: str, key: Key) -> str:
    scope = reading.scope
    if key[0] is None:
        return ""
    if level != "department":
        return f"{reverse('performance:dashboard')}?{scope.query(organisation=key[0])}"
    if key[1] is None:
        return ""
    return f"{reverse('performance:figure')}?{scope.query(organisation=key[0], department=key[1])}"


def chart(reading: Reading, level: str, found: dict[Key, Amounts]) -> str:
    """Return the shares of those below as bars, the best first; the table has those that do not fit."""
    placed = ranks(found, reading.scope.basis)
    ordered = sorted(placed, key=lambda key: (placed[key].place, str(key)))[:MOST_BARS]
    if len(ordered) < 2:
        return ""
    around = f"{reading.scope.name} "
    rows = [
        _bar(called(reading, level, key).removeprefix(around), found[key].share(reading.scope.basis)) for key in ordered
    ]
    what = say("site.performance.below.what", count=len(ordered), of=reading.scope.name, period=reading.scope.spoken)
    return charts.bars("below", say("site.performance.below.title"), what, rows)


def _bar(name: str, share: Share) -> charts.Bar:
    value, low, high = (None if one is None else one * 100 for one in (share.value, share.low, share.high))
    text = rate(share.value)
    if low is not None and high is not None and percent(share.low) != percent(share.high):
        return charts.Bar(name, value, low, high, text)
    return charts.Bar(name, value, text=text)
