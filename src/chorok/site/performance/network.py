"""A network as its members and its coordinator see it: what each city has released, side by side, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404

from chorok.core import periods
from chorok.core.calendar.closing import STATES, State
from chorok.core.measures.network import (
    FEW_LINES,
    Compared,
    Member,
    Membership,
    Placed,
    Rounding,
    Standing,
    compare,
    history,
    in_period,
)
from chorok.core.money import Share, percent
from chorok.core.organisations import CITY_KINDS
from chorok.ledger.naming import Names
from chorok.publications import charts
from chorok.site.accounts.rights import Actor
from chorok.site.config.language import say
from chorok.site.config.written import unit_of
from chorok.site.performance.models import Release
from chorok.site.performance.released import Figures
from chorok.site.performance.shown import Cell, Head, Table, cell, money_cell, rate, rate_cell

SEE = "network.see"


def networks(actor: Actor) -> list[str]:
    """Return the networks that who asks works in or for."""
    found: set[str] = set()
    for place in actor.places(SEE):
        found |= {place, *actor.tree.ancestors(place, actor.today)}
    return sorted(code for code in found if (row := actor.tree.get(code)) and row.kind == "network")


def asked(actor: Actor, wish: str) -> str:
    """Return the network asked for, the first one without a wish. Raises Http404 for one out of reach."""
    known = networks(actor)
    if not known or (wish and wish not in known):
        raise Http404
    return wish or known[0]


@dataclass(frozen=True)
class Network:
    """The released figures of a network's members in one year."""

    actor: Actor
    names: Names
    code: str
    year: int

    @cached_property
    def memberships(self) -> list[Membership]:
        """Who belonged to it when."""
        return history(self.actor.tree, self.code, CITY_KINDS)

    @cached_property
    def members(self) -> dict[str, Membership]:
        """Who belonged to it in the year."""
        return in_period(self.memberships, periods.parse(f"{self.year:04d}"))

    @cached_property
    def releases(self) -> dict[tuple[str, int], Release]:
        """All releases in force by city and year, of whoever was a member in that year."""
        codes = {one.code for one in self.memberships}
        found = Release.objects.filter(city__in=codes, revoked_at=None).order_by("city", "year")
        return {(one.city, one.year): one for one in found if self._belonged(one)}

    def _belonged(self, one: Release) -> bool:
        return one.city in in_period(self.memberships, periods.parse(f"{one.year:04d}"))

    @cached_property
    def years(self) -> list[int]:
        """The years of which somebody has released figures, and the one asked for."""
        return sorted({self.year, *(year for _, year in self.releases)}, reverse=True)

    @cached_property
    def figures(self) -> dict[str, Figures]:
        """What was released of the year, by city."""
        return {city: Figures.read(one.figures) for (city, year), one in self.releases.items() if year == self.year}

    @property
    def currency(self) -> str:
        """The currency of most released figures."""
        each = [one.currency for one in self.figures.values()]
        return max(sorted(set(each)), key=each.count) if each else "KRW"

    @cached_property
    def compared(self) -> Compared:
        """The members of the year beside each other, by the same rules as `chorok network`."""
        return compare([self._member(one) for one in self.members.values()], "share", Rounding(), few=FEW_LINES)

    def _member(self, one: Membership) -> Member:
        found = self.figures.get(one.code)
        if found is None or found.currency != self.currency:
            return Member(one.code, part_of=one.part_of)
        total = found.total
        status: State = next((state for state in STATES if state == found.closing), "preliminary")
        return Member(
            one.code,
            total.share(),
            found.lines,
            Standing("eligible", "national", found.months),
            one.part_of,
            known=not total.not_known,
            status=status,
        )

    @cached_property
    def table(self) -> Table:
        """The members with what they released; who did not is said to have not."""
        caption = say("site.performance.network.table", year=self.year, currency=unit_of(self.currency))
        rows = [self._row(one) for one in self.compared.placed]
        return Table.of("network", caption, COLUMNS, rows)

    def _row(self, one: Placed) -> list[Cell]:
        code = one.member.code
        name = self.names.show("organisation", code) or code
        release, share = self.releases.get((code, self.year)), one.member.share
        if release is None:
            shut = say("site.performance.network.not_released")
            return [Cell(None, "–"), Cell(name, name), *[cell(None)] * 3, Cell(None, shut), *[cell(None)] * 5]
        rank = one.rank
        shown = "–" if rank is None else str(rank.place)
        if rank is not None and rank.best != rank.worst:
            shown = f"{rank.place} ({rank.best}–{rank.worst})"
        figures = self.figures[code]
        remark = "; ".join(self._remark(one, reason) for reason in (*one.reasons, *one.notes))
        money = [money_cell(value, figures.currency) for value in self._sums(share)]
        none = "definition_not_known" if not one.member.known else "not_defined"
        rates = (None, None, None) if share is None or not one.member.known else (share.value, share.low, share.high)
        aim = figures.aim
        return [
            Cell(rank.place if rank else None, shown),
            Cell(name, name),
            *money,
            cell(figures.lines),
            *(rate_cell(value, none) for value in rates),
            cell(None) if aim is None else rate_cell(aim / 100),
            cell(release.released_on),
            Cell(remark, remark or "–"),
        ]

    def _sums(self, share: Share | None) -> tuple[int | None, int | None]:
        return (None, None) if share is None else (share.denominator, share.green)

    def _remark(self, one: Placed, code: str) -> str:
        return say(
            f"network.reason.{code}",
            of=self.names.show("organisation", one.member.part_of) or "",
            few=FEW_LINES,
            ours=_months(one.member.standing),
            theirs=_months(self.compared.reference),
            state=say(f"closing.{one.member.status}"),
            states=say(f"closing.{self.compared.status}"),
        )

    @cached_property
    def sentences(self) -> list[str]:
        """What the figures say together; nothing about those who have not released theirs."""
        compared, ranked = self.compared, self.compared.ranked
        shut = len(self.members) - len(self.figures)
        found = [say("site.performance.network.released", count=len(self.figures), shut=shut)]
        if ranked:
            together, mean = rate(compared.together), rate(compared.mean)
            found.append(say("network.mean.share", together=together, mean=mean, count=len(ranked)))
        if compared.spread is not None:
            first, last = (self._named(one) for one in (ranked[0], ranked[-1]))
            spread = percent(compared.spread)
            found.append(say("network.spread.share", highest=first, lowest=last, spread=spread, currency=self.currency))
        return found

    def _named(self, one: Placed) -> str:
        return f"{self.names.show('organisation', one.member.code)} {percent(one.value)}"

    @cached_property
    def chart(self) -> str:
        """The released shares as bars; nothing with fewer than two."""
        rows = []
        for one in self.compared.ranked:
            share = one.member.share or Share(0, 0)
            value, low, high = (
                None if rated is None else rated * 100 for rated in (share.value, share.low, share.high)
            )
            name = self.names.show("organisation", one.member.code) or one.member.code
            rows.append(charts.Bar(name, value, low, high, rate(share.value)))
        title, what = (say(f"site.performance.network.{code}", year=self.year) for code in ("title_of", "what"))
        return charts.bars("network", title, what, rows) if len(rows) > 1 else ""

    @cached_property
    def items(self) -> Table:
        """The item groups of the cities that released them, side by side."""
        cities = [code for code, one in self.figures.items() if one.sums and "*" not in one.sums]
        codes = sorted({item for city in cities for item in self.figures[city].sums if item})
        columns = [Head("item"), *(_City(self.names.show("organisation", city) or city) for city in cities)]
        rows = []
        for code in codes:
            name = self.names.show("item", code) or code
            shares = [self.figures[city].item(code) for city in cities]
            if any(share and share.denominator for share in shares):
                rows.append([Cell(name, name), *(_rate(share) for share in shares)])
        return Table.of("network-items", say("site.performance.network.items", year=self.year), columns, rows)

    @cached_property
    def over_years(self) -> Table:
        """The shares of all released years, city by city."""
        years = sorted(self.years)
        columns = [Head("member"), *(_City(str(year)) for year in years)]
        rows = []
        for code in dict.fromkeys(one.code for one in self.memberships):
            name = self.names.show("organisation", code) or code
            each = [self.releases.get((code, year)) for year in years]
            shares = [Figures.read(one.figures).total.share() if one else None for one in each]
            shut = Cell(None, say("site.performance.network.not_released"))
            rows.append([Cell(name, name), *(shut if share is None else rate_cell(share.value) for share in shares)])
        return Table.of("network-years", say("site.performance.network.years"), columns, rows)


def _rate(share: Share | None) -> Cell:
    return Cell(None, say("word.no_data")) if share is None else rate_cell(share.value)


@dataclass(frozen=True)
class _City(Head):
    """A column that is headed by a name and not by a word of the catalogue."""

    number: bool = True

    @property
    def text(self) -> str:
        return self.key


def _months(standing: Standing | None) -> str:
    return "–".join(periods.label(month, "month") for month in standing.months) if standing else ""


COLUMNS = (
    Head("rank", number=True),
    Head("member"),
    Head("eligible", number=True),
    Head("green", number=True),
    Head("lines", number=True),
    Head("share", number=True),
    Head("low", number=True),
    Head("high", number=True),
    Head("aim", number=True),
    Head("released"),
    Head("remark"),
)
