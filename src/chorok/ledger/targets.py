"""Targets beside what came of them: the records an office keeps, the ledger's shares, and what was published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from chorok.core.measures import targets as measure
from chorok.core.measures.suggestions import Suggestion, best_peer, from_potential, trend
from chorok.core.measures.targets import Attainment, Key, PublishedRate, Remark, Target
from chorok.core.money import Share
from chorok.ledger import kept
from chorok.ledger.published import Published
from chorok.ledger.shares import Shares, in_percent, years
from chorok.ledger.store import Ledger

Standing = Literal["met", "missed", "open", "no_data", "running", "ahead"]
"""As `core.measures.targets.State`; 'running': the year is not over, 'ahead': it has not begun or has no data yet."""


@dataclass(frozen=True)
class Row:
    """A target in force and what came of it. Values are percent; None where there is no figure."""

    target: Target
    history: tuple[Target, ...]
    base: Fraction | None
    aim: Fraction | None
    result: Share | None
    attainment: Attainment
    standing: Standing
    next_aim: Fraction | None
    published_base: PublishedRate | None
    published_result: PublishedRate | None
    remarks: tuple[Remark, ...]


def read(ledger: Ledger) -> tuple[Target, ...]:
    """Return all targets of an office, revisions included. Raises BadInputError for one that cannot be worked with."""
    found = kept.every(ledger, "targets", Target)
    return tuple(measure.checked(one, f"targets.toml, targets {place}") for place, one in enumerate(found, 1))


def published_rates(ledger: Ledger) -> dict[tuple[str, str | None, int], PublishedRate]:
    """Return what was published, by scope, item and year; the last one written counts. Raises BadInputError."""
    found = kept.every(ledger, "published", PublishedRate)
    for one in found:
        one.value  # noqa: B018 - a rate that is no number ends here
    return {(one.scope, one.item, one.year): one for one in found}


class Table:
    """Reads targets against the shares of a ledger, by basis and definition."""

    def __init__(self, shares: Iterable[Shares], ledger: Ledger, targets: Sequence[Target]) -> None:
        self.shares = {(one.question.basis, one.question.definition): one for one in shares}
        self.today = ledger.today
        self.rates = published_rates(ledger)
        self.histories = measure.histories(targets, self.today)

    def rows(self, scope: str | None = None, year: int | None = None) -> list[Row]:
        """Return a row for each target in force, in the order of scope, year, whole before items."""
        keys = [
            key for key in self.histories if (scope is None or key[0] == scope) and (year is None or key[2] == year)
        ]
        ordered = sorted(keys, key=lambda key: (key[0], key[2], key[1] or "", key[3], key[4]))
        return [self.row(self.histories[key]) for key in ordered]

    def aims(self, scope: str, year: int) -> dict[str | None, Fraction]:
        """Return what an organisation aims at in a year by item group (None: the whole), in percent."""
        found = {key[1]: self.aim(of[-1]) for key, of in self.histories.items() if (key[0], key[2]) == (scope, year)}
        return {item: value for item, value in found.items() if value is not None}

    def row(self, history: tuple[Target, ...]) -> Row:
        """Return the row of a target by its revisions, the last one in force."""
        target = history[-1]
        base, aim, result = self.base(target), self.aim(target), self._share(target, target.year)
        percent = in_percent(result)
        after = self.histories.get(_at(target, target.year + 1))
        return Row(
            target,
            history,
            base,
            aim,
            result,
            measure.attainment(aim, base, percent, target.lower_is_better),
            self._standing(target, aim, result),
            self.aim(after[-1]) if after else None,
            self._rate(target, target.base_year),
            self._rate(target, target.year),
            tuple(self.remarks(history)),
        )

    def remarks(self, history: tuple[Target, ...]) -> list[Remark]:
        """Return what a reader should know of a target."""
        target = history[-1]
        before = self.histories.get(_at(target, target.year - 1))
        earlier = self.aim(before[-1]) if before else None
        last = in_percent(self._share(target, target.year - 1)) if target.year - 1 < self.today.year else None
        below = measure.below(target, self.aim(target), earlier, last)
        lowered = measure.lowered(history, self.base(target))
        return [*measure.impossible(self.aim(target)), *lowered, *below, *measure.set_late(target)]

    def base(self, target: Target) -> Fraction | None:
        """Return the base of a target in percent: as written in it, else the ledger's share of the base year."""
        if target.base_value is not None or target.base_year is None:
            return target.base_value
        return in_percent(self._share(target, target.base_year))

    def aim(self, target: Target) -> Fraction | None:
        """Return what a target aims at, in percent."""
        return measure.aim(target, self.base(target))

    def _share(self, target: Target, year: int) -> Share | None:
        shares = self.shares.get((target.basis, target.definition))
        return shares.of(target.scope, year, target.item) if shares else None

    def _rate(self, target: Target, year: int | None) -> PublishedRate | None:
        return None if year is None else self.rates.get((target.scope, target.item, year))

    def _standing(self, target: Target, aim: Fraction | None, result: Share | None) -> Standing:
        if target.year >= self.today.year:
            return "ahead" if in_percent(result) is None else "running"
        low, high = (None, None) if result is None or result.value is None else (result.low, result.high)
        bounds = [None if bound is None else bound * 100 for bound in (low, high)]
        return measure.state(aim, bounds[0], bounds[1], target.lower_is_better)


