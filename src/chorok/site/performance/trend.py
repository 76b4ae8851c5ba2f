"""The share over time: its line, its bounds, what was aimed at, and what was done meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from chorok.core import periods
from chorok.core.events import PolicyEvent
from chorok.core.measures.share import Amounts
from chorok.ledger import kept
from chorok.publications import charts
from chorok.publications.charts import Mark, Point
from chorok.site.config.language import say
from chorok.site.config.written import unit_of
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import Scope
from chorok.site.performance.shown import Cell, Head, Table, cell, money_cell, rate, rate_cell

Aims = Mapping[int, Fraction]
"""What was aimed at for the whole share by year, in percent."""


def numbers(reading: Reading) -> range:
    """Return the numbers of all periods from the first with purchases to the last; those between may have none."""
    known = reading.series
    return range(min(known), max(known) + 1) if known else range(0)


def events(scope: Scope) -> tuple[PolicyEvent, ...]:
    """Return what was done at the organisation or above it, in order."""
    above = {scope.organisation, *scope.tree.ancestors(scope.organisation, scope.today)}
    found = kept.every(scope.published.ledger, "events", PolicyEvent)
    return tuple(sorted((one for one in found if one.scope in above), key=lambda one: (one.on, one.kind)))


def chart(reading: Reading, aims: Aims, done: tuple[PolicyEvent, ...]) -> str:
    """Return the chart of the share over time; empty where there is nothing to draw."""
    span, grain = numbers(reading), reading.scope.grain
    if not span:
        return ""
    points = [_point(reading, number, aims) for number in span]
    marks = [_mark(one, span, grain) for one in done]
    first, last = periods.label(span[0], grain), periods.label(span[-1], grain)
    what = say("site.performance.trend.what", organisation=reading.scope.name, first=first, last=last)
    return charts.trend("trend", say("site.performance.trend.title"), what, points, [one for one in marks if one])


def _point(reading: Reading, number: int, aims: Aims) -> Point:
    scope, label = reading.scope, periods.label(number, reading.scope.grain)
    amounts = reading.series.get(number)
    aim = aims.get(number) if scope.grain == "year" else None
    if amounts is None or amounts.not_known:
        return Point(label, None, target=aim)
    share = amounts.share(scope.basis)
    value, low, high = (None if one is None else one * 100 for one in (share.value, share.low, share.high))
    if value is None or low is None or high is None or not (share.undetermined or share.unknown):
        low = high = None
    few = len(numbers(reading)) <= 12
    text = rate(share.value) if value is not None and few else ""
    return Point(label, value, low, high, aim, text, open=is_open(scope, number))


def is_open(scope: Scope, number: int) -> bool:
    """Tell whether a period is not over yet."""
    return periods.parse(periods.label(number, scope.grain)).until > scope.today


def _mark(one: PolicyEvent, span: range, grain: str) -> Mark | None:
    """Return where an event stands between the middles of periods; None before the first and after the last."""
    months = 12 // periods.PER_YEAR[grain]
    month = one.on.year * 12 + one.on.month - 1
    place = Fraction(month, months) + Fraction(one.on.day - 1, 31 * months) - span[0] - Fraction(1, 2)
    inside = -Fraction(1, 2) <= place <= len(span) - Fraction(1, 2)
    return Mark(place, say(f"site.performance.event.{one.kind}")) if inside else None


SUMS = (
    Head("eligible", number=True),
    Head("green", number=True),
    Head("undetermined", number=True),
    Head("unknown", number=True),
    Head("share", number=True),
    Head("low", number=True),
    Head("high", number=True),
)
"""What `sums` gives, a column each."""

COLUMNS = (
    Head("period"),
    *SUMS,
    Head("aim", number=True),
)


def table(reading: Reading, aims: Aims) -> Table:
    """Return the figures behind the chart; a period without purchases has no data, never 0."""
    caption = say("site.performance.trend.table", currency=unit_of(reading.currency))
    return Table.of("trend", caption, COLUMNS, [_row(reading, number, aims) for number in numbers(reading)])


def _row(reading: Reading, number: int, aims: Aims) -> list[Cell]:
    scope, label = reading.scope, periods.label(number, reading.scope.grain)
    amounts, aim = reading.series.get(number), aims.get(number) if scope.grain == "year" else None
    shown = say("site.performance.running", period=label) if is_open(scope, number) else label
    first = Cell(label, shown, f"?{scope.query(period=label)}")
    last = cell(None) if aim is None else rate_cell(aim / 100)
    if amounts is None:
        return [first, *[cell(None)] * 4, Cell(None, say("word.no_data")), cell(None), cell(None), last]
    return [first, *sums(amounts, scope.basis, reading.currency), last]


def sums(amounts: Amounts, basis: str, currency: str) -> list[Cell]:
    """Return the cells of sums: eligible, green, undetermined, unknown, share, low, high."""
    share = amounts.share(basis)
    money = [share.denominator, share.green, share.undetermined, share.unknown]
    rates = (share.value, share.low, share.high)
    none = "definition_not_known" if amounts.not_known else "not_defined"
    return [
        *(money_cell(one, currency) for one in money),
        *(rate_cell(None if amounts.not_known else one, none) for one in rates),
    ]
