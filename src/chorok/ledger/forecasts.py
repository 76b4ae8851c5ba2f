"""Forecasts from a published ledger: the months of a year and of those before it, from the cube."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction

from chorok.core import periods
from chorok.core.measures import forecast as measure
from chorok.core.measures import targets
from chorok.core.measures.forecast import Forecast, Needed
from chorok.core.money import Share
from chorok.ledger.figures import Answer, Question, summary
from chorok.ledger.published import Published
from chorok.ledger.shares import Shares, in_percent
from chorok.ledger.targets import read as read_targets


@dataclass(frozen=True)
class Asked:
    """Whose year is to be forecast. `through`: take only so many months, as if the rest were not known."""

    year: int
    by: tuple[str, ...] = ()
    organisation: str | None = None
    item: str | None = None
    through: int | None = None
    basis: str = "eligible"
    definition: str = "national"


@dataclass(frozen=True)
class Outlook:
    """The forecast of a group; `aim` (percent) and `needed` where there is a target; `actual`: the year is over."""

    key: tuple[str | None, ...]
    currency: str
    forecast: Forecast
    aim: Fraction | None
    needed: Needed | None
    actual: Share | None
    not_known: bool  # purchases lie before the definition that was asked for


@dataclass(frozen=True)
class Outlooks:
    """Forecasts by group. `without`: months that are over and have no purchases at all, after the last that has.

    `empty`: groups that have purchases, but none that is eligible in any year.
    """

    asked: Asked
    found: tuple[Outlook, ...]
    months: int
    without: tuple[int, ...]
    empty: int
    answer: Answer


Years = dict[int, dict[int, Share]]
Lines = dict[int, set[int]]
"""Year -> months in which the scope has purchases of any kind: what is covered is judged by all of them."""
Key = tuple[str | None, ...]
Group = tuple[Key, str]
"""Values of `by`, and the currency."""


def outlooks(published: Published, asked: Asked) -> Outlooks:
    """Forecast the year for each group of `by`."""
    item = ("item",) if asked.item and "item" not in asked.by else ()
    answer = _ask(published, asked, (*asked.by, *item))
    lines = _lines(answer if not item and not asked.by else _ask(published, asked, ()))
    over = measure.months_over(asked.year, published.ledger.today)
    seen = max((month for month in lines.get(asked.year, ()) if month <= over), default=0)
    count = min(seen, asked.through or seen)
    groups, not_known = _groups(answer, asked)
    aims = _Aims(published, asked)
    found = [
        _outlook(group, groups[group], asked, count, lines, aims.of(group[0]), group[0] in not_known)
        for group in sorted(groups, key=lambda group: ([(part is None, part or "") for part in group[0]], group[1]))
        if group[0] in not_known
        or any(share != Share(0, 0) for year in groups[group].values() for share in year.values())
    ]
    of_year = [figure for figure in answer.figures if _month(figure.keys[0])[0] == asked.year]
    without, empty = tuple(range(seen + 1, over + 1)), len(groups) - len(found)
    return Outlooks(asked, tuple(found), count, without, empty, replace(answer, figures=of_year))


def _outlook(
    group: Group, years: Years, asked: Asked, count: int, lines: Lines, aim: Fraction | None, not_known: bool
) -> Outlook:
    past = [
        measure.past_year(year, years.get(year, {}), count, measure.covered(months))
        for year, months in sorted(lines.items())
        if year < asked.year
    ]
    own = years.get(asked.year, {})
    made = measure.forecast(own, count, past)
    needed = None if aim is None else measure.needed(made, aim / 100)
    actual = measure.so_far(own, measure.MONTHS) if measure.MONTHS in lines.get(asked.year, ()) else None
    return Outlook(*group, made, aim, needed, actual, not_known)


def _ask(published: Published, asked: Asked, by: tuple[str, ...]) -> Answer:
    period = periods.parse(f"..{asked.year}")
    return summary(published, Question(("month", *by), asked.basis, asked.definition, period, asked.organisation))


def _lines(answer: Answer) -> Lines:
    found: dict[int, set[int]] = defaultdict(set)
    for figure in answer.figures:
        if figure.amounts.lines:
            year, month = _month(figure.keys[0])
            found[year].add(month)
    return found


def _month(label: str | None) -> tuple[int, int]:
    year, _, month = (label or "0-0").partition("-")
    return int(year), int(month)


def _groups(answer: Answer, asked: Asked) -> tuple[dict[Group, Years], set[Key]]:
    """Return group and currency -> year -> month -> share, and the groups with money before the definition."""
    groups: dict[Group, Years] = defaultdict(lambda: defaultdict(dict))
    not_known: set[Key] = set()
    place = answer.question.by.index("item") if asked.item else None
    for figure in answer.figures:
        if place is not None and figure.keys[place] != asked.item:
            continue
        (year, month), key = _month(figure.keys[0]), figure.keys[1 : 1 + len(asked.by)]
        groups[key, figure.currency][year][month] = figure.amounts.share(asked.basis)
        if figure.amounts.not_known:
            not_known.add(key)
    return groups, not_known


class _Aims:
    """The targets of the year, for groups that are organisations, items, or both."""

    def __init__(self, published: Published, asked: Asked) -> None:
        self.asked = asked
        self.shares = Shares(published, asked.basis, asked.definition)
        self.targets = targets.in_force(read_targets(published.ledger), published.ledger.today)

    def of(self, key: Key) -> Fraction | None:
        """Return the aim of a group in percent, of exactly this organisation and item."""
        named = dict(zip(self.asked.by, key, strict=True))
        place = next((named[name] for name in ("organisation", "district", "city", "network") if name in named), None)
        scope, item = place or self.asked.organisation, named.get("item") or self.asked.item
        wanted = (scope, item, self.asked.year, self.asked.basis, self.asked.definition)
        target = next((one for one in self.targets if one.key == wanted), None)
        if target is None or "department" in named or "kind" in named:
            return None
        base = self.shares.of(target.scope, target.base_year, target.item) if target.base_year else None
        return targets.aim(target, in_percent(base))