@dataclass(frozen=True)
class Proposal:
    """What a target would mean that is not kept yet: its base and aim in percent, and its revisions, itself among them.

    Where the last revision is another, that one was set on a later day and stays in force.
    """

    target: Target
    base: Fraction | None
    aim: Fraction | None
    history: tuple[Target, ...]
    remarks: tuple[Remark, ...]


def propose(shares: Shares, ledger: Ledger, target: Target) -> Proposal | None:
    """Return what a target would mean; None when it is kept already. Raises as the shares do."""
    there = read(ledger)
    if target in there:
        return None
    table = Table([shares], ledger, (*there, target))
    history = table.histories[target.key]
    return Proposal(target, table.base(target), table.aim(target), history, tuple(table.remarks(history)))


def _at(target: Target, year: int) -> Key:
    scope, item, _, basis, definition = target.key
    return scope, item, year, basis, definition


def asked(published: Published, targets: Sequence[Target]) -> list[Shares]:
    """Return the shares that targets have to do with: by basis and definition, no more years and items than named."""
    kinds: dict[tuple[str, str], list[Target]] = {}
    for target in targets:
        kinds.setdefault((target.basis, target.definition), []).append(target)
    return [_asked(published, basis, definition, of) for (basis, definition), of in sorted(kinds.items())]


def _asked(published: Published, basis: str, definition: str, targets: Sequence[Target]) -> Shares:
    wanted = {year for one in targets for year in (one.year - 1, one.year, one.base_year or one.year)}
    return Shares(
        published,
        basis,
        definition,
        period=years(min(wanted), max(wanted)),
        by_item=any(one.item for one in targets),
        together=len({one.scope for one in targets}) > 1,
    )


@dataclass(frozen=True)
class Advice:
    """Suggested targets for a year, and the share they start from."""

    base_year: int | None
    base: Share | None
    suggestions: tuple[Suggestion, ...]


def suggest(shares: Shares, scope: str, year: int, item: str | None, today: date) -> Advice:
    """Suggest a target for a year from the complete years before it: trend, best peer, unmet potential."""
    past = _past(shares, scope, year, item, today)
    base_year = max(past, default=None)
    own = shares.of(scope, base_year, item) if base_year else None
    if base_year is None or own is None:
        return Advice(None, None, (trend(past, year),))
    peers = shares.peers(scope, base_year)
    of_peers = {code: _whole(items, item) for code, items in peers.items()}
    alike = {code: share for code, share in of_peers.items() if share is not None}
    return Advice(
        base_year,
        own,
        (trend(past, year), best_peer(own, alike), _from_potential(shares, scope, base_year, item)),
    )


def last_complete(shares: Shares, scope: str, year: int, item: str | None, today: date) -> int | None:
    """Return the last complete year before a year in which there is a share; None without one."""
    return max(_past(shares, scope, year, item, today), default=None)


def _past(shares: Shares, scope: str, year: int, item: str | None, today: date) -> dict[int, Fraction]:
    """Return the shares of the complete years before a year, in percent."""
    complete = [one for one in shares.years(scope) if one < min(year, today.year)]
    found = {one: in_percent(shares.of(scope, one, item)) for one in complete}
    return {one: value for one, value in found.items() if value is not None}


def _whole(items: dict[str, Share], item: str | None) -> Share | None:
    return sum(items.values(), Share(0, 0)) if item is None else items.get(item)


def _from_potential(shares: Shares, scope: str, year: int, item: str | None) -> Suggestion:
    """Lift item groups to the best peer's share, an item's purchasers to the item's share in the whole scope."""
    if item is not None:
        parts, own = shares.parts(scope, year, item), shares.of(scope, year, item)
        return from_potential(parts, dict.fromkeys(parts, own.value if own else None))
    return from_potential(shares.items(scope, year), shares.references(scope, year, "best-peer"))
