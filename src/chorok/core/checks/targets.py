"""Targets against what they are said to be: raised by so much, above the last result, set in time, enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from chorok.core.checks.readings import (
    Figure,
    Figures,
    before,
    meet,
    month_end,
    number,
    places,
    points,
    relative,
    results,
    targets,
)
from chorok.core.checks.report import Increase, Place, Report
from chorok.core.checks.results import Given, Outcome, Word, finding, fine
from chorok.core.checks.rules import Rule
from chorok.core.money import rounding_interval

UNITS = ("%", "%p")


def increase_claim(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Compare 'raised by N % (or %p) since ...' with base and target, and name the reading that does fit."""
    reached, aimed = results(report), targets(report)
    for claim in report.increases:
        found = (aimed if claim.kind == "target" else reached).get(("", claim.year)) if claim.year else None
        bases = {year: figure for (item, year), figure in reached.items() if not item and found and year < found.year}
        if claim.scope == "own" and found and bases:
            yield from _claimed(claim, found, bases)


def _claimed(claim: Increase, aim: Figure, bases: dict[int, Figure]) -> Iterator[Outcome]:
    subject, stands = (Word(claim.kind), aim.year), places(claim.place, aim.rate)
    fitting = [(unit, year) for year in sorted(bases) for unit in UNITS if _fits(claim, unit, bases[year], aim)]
    others = tuple(_reading(claim, unit, bases[year]) for unit, year in fitting)
    said: dict[str, Given] = {"amount": claim.amount.text, "unit": claim.unit, "year": aim.year, "rate": aim.rate.text}
    base = bases.get(claim.base_year) if claim.base_year else None
    if claim.base_year is None:
        code = "increase_without_base" if others else "increase_without_base_or_fit"
        yield finding(code, subject, stands, **said, **({"fits": others} if others else {}))
    elif base is None:
        return
    elif (claim.unit, base.year) in fitting:
        yield fine(subject, stands)
    else:
        code = "increase_reads_otherwise" if others else "increase_does_not_fit"
        yield finding(
            code,
            subject,
            places(*stands, base.rate),
            **said,
            **_compared(claim, aim, base),
            **({"fits": others} if others else {}),
        )


def _compared(claim: Increase, aim: Figure, base: Figure) -> dict[str, str]:
    other = "%p" if claim.unit == "%" else "%"
    return {
        "base_year": str(base.year),
        "base": base.rate.text,
        "wanted": _raised(claim, claim.unit, base),
        "other_unit": other,
        "other_wanted": _raised(claim, other, base),
        "points": points(aim.rate, base.rate),
        "relative": relative(aim.rate, base.rate),
    }


def _fits(claim: Increase, unit: str, base: Figure, aim: Figure) -> bool:
    """Tell whether base and increase give the rate; an aim's amount is exact, a reported one is rounded."""
    rounded = claim.kind == "reported" and not claim.at_least
    amounts = rounding_interval(claim.amount.text) if rounded else (claim.amount.value, claim.amount.value)
    wanted = _add(amounts[0], unit, base.interval[0]), _add(amounts[1], unit, base.interval[1])
    return aim.interval[1] >= wanted[0] if claim.at_least else meet(wanted, aim.interval)


def _add(amount: Fraction, unit: str, base: Fraction) -> Fraction:
    return base + amount if unit == "%p" else base * (1 + amount / 100)


def _raised(claim: Increase, unit: str, base: Figure) -> str:
    digits = max(claim.amount.digits, base.rate.digits) if unit == "%p" else 2
    return number(_add(claim.amount.value, unit, base.rate.value), digits)


def _reading(claim: Increase, unit: str, base: Figure) -> str:
    return f"{base.year} + {claim.amount.text} {unit} ({base.rate.text} → {_raised(claim, unit, base)})"


