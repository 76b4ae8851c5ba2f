"""Forecasts from a published ledger: the months of a year and of those before it, from the cube."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from chorok.core import periods
from chorok.core.measures import forecast as measure
from chorok.core.measures import targets
from chorok.core.measures.forecast import Forecast, Needed
from chorok.core.measures.share import Amounts
from chorok.core.money import Share
from chorok.ledger import cube
from chorok.ledger.figures import Answer, Question, laid_out, summary
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
    """Forecast the year for each group of `by`. Raises UsageError as figures do."""
    lines = _lines(summary(published, _question(asked, ("month",))))
    over = measure.months_over(asked.year, published.ledger.today)
    seen = max((month for month in lines.get(asked.year, ()) if month <= over), default=0)
    count = min(seen, asked.through or seen)
    groups, not_known = _groups(published, asked, count)
    aims = _Aims(published, asked)
    found = [
        _outlook(group, groups[group], asked, count, lines, aims.of(group[0]), group[0] in not_known)
        for group in sorted(groups, key=lambda group: ([(part is None, part or "") for part in group[0]], group[1]))
        if group[0] in not_known
        or any(share != Share(0, 0) for year in groups[group].values() for share in year.values())
    ]
    of_year = replace(_question(asked, asked.by), period=periods.parse(str(asked.year)))
    without, empty = tuple(range(seen + 1, over + 1)), len(groups) - len(found)
    return Outlooks(asked, tuple(found), count, without, empty, summary(published, of_year))


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


def _question(asked: Asked, by: tuple[str, ...]) -> Question:
    return Question(by, asked.basis, asked.definition, periods.parse(f"..{asked.year}"), asked.organisation)


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


def _groups(published: Published, asked: Asked, count: int) -> tuple[dict[Group, Years], set[Key]]:
    """Return group and currency -> year -> share of the first months and of the rest, by the last month of each.

    Also the groups with money before the definition. The engine adds the months up: groups times months are many.
    """
    groups: dict[Group, Years] = defaultdict(lambda: defaultdict(dict))
    not_known: set[Key] = set()
    for row in _cells(published, asked, count):
        (year, month), amounts = divmod(row["period"], measure.MONTHS), Amounts.of(row)
        key = tuple(row[_COLUMNS.get(name, name)] for name in asked.by)
        groups[key, row["currency"]][year][month + 1] = amounts.share(asked.basis)
        if amounts.not_known:
            not_known.add(key)
    return groups, not_known


_COLUMNS = {"item": "item_group"}


def _cells(published: Published, asked: Asked, count: int) -> list[dict[str, Any]]:
    connection = laid_out(published, _question(asked, ()))
    by = dict.fromkeys(_COLUMNS.get(name, name) for name in (*asked.by, *(("item",) if asked.item else ())))
    last = f"CASE WHEN period % {measure.MONTHS} < {count} THEN {count} ELSE {measure.MONTHS} END - 1"
    sql = cube.select(list(by), f"period - period % {measure.MONTHS} + {last}")
    rows = connection.execute(sql).to_arrow_table().to_pylist()
    return [row for row in rows if asked.item is None or row["item_group"] == asked.item]


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
        of_no_item = "item" in named and named["item"] is None
        if target is None or of_no_item or "department" in named or "kind" in named:
            return None
        base = self.shares.of(target.scope, target.base_year, target.item) if target.base_year else None
        return targets.aim(target, in_percent(base))
