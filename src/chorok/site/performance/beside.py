"""Two organisations or two periods side by side, and what sets them apart."""

from __future__ import annotations

from chorok.core.measures import drivers as split
from chorok.core.measures.drivers import Change, Undefined
from chorok.site.config.language import say
from chorok.site.performance import movers
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import Scope
from chorok.site.performance.shown import Cell, Head, Table, money_cell, points_cell, rate_cell


def other(scope: Scope, organisation: str, period: str) -> Scope:
    """Return the second of the two: another organisation, another period, or both; failing that, a year before.

    Raises Http404 for an organisation out of reach, UsageError for a period that is none.
    """
    wanted = organisation.strip() or scope.organisation
    written = period.strip() or (
        scope.written if wanted != scope.organisation else movers.before(scope) or scope.written
    )
    return scope.other(organisation=wanted, period=written)


def apart(left: Reading, right: Reading) -> Change | Undefined | None:
    """Split what sets the left from the right; None where both are the same or in different currencies."""
    if _same(left.scope, right.scope) or left.currency != right.currency:
        return None
    first = movers.point(name(right, left), right.items, right.scope.basis)
    return split.change([first, movers.point(name(left, right), left.items, left.scope.basis)])


def _same(one: Scope, two: Scope) -> bool:
    return (one.organisation, one.period) == (two.organisation, two.period)


def name(reading: Reading, beside: Reading) -> str:
    """Return what one of the two is called: by what differs."""
    own, others = reading.scope, beside.scope
    if own.organisation == others.organisation:
        return own.spoken
    return own.name if own.period == others.period else f"{own.name} {own.spoken}"


def table(left: Reading, right: Reading) -> Table:
    """Return the figures of both, line by line, and how far apart they are."""
    one, two = name(left, right), name(right, left)
    columns = (
        Head("what"),
        Head("left", number=True, called=one),
        Head("right", number=True, called=two),
        Head("difference", number=True),
    )
    caption = say("site.performance.compare.table", left=one, right=two)
    rows = [*_rates(left, right), *_sums(left, right)]
    return Table.of("compare", caption, columns, rows)


def _rates(left: Reading, right: Reading) -> list[list[Cell]]:
    rows = []
    for code in ("value", "low", "high"):
        one, two = (
            None if reading.whole.not_known or not reading.has_data else getattr(reading.share, code)
            for reading in (left, right)
        )
        title = say(f"site.performance.compare.{code}")
        difference = points_cell(None if one is None or two is None else one - two)
        none = ["no_data" if not reading.has_data else "not_defined" for reading in (left, right)]
        rows.append([Cell(title, title), rate_cell(one, none[0]), rate_cell(two, none[1]), difference])
    return rows


def _sums(left: Reading, right: Reading) -> list[list[Cell]]:
    rows = []
    for code in ("denominator", "green", "undetermined", "unknown"):
        one, two = (getattr(reading.share, code) if reading.has_data else None for reading in (left, right))
        title = say(f"site.performance.compare.{code}")
        same = left.currency == right.currency
        difference = one - two if same and one is not None and two is not None else None
        cells = [money_cell(one, left.currency), money_cell(two, right.currency), money_cell(difference, left.currency)]
        rows.append([Cell(title, title), *cells])
    return rows
