"""A budget in two currencies, and the rate between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from chorok.core.checks.readings import Interval, meet, number, places
from chorok.core.checks.report import Budget, Printed, Report
from chorok.core.checks.results import Outcome, at, finding, fine
from chorok.core.checks.rules import Rule
from chorok.core.money import rounding_interval


def exchange_rate(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Ask for the rate and its day, and that the rate is one that the two amounts can give."""
    for budget in report.budgets:
        subject, stands = (budget.local_currency, budget.foreign_currency), (budget.place,)
        low, high = implied(budget)
        said = _said(budget) | {"low": number(low, 1), "high": number(high, 1)}
        if budget.rate is None:
            yield finding("rate_not_stated", subject, stands, **said)
        elif not meet((low, high), rounding_interval(budget.rate.text)):
            yield finding("rate_impossible", subject, places(*stands, budget.rate), **said, rate=budget.rate.text)
        elif not budget.rate_day:
            yield finding("rate_undated", subject, places(*stands, budget.rate), **said, rate=budget.rate.text)
        else:
            yield fine(subject, stands)


def _said(budget: Budget) -> dict[str, str]:
    return {
        "local": number(budget.local.value, budget.local.digits),
        "local_currency": budget.local_currency,
        "foreign": number(budget.foreign.value, budget.foreign.digits),
        "foreign_currency": budget.foreign_currency,
        "implied": number(budget.local.value / budget.foreign.value) if budget.foreign.value else "–",
    }


def implied(budget: Budget) -> Interval:
    """Return the rates, local for one foreign unit, that amounts printing alike can give."""
    local, foreign = _span(budget.local, budget.local_step), _span(budget.foreign, budget.foreign_step)
    return (local[0] / foreign[1], local[1] / foreign[0]) if foreign[0] > 0 else (Fraction(0), Fraction(0))


def _span(amount: Printed, step: int) -> Interval:
    return amount.value - Fraction(step, 2), amount.value + Fraction(step, 2)


def one_rate(reports: Sequence[Report], rule: Rule) -> Iterator[Outcome]:
    """Compare the rates of several reports of one year: one rate must be able to give both."""
    every = [(report, budget) for report in reports for budget in report.budgets]
    for (one, mine), (other, theirs) in combinations(every, 2):
        currencies = (mine.local_currency, mine.foreign_currency)
        if one is other or one.year != other.year or currencies != (theirs.local_currency, theirs.foreign_currency):
            continue
        subject, stands = (one.organisation, other.organisation), (at(one, mine.place), at(other, theirs.place))
        spans = implied(mine), implied(theirs)
        if meet(*spans):
            yield fine(subject, stands)
        else:
            shown = [f"{number(low, 1)}–{number(high, 1)}" for low, high in spans]
            said = {"one": one.organisation, "one_rates": shown[0], "other": other.organisation}
            yield finding("rates_differ", subject, stands, **said, other_rates=shown[1])
