"""Scorecards of a published ledger: what is known of each unit, gathered from the cube, targets and efforts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

from chorok.core import periods, schemes
from chorok.core.errors import BadInputError, UsageError
from chorok.core.measures import scorecard, targets
from chorok.core.measures.scorecard import Aim, Effort, Facts, Scored
from chorok.core.measures.share import Amounts
from chorok.core.organisations import CITY_KINDS, Tree
from chorok.core.schemes import MEASURES, Scheme
from chorok.ledger import cube, kept
from chorok.ledger.figures import Answer, Question, laid_out, summary, tree_of
from chorok.ledger.published import Published
from chorok.ledger.shares import Shares, in_percent
from chorok.ledger.targets import read as read_targets

Kind = Literal["city", "district", "organisation", "department"]
KINDS: tuple[str, ...] = get_args(Kind)
"""What can be scored; a department is one that purchase lines name, within its organisation."""

Key = tuple[str, ...]
"""A unit: an organisation's code, and for a department the department's name behind it."""


@dataclass(frozen=True)
class Asked:
    """Which units are to be scored, for which year."""

    year: int
    kind: Kind = "district"
    organisation: str | None = None
    basis: str = "eligible"
    definition: str = "national"


@dataclass(frozen=True)
class Unit:
    """A unit with what is known of it (None: no purchases in the year) and its score."""

    key: Key
    currency: str
    facts: Facts | None
    scored: Scored


@dataclass(frozen=True)
class Card:
    """All units of a scorecard, ranked ones first. `outside`: eligible money that is of no unit."""

    scheme: Scheme
    asked: Asked
    units: tuple[Unit, ...]
    best: Mapping[str, Fraction]
    outside: Mapping[str, int]  # currency -> amount
    tree: Tree
    answer: Answer


def scheme_of(name_or_path: str) -> Scheme:
    """Return a preset by its id, or the scheme in an office's own TOML file. Raises UsageError, BadInputError."""
    if name_or_path in schemes.names():
        return schemes.preset(name_or_path)
    path = Path(name_or_path)
    if path.suffix.lower() != ".toml":
        raise UsageError("scheme_unknown", scheme=name_or_path, known=", ".join(schemes.names()))
    return schemes.made(kept.read_toml(path), path.name)


def efforts_of(published: Published) -> tuple[Effort, ...]:
    """Return the efforts that the office has recorded. Raises BadInputError for a scope that no organisation has."""
    found = kept.every(published.ledger, "efforts", Effort)
    tree = tree_of(published, Question())
    for place, one in enumerate(found, 1):
        if one.scope.partition("/")[0] not in tree.rows:
            raise BadInputError("effort_scope", where=f"efforts.toml, efforts {place}", scope=one.scope)
    return found


def card(published: Published, scheme: Scheme, asked: Asked) -> Card:
    """Score and rank all units. Raises UsageError when amounts of several currencies would have to be compared."""
    answer = _ask(published, asked, _columns(asked), asked.year - 1, asked.year)
    tree = tree_of(published, answer.question)
    sums, outside = _sums(answer, asked, tree)
    facts = _Facts(published, scheme, asked, tree, sums).every()
    _check_currencies(scheme, facts)
    best = scorecard.best_of(scheme, [one for one in facts.values() if one])
    found = {key: scorecard.score(scheme, one, best) for key, one in facts.items()}
    ranks = scorecard.ranked(list(found.values()), scheme.digits)
    units = [Unit(key, currency, facts[key, currency], one) for (key, currency), one in zip(found, ranks, strict=True)]
    of_year = [figure for figure in answer.figures if figure.keys[0] == str(asked.year)]
    return Card(scheme, asked, tuple(sorted(units, key=_order)), best, outside, tree, replace(answer, figures=of_year))


def _order(unit: Unit) -> tuple[int, Fraction, Key]:
    scored = unit.scored
    return scored.rank or 10**9, -scored.score if scored.score is not None else Fraction(1), unit.key


def _columns(asked: Asked) -> tuple[str, ...]:
    return ("organisation", "department") if asked.kind == "department" else (asked.kind,)


def _ask(published: Published, asked: Asked, by: tuple[str, ...], first: int, last: int) -> Answer:
    period = periods.parse(f"{first}..{last}")
    return summary(published, Question(("year", *by), asked.basis, asked.definition, period, asked.organisation))


Sums = dict[tuple[Key, str], dict[int, Amounts]]


def _sums(answer: Answer, asked: Asked, tree: Tree) -> tuple[Sums, dict[str, int]]:
    """Return unit and currency -> year -> sums, and the eligible money of the year that is of no unit."""
    sums: Sums = defaultdict(dict)
    outside: dict[str, int] = defaultdict(int)
    for figure in answer.figures:
        year, key = int(figure.keys[0] or 0), figure.keys[1:]
        if None not in key and key[0] in tree.rows:
            sums[tuple(str(one) for one in key), figure.currency][year] = figure.amounts
        elif year == asked.year:
            outside[figure.currency] += figure.amounts.share(asked.basis).denominator + figure.amounts.unknown
    return sums, {currency: amount for currency, amount in outside.items() if amount}


