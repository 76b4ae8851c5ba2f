"""What running text claims: best of all, because of, for so many years."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from chorok.core.checks.readings import key, own_rows, places, signed
from chorok.core.checks.report import Remark, Report, ShareRow, Trend
from chorok.core.checks.results import Given, Outcome, Word, finding, fine
from chorok.core.checks.rules import Rule
from chorok.core.measures.drivers import Change, Point, Step, change, in_points
from chorok.core.money import Share


def superlative(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Ask for the figure of others beside 'best', 'first', 'remarkable compared to others'."""
    for remark in report.remarks:
        if remark.kind == "superlative":
            subject, stands = (remark.place.quote,), (remark.place,)
            given = remark.comparator
            yield fine(subject, stands) if given else finding("no_comparator", subject, stands)


def cause(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Point at 'led to': with amounts beside it, say what the year's change consisted of."""
    rows = own_rows(report)
    for remark in report.remarks:
        if remark.kind == "cause":
            yield _caused(remark, rows)


def _caused(remark: Remark, rows: dict[int, ShareRow]) -> Outcome:
    subject, stands = (remark.place.quote,), (remark.place,)
    year = remark.year or 0
    steps = [(now.year, step) for earlier, now in pairwise(rows.values()) if (step := _step(earlier, now))]
    named = next((step for when, step in steps if when == year and year - 1 in rows), None)
    if named is None:
        return finding("cause_not_shown", subject, stands)
    green, whole = in_points([named.green, named.denominator], 2)
    later = [f"{when} {signed(step.change * 100)}" for when, step in steps if when > year]
    said: dict[str, Given] = {
        "year": year,
        "change": f"{green + whole:+}",
        "green": f"{green:+}",
        "whole": f"{whole:+}",
    }
    return finding("cause_split", subject, stands, **said, later=later)


def _step(earlier: ShareRow, now: ShareRow) -> Step | None:
    """Split a change of the share by green amount and by denominator (domain 5.3)."""
    points = [_point(row) for row in (earlier, now)]
    split = change([point for point in points if point])
    return split.steps[0] if all(points) and isinstance(split, Change) else None


def _point(row: ShareRow) -> Point | None:
    """The printed amounts as whole millionths of the table's unit."""
    if not (row.total and row.green):
        return None
    total, green = (int(amount.value * 10**6) for amount in (row.total, row.green))
    return Point(str(row.year), {None: Share(green, total - green)})


def span_rows(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Count the years of the table that is presented as one of so many years."""
    for span in report.spans:
        tables = {key(row.table): row.table for row in report.shares}
        wanted = key(span.table) if key(span.table) in tables else next(iter(tables), "")
        years = sorted({row.year for row in report.shares if key(row.table) == wanted})
        if not years:
            continue
        subject, stands = (tables[wanted],), (span.place,)
        if len(years) == span.years:
            yield fine(subject, stands)
        else:
            said = {"said": span.years, "rows": len(years), "first": years[0], "last": years[-1]}
            yield finding("span_differs", subject, stands, table=tables[wanted], **said)


def trend(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Follow 'rising for N years' through the table: the last N years, or those before the year of the report."""
    shares = [(year, value, row) for year, row in own_rows(report).items() if (value := _share(row)) is not None]
    for claim in report.trends:
        if not shares:
            return
        direction = Word(claim.direction)
        subject, stands = (direction, claim.years), places(claim.place, *(row.share for _, _, row in shares))
        if len(shares) < claim.years:
            yield finding("trend_too_short", subject, stands, direction=direction, said=claim.years, rows=len(shares))
        elif _holds(claim, [value for _, value, _ in shares]):
            yield fine(subject, stands)
        else:
            shown = [f"{year} {row.share.text if row.share else signed(value)}" for year, value, row in shares]
            yield finding("trend_broken", subject, stands, direction=direction, said=claim.years, shares=shown)


def _share(row: ShareRow) -> Fraction | None:
    if row.total and row.green and row.total.value > 0:
        return row.green.value / row.total.value * 100
    return row.share.value if row.share else None


def _holds(claim: Trend, values: list[Fraction]) -> bool:
    ends = [end for end in (len(values), len(values) - 1) if end >= claim.years]
    windows = [values[end - claim.years : end] for end in ends]
    sign = 1 if claim.direction == "rising" else -1
    return any(all((now - then) * sign > 0 for then, now in pairwise(window)) for window in windows)
