"""What running text claims: best of all, because of, for so many years."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from chorok.core.checks.readings import key, own_rows, places, signed
from chorok.core.checks.report import Remark, Report, ShareRow, Trend
from chorok.core.checks.results import Outcome, finding, fine
from chorok.core.checks.rules import Rule


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
    split = _split(rows.get((remark.year or 0) - 1), rows.get(remark.year or 0))
    if split is None or remark.year is None:
        return finding("cause_not_shown", subject, stands)
    green, whole = split
    later = [
        f"{now.year} {signed(change)}"
        for earlier, now in pairwise(row for year, row in rows.items() if year >= remark.year)
        if (change := _change(earlier, now)) is not None
    ]
    return finding(
        "cause_split", subject, stands,
        year=remark.year, change=signed(green + whole), green=signed(green), whole=signed(whole),
        later=later or ["–"],
    )  # fmt: skip


def _split(earlier: ShareRow | None, now: ShareRow | None) -> tuple[Fraction, Fraction] | None:
    """Return a change of the share in %p by green amount and by denominator, midpoint method (domain 5.3)."""
    if not (earlier and now and earlier.total and earlier.green and now.total and now.green):
        return None
    t0, g0, t1, g1 = (one.value for one in (earlier.total, earlier.green, now.total, now.green))
    if t0 <= 0 or t1 <= 0:
        return None
    green = (g1 - g0) * (1 / t0 + 1 / t1) / 2 * 100
    return green, (g1 / t1 - g0 / t0) * 100 - green


def _change(earlier: ShareRow, now: ShareRow) -> Fraction | None:
    split = _split(earlier, now)
    return sum(split) if split else None  # type: ignore[return-value]


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
        subject, stands = (claim.direction, claim.years), places(claim.place, *(row.share for _, _, row in shares))
        if len(shares) < claim.years:
            yield finding("trend_too_short", subject, stands, said=claim.years, rows=len(shares))
        elif _holds(claim, [value for _, value, _ in shares]):
            yield fine(subject, stands)
        else:
            shown = [f"{year} {row.share.text if row.share else signed(value)}" for year, value, row in shares]
            yield finding("trend_broken", subject, stands, said=claim.years, shares=shown)


def _share(row: ShareRow) -> Fraction | None:
    if row.total and row.green and row.total.value > 0:
        return row.green.value / row.total.value * 100
    return row.share.value if row.share else None


def _holds(claim: Trend, values: list[Fraction]) -> bool:
    ends = [end for end in (len(values), len(values) - 1) if end >= claim.years]
    windows = [values[end - claim.years : end] for end in ends]
    sign = 1 if claim.direction == "rising" else -1
    return any(all((now - then) * sign > 0 for then, now in pairwise(window)) for window in windows)
