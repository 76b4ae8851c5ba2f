"""`chorok network`: the members of a network beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from chorok.cli.comparison import MONEY, Teller
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
from chorok.cli.scopes import last_full_year, scope_of
from chorok.cli.speech import Column, Form, language, note, say, show, tell
from chorok.core import periods
from chorok.core.cities import City, profiles
from chorok.core.errors import UsageError
from chorok.core.measures.network import FEW_LINES, PERS, Membership, Per, history
from chorok.core.organisations import Tree
from chorok.ledger import kept
from chorok.ledger import network as reading
from chorok.ledger.figures import Question
from chorok.ledger.naming import Names
from chorok.ledger.network import Profiles, Scope
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
    tree, names, output = published.tree, Names.of(published.registry, language()), form(json, csv)
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
    teller = Teller(names, scope, _per(per), digits, few, output, opened)
    if not found.memberships:
        _nothing(output, "network.no_members", scope=teller.name(code))
        return
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
