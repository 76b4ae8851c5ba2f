"""Green amounts of two years for each organisation with all below it, as the question on a change compares them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from chorok.core.calendar.changes import Changed
from chorok.core.money import Share
from chorok.core.organisations import Tree
from chorok.core.periods import Period
from chorok.ledger import figures
from chorok.ledger.figures import Question
from chorok.ledger.published import Published

Shares = dict[tuple[str, str], Share]
"""(organisation, currency) -> the share of its subtree."""


def of_year(published: Published, year: int) -> dict[tuple[str, str], Changed]:
    """Return (organisation, currency) -> change from the year before to a year, national definition.

    Whoever has figures in only one of the years, or in none, is left out: that is no data, not a change.
    """
    tree = figures.tree_of(published, Question(()))
    before, now = _shares(published, tree, year - 1), _shares(published, tree, year)
    return {key: Changed(before[key], now[key]) for key in sorted(before.keys() & now.keys())}


def _shares(published: Published, tree: Tree, year: int) -> Shares:
    """Add up every subtree at once. Between two days on which organisations change the tree stands still."""
    found: Shares = defaultdict(lambda: Share(0, 0))
    for stretch in _stretches(tree, year):
        answer = figures.summary(published, Question(("organisation",), period=stretch))
        for figure in answer.figures:
            code = figure.keys[0]
            if code is None or code not in tree.rows:
                continue  # bought by nobody that the tree knows: in nobody's figures
            for place in (code, *tree.ancestors(code, stretch.since)):
                found[place, figure.currency] += figure.amounts.share()
    return dict(found)


def _stretches(tree: Tree, year: int) -> Iterator[Period]:
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    cuts = [first, *(day for day in tree.change_dates() if first < day < after), after]
    return (Period(since, until) for since, until in pairwise(cuts))
