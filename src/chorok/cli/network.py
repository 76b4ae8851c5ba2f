"""`chorok network`: the members of a network beside each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from chorok.cli.figures import BasisOption
from chorok.cli.grounds import tell_grounds
from chorok.cli.options import (
    AsOfOption,
    CsvOption,
    DefinitionOption,
    JsonOption,
    LanguageOption,
    LedgerOption,
    default_ledger,
    form,
    open_ledger,
)
from chorok.cli.scopes import last_full_year, scope_of, tree_of
from chorok.cli.speech import Column, Form, language, note, say, show, tell
from chorok.core import periods
from chorok.core.cities import City, profiles
from chorok.core.errors import UsageError
from chorok.core.measures.network import (
    FEW_LINES,
    PERS,
    Compared,
    Membership,
    Per,
    Placed,
    Rounding,
    compare,
    history,
)
from chorok.core.money import Share, percent, written
from chorok.core.organisations import Tree
from chorok.ledger import kept
from chorok.ledger import network as reading
from chorok.ledger.figures import Question
from chorok.ledger.naming import Names
from chorok.ledger.network import Profiles, Scope, Year
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("network", help=say("help.network"))(network)


def network(
    ledger: LedgerOption = default_ledger(),
    organisation: Annotated[
        str | None, typer.Option("--organisation", "-o", help=say("help.option.of_network"))
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help=say("help.option.year"))] = None,
    by: Annotated[str | None, typer.Option("--by", "-b", help=say("help.option.network_by"))] = None,
    per: Annotated[str, typer.Option("--per", help=say("help.option.per", known=", ".join(PERS)))] = "share",
    few: Annotated[int, typer.Option("--few", min=0, help=say("help.option.few"))] = FEW_LINES,
    cities: Annotated[Path | None, typer.Option("--cities", help=say("help.option.cities"))] = None,
    members: Annotated[bool, typer.Option("--members", help=say("help.option.members"))] = False,
    basis: BasisOption = "eligible",
    definition: DefinitionOption = "national",
    digits: Annotated[int, typer.Option("--digits", min=0, max=6, help=say("help.option.digits"))] = 2,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Compare the members of a network."""
    if per not in PERS:
        raise UsageError("per_unknown", per=per, known=", ".join(PERS))
    if by not in (None, "year") or (by and year is not None):
        raise UsageError("network_by")
    opened = open_ledger(ledger)
    published = Published.at(opened, as_of)
    tree, names, output = tree_of(published), Names.of(published.registry, language()), form(json, csv)
    code = scope_of(tree, organisation) if organisation else reading.network_of(tree)
    if code is None:
        _nothing(output, "network.none")
        return
    scope = Scope.of(tree, code)
    if members:
        _print_members(tree, scope, names, output)
        return
    wanted = None if by else str(year or last_full_year(opened.today))
    question = Question((), basis, definition, periods.parse(wanted) if wanted else None)
    found = reading.read(published, question, tree, scope, _profiles(opened, cities), lines=by is None)
    teller = _Teller(names, scope, _per(per), digits, few, output, opened)
    if not found.years:
        _nothing(output, "network.nothing", scope=teller.name(code), year=wanted or say("word.all"))
        return
    teller.print_years(found.years) if by else teller.print_members(found.years)
    if output == "table":
        tell_grounds(found.answer, sorted({one.currency for one in found.years}), teller.name(code))


def _nothing(output: Form, code: str, **params: object) -> None:
    if output != "table":
        show((Column("rank"), Column("member"), Column("member_code"), *MONEY), [], output)
    note(code, **params)


def _per(text: str) -> Per:
    return next(one for one in get_args(Per) if one == text)


def _profiles(ledger: Ledger, file: Path | None) -> Profiles:
    found = kept.read(file, "cities", City) if file else kept.every(ledger, "cities", City)
    return profiles(found, (file or kept.file_of(ledger, "cities")).name)


MEMBERS = (Column("member"), Column("part_of"), Column("since"), Column("until"))


def _print_members(tree: Tree, scope: Scope, names: Names, output: Form) -> None:
    """Print who belonged when."""
    held: list[Membership] = history(tree, scope.code, scope.kinds)
    rows = [
        {
            "member": names.show("organisation", one.code),
            "member_code": one.code,
            "part_of": names.show("organisation", one.part_of),
            "since": one.since or (say("network.always") if output == "table" else None),
            "until": one.until or (say("network.still") if output == "table" else None),
        }
        for one in held
    ]
    code = () if output == "table" else (Column("member_code"),)
    show((*MEMBERS[:1], *code, *MEMBERS[1:]), rows, output)
    if not held:
        note("network.no_members", scope=names.show("organisation", scope.code))
    elif output == "table":
        tell("network.dated")


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
class _Teller:
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
        return self.output != "table"

    def name(self, code: str) -> str:
        return self.names.show("organisation", code) or code

    def compared(self, year: Year) -> Compared:
        return compare(year.members, self.per, self.rounding, year.outside, self.few)

    @property
    def rounding(self) -> Rounding:
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
        columns = (*columns, *PER_COLUMNS[self.per], *money, Column("remark"))
        show(columns, [{column.key: row.get(column.key) for column in columns} for row in rows], self.output)
        for year, compared in found:
            self._say(year, compared)
        self._left(found)

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

    def _remark(self, one: Placed, compared: Compared) -> str | list[str]:
        """Return why it has no rank, and that it is of few lines: codes for machines, words for people."""
        codes = [*one.reasons, *(["few_lines"] if one.few else [])]
        if self.plain:
            return codes if self.output == "json" else " ".join(codes)
        return "; ".join(
            say(
                f"network.reason.{code}",
                of=self.name(one.member.part_of or ""),
                few=self.few,
                ours=_months(one.member.standing),
                theirs=_months(compared.reference),
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

    def _say(self, year: Year, compared: Compared) -> None:
        """Say what the figures mean, and what is left out of them."""
        values = [one for one in compared.ranked if one.value is not None]
        if not self.plain and values:
            tell(
                f"network.mean.{self.per}",
                together=self.value(compared.together, year.currency) or say("word.not_defined"),
                mean=self.value(compared.mean, year.currency),
                count=len(values),
                currency=year.currency,
            )
            if compared.spread is not None:
                tell(
                    f"network.spread.{self.per}",
                    highest=self._named(values[0], year.currency),
                    lowest=self._named(values[-1], year.currency),
                    spread=self.value(compared.spread, year.currency),
                    currency=year.currency,
                )
            tell("network.ranks")

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
                note(f"network.{code}", amount=written(share.denominator, year.currency), year=year.year)
        if year.year >= self.ledger.today.year:
            note("network.running", year=year.year, day=self.ledger.today)

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
