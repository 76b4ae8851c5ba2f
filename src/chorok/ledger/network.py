"""What members of a network are compared by: each one's money, lines and months, year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chorok.core import periods
from chorok.core.calendar.closing import State
from chorok.core.cities import City
from chorok.core.errors import UsageError
from chorok.core.measures.network import Member, Membership, Standing, history, in_period
from chorok.core.measures.share import Amounts
from chorok.core.money import Share
from chorok.core.organisations import CITY_KINDS, Tree
from chorok.ledger import closings
from chorok.ledger.figures import Answer, Question, summary
from chorok.ledger.published import Published

Profiles = Mapping[tuple[str, int], City]


@dataclass(frozen=True)
class Scope:
    """Whose members are compared, and what they are: the cities of a network or province, the districts of a city."""

    code: str
    unit: str
    kinds: tuple[str, ...]
    strict: bool  # money of those who are no members is not the network's

    @classmethod
    def of(cls, tree: Tree, code: str) -> Scope:
        """Return the scope of an organisation's members."""
        row = tree.get(code)
        kind = row.kind if row else ""
        if kind in ("network", "province"):
            return cls(code, "city", CITY_KINDS, kind == "network")
        return cls(code, "district", ("district",), False)


def network_of(tree: Tree) -> str | None:
    """Return the one network of a tree, None when there is none. Raises UsageError when there are several."""
    found = [code for code in tree.codes() if (row := tree.get(code)) and row.kind == "network"]
    if len(found) > 1:
        raise UsageError("network_which", networks=", ".join(found))
    return found[0] if found else None


@dataclass
class _Found:
    """What one member bought in a year."""

    amounts: Amounts = field(default_factory=Amounts)
    lines: int = 0
    months: list[int] = field(default_factory=list)

    def add(self, other: _Found) -> None:
        self.amounts += other.amounts
        self.lines += other.lines
        self.months += other.months


@dataclass(frozen=True)
class Year:
    """The members of one year in one currency; `outside` was bought by none of them, `left_out` by no member."""

    year: int
    currency: str
    members: tuple[Member, ...]
    outside: Share
    left_out: Share


@dataclass(frozen=True)
class Reading:
    """All years asked for that have purchases, the first one first, and the answer whose grounds are theirs."""

    answer: Answer
    memberships: tuple[Membership, ...]
    years: tuple[Year, ...]


def read(
    published: Published, question: Question, tree: Tree, scope: Scope, profiles: Profiles, *, lines: bool = True
) -> Reading:
    """Read the members' figures; `question` says basis, definition and period.

    `lines`: count eligible lines too, those of the item groups in the denominator; it asks for every item.
    """
    asked = replace(question, organisation=scope.code)
    answer = summary(published, replace(asked, by=("month", scope.unit)))
    found: dict[tuple[int, str], dict[str | None, _Found]] = defaultdict(lambda: defaultdict(_Found))
    for figure in answer.figures:
        month, unit = figure.keys
        _, number = periods.numbered(periods.parse(str(month))) or ("", 0)
        found[number // 12, figure.currency][unit].add(_Found(figure.amounts, months=[number]))
    for figure in summary(published, replace(asked, by=("year", scope.unit, "item"))).figures if lines else ():
        year, unit, _ = figure.keys
        if figure.amounts.share(question.basis).denominator:
            found[int(year or 0), figure.currency][unit].lines += figure.amounts.lines
    memberships = tuple(history(tree, scope.code, scope.kinds))
    years = [
        _year(key, cells, memberships, scope, question, profiles, _elsewhere(found, *key))
        for key, cells in sorted(found.items())
    ]
    return Reading(answer, memberships, tuple(_closed(published, question, years)))


def _closed(published: Published, question: Question, years: list[Year]) -> list[Year]:
    """Say of each member's year how far its closing is, and what was sent, on this basis and definition alone."""
    found: dict[tuple[str, str], tuple[State, dict[str, Amounts]]] = {}
    asked = {f"{year.year:04d}" for year in years}
    for (code, period), standing in closings.standings(published.ledger).items():
        sent = standing.sent
        if sent and period in asked and (sent.basis, sent.definition) == (question.basis, question.definition):
            sums = closings.as_sent(published.ledger, sent).total() if standing.stands_as_sent else {}
            found[code, period] = standing.state, sums

    def closed(member: Member, year: Year) -> Member:
        state, sums = found.get((member.code, f"{year.year:04d}"), ("preliminary", {}))
        amounts = sums.get(year.currency)
        return replace(member, status=state, sent=amounts.share(question.basis) if amounts else None)

    return [replace(year, members=tuple(closed(member, year) for member in year.members)) for year in years]


def _elsewhere(found: Mapping[tuple[int, str], Mapping[str | None, _Found]], year: int, currency: str) -> set[str]:
    """The members that bought in another currency: here they are not without data, they are not there at all."""
    others = (cells for (other, money), cells in found.items() if other == year and money != currency)
    return {code for cells in others for code in cells if code}


def _year(
    key: tuple[int, str],
    cells: Mapping[str | None, _Found],
    memberships: tuple[Membership, ...],
    scope: Scope,
    question: Question,
    profiles: Profiles,
    elsewhere: set[str],
) -> Year:
    year, currency = key
    members = in_period(memberships, periods.parse(f"{year:04d}"))
    sums: dict[str, _Found] = defaultdict(_Found)
    outside, left_out = Amounts(), Amounts()
    for code, cell in cells.items():
        if code is not None and code in members:
            for at in _upwards(code, members):
                sums[at].add(cell)
        elif scope.strict and code is not None:
            left_out += cell.amounts
        else:
            outside += cell.amounts
    listed = [
        _member(one, sums.get(code), question, profiles.get((code, year)), currency)
        for code, one in members.items()
        if code in sums or code not in elsewhere
    ]
    return Year(year, currency, tuple(listed), outside.share(question.basis), left_out.share(question.basis))


def _upwards(code: str, members: Mapping[str, Membership]) -> list[str]:
    """Return a member and those that it is part of, each once: a province's figure holds those of its cities."""
    way = [code]
    while (above := members[way[-1]].part_of) in members and above not in way:
        way.append(str(above))
    return way


def _member(one: Membership, found: _Found | None, question: Question, profile: City | None, currency: str) -> Member:
    same = profile is None or profile.budget is None or profile.currency == currency
    named = Member(
        one.code,
        part_of=one.part_of,
        people=profile.population if profile else None,
        budget=profile.budget if profile and same else None,
        same_currency=same,
    )
    if found is None or not found.months:
        return named
    months = min(found.months), max(found.months)
    return replace(
        named,
        share=found.amounts.share(question.basis),
        lines=found.lines,
        standing=Standing(question.basis, question.definition, months),
        known=not found.amounts.not_known,
    )
