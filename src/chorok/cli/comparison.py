"""How members of a network are shown beside each other: the tables of `chorok network`, and what is said below them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chorok.cli.grounds import tell_in
from chorok.cli.speech import Column, Form, note, say, show, tell
from chorok.core import periods
from chorok.core.measures.network import FIRMNESS, Compared, Per, Placed, Rounding, compare
from chorok.core.money import Share, percent, written
from chorok.ledger import kept
from chorok.ledger.naming import Names
from chorok.ledger.network import Scope, Year
from chorok.ledger.store import Ledger

MONEY = (Column("eligible", right=True), Column("green", right=True), Column("share", right=True))
BOUNDS = (Column("low", right=True), Column("high", right=True))
LINES = (Column("eligible_lines", right=True),)
PER_COLUMNS: dict[Per, tuple[Column, ...]] = {
    "share": (),
    "head": (
        Column("population", right=True),
        Column("eligible_per_head", right=True),
        Column("green_per_head", right=True),
    ),
    "budget": (
        Column("budget", right=True),
        Column("eligible_per_budget", right=True),
        Column("green_per_budget", right=True),
    ),
}
YEARS = (Column("year"), Column("members_ranked", right=True), Column("members", right=True), *MONEY, *BOUNDS)
SPREAD = (
    Column("mean", right=True),
    Column("highest"),
    Column("lowest"),
    Column("spread", right=True),
)


@dataclass(frozen=True)
class Teller:
    """Prints comparisons: in which language and form, per what, how rounded."""

    names: Names
    scope: Scope
    per: Per
    digits: int
    few: int
    output: Form
    ledger: Ledger

    @property
    def plain(self) -> bool:
        """Tell whether it is for machines: codes, integers, all columns."""
        return self.output != "table"

    def name(self, code: str) -> str:
        """Return what a member is called."""
        return self.names.show("organisation", code) or code

    def compared(self, year: Year) -> Compared:
        """Return the members of a year, ranked."""
        return compare(year.members, self.per, self.rounding, year.outside, self.few)

    @property
    def rounding(self) -> Rounding:
        """Return how figures are rounded: money per head to whole units, shares to the digits asked for."""
        return Rounding(1, 0) if self.per == "head" else Rounding(100, self.digits)

    def value(self, value: Fraction | None, currency: str) -> str | int | None:
        """Return a figure as shown: percent, or money per head."""
        if value is None:
            return None
        shown = self.rounding.shown(value)
        if self.per != "head":
            return str(shown)
        return int(shown) if self.plain else written(int(shown), currency)

    def money(self, amount: int, currency: str) -> str | int:
        """Return an amount as shown."""
        return amount if self.plain else written(amount, currency)

    def share(self, share: Share | None, known: bool = True) -> dict[str, str]:
        """Return the cells of a share."""
        if share is None:
            return {"share": say("word.no_data")}
        if not known:
            return {"share": say("word.definition_not_known")}
        values = {"share": share.value, "low": share.low, "high": share.high}
        shown = {name: percent(value, self.digits) for name, value in values.items()}
        return {name: say("word.not_defined") if one is None else str(one) for name, one in shown.items()}

    def print_members(self, years: tuple[Year, ...]) -> None:
        """Print the members of one year, and what they are together."""
        found = [(year, self.compared(year)) for year in years]
        rows = []
        for year, compared in found:
            rows += [self._row(one, compared, year.currency) for one in compared.placed]
            rows.append(self._total(compared, year))
        code = (Column("member_code"),) if self.plain else ()
        part = (Column("part_of"),) if self.plain or any(row.get("part_of") for row in rows) else ()
        money = (Column("currency"),) if self.plain or len(years) > 1 else ()
        places = (Column("rank_best", right=True), Column("rank_worst", right=True)) if self.plain else ()
        measured = (*MONEY, *BOUNDS, *LINES) if self.plain or self.per == "share" else MONEY
        columns = (Column("rank", right=True), *places, Column("member"), *code, *part, *measured)
        columns = (*columns, *((Column("closing_state"),) if self.plain or self._any_closed(years) else ()))
        columns = (*columns, *PER_COLUMNS[self.per], *money, Column("remark"))
        show(columns, [{column.key: row.get(column.key) for column in columns} for row in rows], self.output)
        if not self.plain:
            self._say(found)
        self._left(found)

    def _any_closed(self, years: tuple[Year, ...]) -> bool:
        return any(one.status != "preliminary" for year in years for one in year.members)

    def _row(self, one: Placed, compared: Compared, currency: str) -> dict[str, Any]:
        share, rank = one.member.share, one.rank
        row: dict[str, Any] = {
            "rank": rank.place if rank else None,
            "rank_best": rank.best if rank else None,
            "rank_worst": rank.worst if rank else None,
            "member": self.name(one.member.code),
            "member_code": one.member.code,
            "part_of": self.name(one.member.part_of) if one.member.part_of else None,
            **self.share(share, one.member.known),
            "currency": currency,
            "closing_state": self._state(one.member.status) if share else None,
            "remark": self._remark(one, compared),
        }
        if rank and rank.best != rank.worst and not self.plain:
            row["rank"] = f"{rank.place} ({rank.best}–{rank.worst})"
        if share:
            row |= {"eligible": self.money(share.denominator, currency), "green": self.money(share.green, currency)}
            row["eligible_lines"] = one.member.lines
        return {**row, **self._per_cells(one, currency)}

    def _per_cells(self, one: Placed, currency: str) -> dict[str, Any]:
        """Return the cells of `--per`: the divisor, eligible and green spending by it."""
        divisor = one.member.divisor(self.per)
        if self.per == "share":
            return {}
        base = "population" if self.per == "head" else "budget"
        if divisor is None:
            return {base: None if self.plain else say("network.no_profile")}
        cells: dict[str, Any] = {base: divisor if self.per == "head" else self.money(divisor, currency)}
        if one.member.share:
            eligible = Fraction(one.member.share.denominator, divisor)
            cells[f"eligible_per_{self.per}"] = self.value(eligible, currency)
            cells[f"green_per_{self.per}"] = self.value(one.value, currency)
        return cells

    def _state(self, status: str) -> str:
        return status if self.plain else say(f"closing.{status}")

    def _remark(self, one: Placed, compared: Compared) -> str | list[str]:
        """Return why it has no rank, and what is to be said beside its figure: codes for machines, words for people."""
        codes: list[str] = [*one.reasons, *one.notes]
        if self.plain:
            return codes if self.output == "json" else " ".join(codes)
        return "; ".join(
            say(
                f"network.reason.{code}",
                of=self.name(one.member.part_of or ""),
                few=self.few,
                ours=_months(one.member.standing),
                theirs=_months(compared.reference),
                state=say(f"closing.{one.member.status}"),
                states=say(f"closing.{compared.status}"),
            )
            for code in codes
        )

    def _total(self, compared: Compared, year: Year) -> dict[str, Any]:
        total = compared.total
        row = {
            "member": self.name(self.scope.code) if self.plain else say("network.together"),
            "member_code": self.scope.code,
            "eligible": self.money(total.denominator, year.currency),
            "green": self.money(total.green, year.currency),
            **self.share(total),
            "currency": year.currency,
            "remark": ([] if self.output == "json" else "") if self.plain else None,
        }
        if self.per != "share":
            row[f"green_per_{self.per}"] = self.value(compared.together, year.currency)
        return row

    def _say(self, found: list[tuple[Year, Compared]]) -> None:
        """Say what the figures mean, currency by currency where there are several."""
        told = [(year, compared) for year, compared in found if compared.ranked]
        for year, compared in told:
            currency, ranked = year.currency, compared.ranked
            which = currency if len(found) > 1 else None
            together, mean = (self._with_unit(value, currency) for value in (compared.together, compared.mean))
            tell_in(which, f"network.mean.{self.per}", together=together, mean=mean, count=len(ranked))
            if compared.spread is not None:
                tell_in(
                    which,
                    f"network.spread.{self.per}",
                    highest=self._named(ranked[0], currency),
                    lowest=self._named(ranked[-1], currency),
                    spread=self.value(compared.spread, currency),
                    currency=currency,
                )
        if told:
            tell("network.ranks")

    def _with_unit(self, value: Fraction | None, currency: str) -> str:
        if value is None:
            return say("word.not_defined")
        shown = self.value(value, currency)
        return f"{shown} {currency}" if self.per == "head" else say("grounds.percent", value=shown)

    def _named(self, one: Placed, currency: str) -> str:
        return f"{self.name(one.member.code)} {self.value(one.value, currency)}"

    def _left(self, found: list[tuple[Year, Compared]]) -> None:
        """Say what is left out, once for all years of which it is true."""
        without: dict[str, list[str]] = defaultdict(list)
        unprofiled: dict[str, str] = {}
        for year, compared in found:
            missing = [self.name(one.member.code) for one in compared.placed if "no_data" in one.reasons]
            without[", ".join(missing)].append(str(year.year))
            unprofiled |= {str(year.year): one.member.code for one in compared.placed if "no_profile" in one.reasons}
            self._elsewhere(year)
            self._closings(year, compared)
        for names, years in without.items():
            if names:
                note("network.without_data", count=names.count(", ") + 1, names=names, years=", ".join(years))
        if unprofiled:
            last, file = max(unprofiled), kept.file_of(self.ledger, "cities")
            note("network.add_profile", years=", ".join(unprofiled), file=file, code=unprofiled[last], year=last)

    def _elsewhere(self, year: Year) -> None:
        """Say which money is of no member, and whether the year is over."""
        for code, share in (("outside", year.outside), ("left_out", year.left_out)):
            if share.denominator:
                amount = f"{written(share.denominator, year.currency)} {year.currency}"
                note(f"network.{code}", amount=amount, year=year.year)
        if year.year >= self.ledger.today.year:
            note("network.running", year=year.year, day=self.ledger.today)

    def _closings(self, year: Year, compared: Compared) -> None:
        """Say that figures of unequal firmness stand side by side, and which are not as they were sent."""
        states: dict[int, list[str]] = defaultdict(list)
        for one in compared.placed:
            if one.member.share:
                states[FIRMNESS[one.member.status]].append(
                    f"{self.name(one.member.code)} {say(f'closing.{one.member.status}')}"
                )
        if len(states) > 1:
            members = ", ".join(name for firmness in sorted(states, reverse=True) for name in states[firmness])
            note("network.unequal_status", year=year.year, members=members)
        for one in compared.placed:
            if "changed" in one.notes:
                self._changed(one, year)

    def _changed(self, one: Placed, year: Year) -> None:
        member = one.member
        sent, now = (self._whole(share, year.currency) for share in (member.sent, member.share))
        where = {"member": self.name(member.code), "code": member.code, "year": year.year}
        note("network.changed", **where, sent=sent, now=now, state=say(f"closing.{member.status}"))

    def _whole(self, share: Share | None, currency: str) -> str:
        """Return a share with the amounts that it is made of."""
        if share is None:
            return say("word.no_data")
        value = percent(share.value, self.digits)
        shown = say("word.not_defined") if value is None else say("grounds.percent", value=value)
        return f"{written(share.green, currency)} / {written(share.denominator, currency)} {currency} = {shown}"

    def print_years(self, years: tuple[Year, ...]) -> None:
        """Print one row a year: together, mean, spread."""
        several = len({year.currency for year in years}) > 1
        money = (Column("currency"),) if self.plain or several else ()
        found = [(year, self.compared(year)) for year in years]
        together = (Column("together", right=True),) if self.plain or self.per != "share" else ()
        rows = [self._year_row(year, compared) for year, compared in found]
        show((*YEARS, *together, *SPREAD, *money), rows, self.output)
        if not self.plain:
            tell("network.years")
        self._left(found)

    def _year_row(self, year: Year, compared: Compared) -> dict[str, Any]:
        ranked = compared.ranked
        return {
            "year": str(year.year),
            "members_ranked": len(ranked),
            "members": len(compared.placed),
            "eligible": self.money(compared.total.denominator, year.currency),
            "green": self.money(compared.total.green, year.currency),
            **self.share(compared.total),
            "together": self.value(compared.together, year.currency),
            "mean": self.value(compared.mean, year.currency),
            "highest": self._named(ranked[0], year.currency) if ranked else None,
            "lowest": self._named(ranked[-1], year.currency) if ranked else None,
            "spread": self.value(compared.spread, year.currency),
            "currency": year.currency,
        }


def _months(standing: Any) -> str:
    if standing is None:
        return ""
    return "–".join(periods.label(month, "month") for month in standing.months)
