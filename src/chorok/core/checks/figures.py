"""Printed figures against each other: shares recomputed, decimals, one figure in two places, parts and their whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from chorok.core.checks.readings import (
    TOTAL,
    Interval,
    key,
    meet,
    number,
    own_rows,
    places,
    quotient,
    results,
    sum_tables,
    targets,
)
from chorok.core.checks.report import Parts, Place, Printed, Report, ShareRow
from chorok.core.checks.results import Given, Outcome, Said, Word, finding, fine
from chorok.core.checks.rules import Rule
from chorok.core.money import check_published_share, rounding_interval

WORDED = ("districts", "gender")
"""Parts that the reader of texts finds, worded as `check_word.part_<name>`."""


def _every_row(report: Report) -> tuple[ShareRow, ...]:
    return (*report.shares, *report.item_shares, *report.network_shares)


def share_recomputed(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Divide the printed amounts, and tell whether the printed share is their quotient, rounded (domain 5.2)."""
    for row in _every_row(report):
        if row.total and row.green and row.share:
            yield _recomputed(row, row.total, row.green, row.share)


def _recomputed(row: ShareRow, total: Printed, green: Printed, share: Printed) -> Outcome:
    subject: list[Said | int] = [row.organisation, *([row.item] if row.item else []), row.year]
    stands = places(total, green, share)
    shown: dict[str, Given] = {
        "who": " ".join(filter(None, (row.organisation, row.item))),
        "year": row.year,
        "share": share.text,
    }
    shown |= {"total": total.text, "green": green.text}
    if total.value <= 0:
        return finding("share_not_defined", subject, stands, **shown)
    if green.value > total.value:
        return finding("green_exceeds_total", subject, stands, **shown)
    verdict = check_published_share(green.text, total.text, share.text)
    if verdict == "ok":
        return fine(subject, stands)
    low, high = quotient(row) or (Fraction(0), Fraction(100))
    exact = green.value / total.value * 100
    code = "share_possible" if verdict == "possible" else "share_impossible"
    return finding(
        code, subject, stands, **shown, exact=number(exact, share.digits), low=number(low, 4), high=number(high, 4)
    )


def decimals_mixed(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for columns whose measured figures are printed with different decimals; targets may be round."""
    columns: dict[tuple[str, str], list[Printed]] = defaultdict(list)
    for row in _every_row(report):
        for name in ("total", "green", "share"):
            printed: Printed | None = getattr(row, name)
            if printed:
                columns[row.table, name].append(printed)
    for rate in report.rates:
        if rate.kind == "result":
            columns[f"{rate.table}, {rate.year}", "rate"].append(rate.rate)
    mixed = {column: cells for column, cells in columns.items() if len({cell.digits for cell in cells}) > 1}
    if mixed:
        said = [f"{table or '–'} ({', '.join(cell.text for cell in cells)})" for (table, _), cells in mixed.items()]
        stands = places(*(cell for cells in mixed.values() for cell in cells))
        yield finding("decimals_mixed", (), stands, columns="; ".join(said))
    elif columns:
        yield fine((), ())


def figure_twice(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Compare a figure that stands in two places: it must be one number, to the decimals that both show."""
    for item, year, one, other in _pairs(report):
        title: Said = item or TOTAL
        stands = places(one, other)
        if meet(rounding_interval(one.text), rounding_interval(other.text)):
            yield fine((title, year), stands)
        else:
            yield finding(
                "figure_differs", (title, year), stands, item=title, year=year, one=one.text, other=other.text
            )


def _pairs(report: Report) -> Iterator[tuple[str | None, int, Printed, Printed]]:
    """Yield (item, year, one, other) for figures that are stated twice."""
    own, sums = own_rows(report), sum_tables(report)
    reached, aimed = results(report), targets(report)
    for row in report.shares:
        first = own.get(row.year)
        if first and first is not row and key(first.organisation) == key(row.organisation) and not row.item:
            if sums & {key(first.table), key(row.table)} and not _one_total(first, row):
                continue
            for one, other in zip(
                (first.share, first.total, first.green), (row.share, row.total, row.green), strict=True
            ):
                if one and other and (first.unit == row.unit or one is first.share):
                    yield None, row.year, one, other
    for (item, year), figure in reached.items():
        row_of_year = own.get(year)
        if not item and row_of_year and row_of_year.share and row_of_year.share is not figure.rate:
            yield None, year, figure.rate, row_of_year.share
    for said in report.stated:
        figure = reached["", said.year]
        if figure.rate is not said.rate:
            yield None, said.year, figure.rate, said.rate
    for goal in report.goals:
        aim = aimed[key(goal.item), goal.year]
        if aim.rate is not goal.rate:
            yield goal.item, goal.year, aim.rate, goal.rate


def _one_total(first: ShareRow, row: ShareRow) -> bool:
    """Tell whether two rows are of one total: the sum of a list is the city's only if the list leaves nothing out."""
    if not (first.total and row.total and first.unit == row.unit):
        return False
    return meet(rounding_interval(first.total.text), rounding_interval(row.total.text))


def parts_add_up(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Add parts up. Shares of 100 and rounded amounts may be off by their rounding, counts may not."""
    for parts in report.parts:
        name: Said = Word(f"part_{parts.name}") if parts.name in WORDED else parts.name
        subject, stands = (name,), (parts.place,)
        whole = rounding_interval(parts.whole.text) if parts.rounded else (parts.whole.value, parts.whole.value)
        if meet(_sum_of(parts), whole):
            yield fine(subject, stands)
        else:
            added = " + ".join(part.text for part in parts.parts)
            said = number(
                sum((part.value for part in parts.parts), Fraction(0)), max((p.digits for p in parts.parts), default=0)
            )
            yield finding("parts_differ", subject, stands, name=name, parts=added, sum=said, whole=parts.whole.text)


def _sum_of(parts: Parts) -> Interval:
    counts = parts.whole.value != 100 and not any(part.digits for part in parts.parts) and not parts.rounded
    bounds = [(part.value, part.value) if counts else rounding_interval(part.text) for part in parts.parts]
    return sum((low for low, _ in bounds), Fraction(0)), sum((high for _, high in bounds), Fraction(0))


def status_stated(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Ask that results of a year that is not over are called preliminary."""
    if report.as_of is None:
        return
    years: dict[int, list[Place]] = defaultdict(list)
    for (_, year), figure in results(report).items():
        years[year].append(figure.rate.place)
    for year, stands in sorted(years.items()):
        if report.as_of.year > year or report.status == "preliminary":
            yield fine((year,), stands)
        else:
            yield finding("year_not_over", (year,), dict.fromkeys(stands), year=year, as_of=str(report.as_of))
