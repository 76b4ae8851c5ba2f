"""What a change of a share is split from: the shares of all items, period by period or scope by scope."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from chorok.core import periods
from chorok.core.errors import UsageError
from chorok.core.measures.drivers import Point
from chorok.core.measures.share import Amounts
from chorok.core.periods import Period
from chorok.ledger.figures import Answer, Question, summary
from chorok.ledger.published import Published

Series = dict[str, list[Point]]
"""Points in order, by currency; each currency has every point, without items where there is no money in it."""


def chain(first: Period | None, last: Period) -> tuple[str, list[str]]:
    """Return the grain and the names of the periods to go through; without a first, from a year before the last.

    Raises UsageError for periods that cannot be compared.
    """
    end = periods.numbered(last)
    begin = periods.numbered(first) if first else end and (end[0], end[1] - periods.PER_YEAR[end[0]])
    if begin is None or end is None or begin[0] != end[0]:
        raise UsageError("drivers_periods")
    grain = end[0]
    if begin[1] >= end[1]:
        raise UsageError("drivers_backwards", first=periods.label(begin[1], grain), last=periods.label(end[1], grain))
    return grain, periods.steps(grain, begin[1], end[1])


def over_time(published: Published, question: Question, first: Period | None, last: Period) -> tuple[Answer, Series]:
    """Return the points of one scope at the periods of `chain`; `question` says the rest."""
    grain, names = chain(first, last)
    stretch = Period(periods.parse(names[0]).since, periods.parse(names[-1]).until)
    answer = summary(published, replace(question, by=(grain, "item"), period=stretch))
    cells = {
        (figure.currency, str(figure.keys[0]), figure.keys[1]): figure.amounts
        for figure in answer.figures
        if figure.keys[0] in names
    }
    return answer, _series(cells, names, question.basis)


def between(published: Published, question: Question, scopes: list[str]) -> tuple[Answer, Series]:
    """Return the points of several scopes in the question's period."""
    cells: dict[tuple[str, str, str | None], Amounts] = {}
    for scope in scopes:
        answer = summary(published, replace(question, by=("item",), organisation=scope))
        cells |= {(figure.currency, scope, figure.keys[0]): figure.amounts for figure in answer.figures}
    return answer, _series(cells, scopes, question.basis)


def _series(cells: dict[tuple[str, str, str | None], Amounts], names: list[str], basis: str) -> Series:
    found: dict[str, dict[str, dict[str | None, Amounts]]] = defaultdict(lambda: {name: {} for name in names})
    for (currency, name, item), amounts in cells.items():
        found[currency][name][item] = amounts
    return {currency: [_point(name, items, basis) for name, items in of.items()] for currency, of in found.items()}


def _point(name: str, items: dict[str | None, Amounts], basis: str) -> Point:
    known = not any(amounts.not_known for amounts in items.values())
    return Point(name, {item: amounts.share(basis) for item, amounts in items.items()}, known)