def network_target(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Hold the city's own target against the increase that its network aims at."""
    reached, aimed = results(report), targets(report)
    claims = {
        (one.year, one.amount.text, one.unit): one for one in reversed(report.increases) if one.scope == "network"
    }
    for claim in claims.values():
        aim = aimed.get(("", claim.year)) if claim.year else None
        base = reached.get(("", _base_year(report, claim, reached)))
        if claim.kind == "target" and aim and base:
            yield from _against_network(claim, aim, base, reached, aimed)


def _base_year(report: Report, claim: Increase, reached: Figures) -> int:
    """The year named by the network, else by the city's own claim for that year, else the table's first result."""
    own = (one.base_year for one in report.increases if one.scope == "own" and one.year == claim.year)
    tabled = sorted(rate.year for rate in report.rates if rate.kind == "result" and rate.item is None)
    stated = [year for year in (claim.base_year, *own, *tabled) if year]
    return stated[0] if stated else min((year for item, year in reached if not item), default=0)


def _against_network(claim: Increase, aim: Figure, base: Figure, reached: Figures, aimed: Figures) -> Iterator[Outcome]:
    subject, stands = (aim.year, claim.amount.text, claim.unit), places(claim.place, aim.rate, base.rate)
    said: dict[str, Given] = {"amount": claim.amount.text, "unit": claim.unit, "year": aim.year, "base_year": base.year}
    if claim.base_year is None:
        enough, short = _items_against(claim, aim.year, base.year, reached, aimed)
        yield finding("network_base_missing", subject, stands, **said, enough=enough, short=short)
    wanted = _add(claim.amount.value, claim.unit, base.rate.value)
    if aim.rate.value >= wanted:
        yield fine(subject, stands)
        return
    raised = (points if claim.unit == "%p" else relative)(aim.rate, base.rate).removeprefix("+")
    digits = max(aim.rate.digits, base.rate.digits, claim.amount.digits)
    short_by = number(wanted - aim.rate.value, digits)
    yield finding(
        "network_target_missed", subject, stands,
        **said, base=base.rate.text, rate=aim.rate.text, raised=raised, wanted=number(wanted, digits), short=short_by,
    )  # fmt: skip


def _items_against(
    claim: Increase, year: int, base_year: int, reached: Figures, aimed: Figures
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Items whose target meets the network's increase, and those whose target does not, with what they rise by."""
    enough: list[str] = []
    short: list[str] = []
    for (item, when), aim in aimed.items():
        base = reached.get((item, base_year))
        if item and when == year and base:
            met = aim.rate.value >= _add(claim.amount.value, claim.unit, base.rate.value)
            (enough if met else short).append(f"{aim.item} ({points(aim.rate, base.rate)})")
    return tuple(enough), tuple(short)


def target_below_result(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for targets below what was reached already."""
    reached = results(report)
    for (item, year), aim in targets(report).items():
        last = before(reached, item, year)
        if last is None:
            continue
        subject, stands = (aim.title, year), places(aim.rate, last.rate)
        if aim.rate.value >= last.rate.value:
            yield fine(subject, stands)
        else:
            gap = points(last.rate, aim.rate).removeprefix("+")
            yield finding(
                "target_below_result", subject, stands,
                item=aim.title, year=year, target=aim.rate.text, result_year=last.year, result=last.rate.text, gap=gap,
            )  # fmt: skip


def target_lowered(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for targets below the target before, without a reason beside them."""
    aimed, reached = targets(report), results(report)
    for (item, year), aim in aimed.items():
        earlier = before(aimed, item, year)
        if earlier is None:
            continue
        subject, stands = (aim.title, year), places(aim.rate, earlier.rate)
        if aim.rate.value >= earlier.rate.value or aim.revision_reason:
            yield fine(subject, stands)
        else:
            result = reached.get((item, earlier.year))
            yield finding(
                "target_lowered", subject, stands,
                item=aim.title, year=year, target=aim.rate.text, earlier_year=earlier.year, earlier=earlier.rate.text,
                result=result.rate.text if result else "–",
            )  # fmt: skip


def targets_late(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for targets of a year that were set after the plan of that year was due (Act art. 8: end of February)."""
    days = {(aim.year, aim.set_on): aim.rate.place for aim in targets(report).values() if aim.set_on}
    if report.targets_set_on and report.year:
        events = (event.place for event in report.events if event.day == report.targets_set_on)
        days.setdefault((report.year, report.targets_set_on), next(events, Place("targets_set_on")))
    for (year, day), place in days.items():
        due = month_end(year, rule.numbers["due_month"])
        if due:
            yield fine((year,), (place,)) if day <= due else _late(year, day, due, place)


def _late(year: int, day: date, due: date, place: Place) -> Outcome:
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    gone = (day - date(year, 1, 1)).days + 1
    elapsed = number(Fraction(min(gone, length) * 100, length))
    return finding(
        "targets_late", (year,), (place,),
        year=year, set_on=str(day), day=gone, elapsed=elapsed, left=max(length - gone, 0), due=str(due),
    )  # fmt: skip