class _Facts:
    """Puts together what is known of each unit."""

    def __init__(self, published: Published, scheme: Scheme, asked: Asked, tree: Tree, sums: Sums) -> None:
        self.published, self.scheme, self.asked, self.tree, self.sums = published, scheme, asked, tree, sums
        self.shares = Shares(published, asked.basis, asked.definition)
        self.efforts = scorecard.latest(efforts_of(published), asked.year)
        self.aims = self._aims()
        self.expected = self._expected() if any(one.measure == "potential" for one in scheme.indicators) else {}

    def every(self) -> dict[tuple[Key, str], Facts | None]:
        """Return the facts of each unit and currency; None for a member of the tree without purchases in the year."""
        year = self.asked.year
        found: dict[tuple[Key, str], Facts | None] = {
            unit: self._of(*unit, years[year], years.get(year - 1))
            for unit, years in self.sums.items()
            if year in years
        }
        seen = {key for key, _ in found}
        return {**found, **{(key, ""): None for key in self._members() if key not in seen}}

    def _of(self, key: Key, currency: str, amounts: Amounts, before: Amounts | None) -> Facts:
        scope = "/".join(key)
        efforts = {name: one for (of, name), one in self.efforts.items() if of == scope}
        aim = self._aim(key[0])
        return Facts(amounts, before, self.asked.basis, aim, self.expected.get((key, currency)), efforts)

    def _members(self) -> list[Key]:
        """Units that the tree has on the last day of the year, with purchases or without."""
        on, scope = date(self.asked.year, 12, 31), self.asked.organisation
        inside = self.tree.subtree(scope, on) if scope else set(self.tree.codes())
        parents = self.tree.children(on)
        wanted = {"city": CITY_KINDS, "district": ("district",)}.get(self.asked.kind)
        return [
            (code,)
            for code in sorted(inside)
            if (row := self.tree.get(code, on)) and self.tree.valid_on(code, on) and self.asked.kind != "department"
            if (row.kind in wanted if wanted else not parents.get(code))
        ]

    def _aims(self) -> dict[str, Aim]:
        """Return the targets in force for the year's whole, by organisation."""
        found = {}
        for one in targets.in_force(read_targets(self.published.ledger), self.published.ledger.today):
            if (one.year, one.item, one.basis, one.definition) == (
                self.asked.year,
                None,
                self.asked.basis,
                self.asked.definition,
            ):
                base = self.shares.of(one.scope, one.base_year) if one.base_year and one.mode != "absolute" else None
                percent = targets.aim(one, in_percent(base))
                if percent is not None:
                    found[one.scope] = Aim(percent, one.scope, one.set_on, one.lower_is_better)
        return found

    def _aim(self, code: str) -> Aim | None:
        """Return the organisation's own aim, failing that the one of the nearest above it that has one."""
        above = self.tree.ancestors(code, date(self.asked.year, 12, 31)) if self.aims else []
        return next((self.aims[one] for one in (code, *above) if one in self.aims), None)

    def _expected(self) -> dict[tuple[Key, str], int]:
        """Return what each unit's green amount would be, had each item group the share that it has in the whole scope.

        Always on the eligible basis, since only there each item group has a share of its own. Rounded for each item
        group to the smallest unit, in the engine, since units times item groups are many.
        """
        asked, columns = self.asked, _columns(self.asked)
        year = periods.parse(str(asked.year))
        connection = laid_out(self.published, Question((), "eligible", asked.definition, year, asked.organisation))
        cells = cube.select([*columns, "item_group"], sums=("green", "not_green", "undetermined"))
        found = connection.execute(_EXPECTED.format(cells=cells, unit=", ".join(columns))).fetchall()
        return {(row[:-2], row[-2]): int(row[-1]) for row in found}


_EXPECTED = """
WITH cells AS ({cells}), eligible AS (
  SELECT *, (green + not_green + undetermined)::HUGEINT AS own FROM cells
), referred AS (
  SELECT *, own * sum(green) OVER item AS product, sum(own) OVER item AS whole FROM eligible
  WINDOW item AS (PARTITION BY item_group, currency)
)
SELECT {unit}, currency, sum(sign(product) * ((2 * abs(product) + whole) // (2 * whole)))::HUGEINT
FROM referred WHERE whole > 0 GROUP BY ALL
"""
"""Half away from zero: all integers, of 128 bits, since products of two amounts do not fit into 64."""


def _check_currencies(scheme: Scheme, facts: Mapping[tuple[Key, str], Facts | None]) -> None:
    """Amounts of two currencies have no order."""
    found = {currency for (_, currency), one in facts.items() if one}
    asked = [*(one.measure for one in scheme.indicators), *(floor.measure for floor in scheme.floors)]
    if any(MEASURES.get(one or "") == "amount" for one in asked):
        wanted = {floor.currency for floor in scheme.floors if floor.currency}
        if len(found) > 1 or (found and wanted and found != wanted):
            raise UsageError("scheme_currencies", scheme=scheme.id, found=", ".join(sorted({*found, *wanted})))
