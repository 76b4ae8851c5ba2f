"""`chorok screen`: what is to be bought, before it is bought: green, replaceable, unknown, and what to do next."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from chorok.cli import screening_papers
from chorok.cli.figures import ScopeOption
from chorok.cli.imports import ColumnOption, answers_of
from chorok.cli.options import (
    CsvOption,
    DefinitionOption,
    JsonOption,
    LanguageOption,
    LedgerOption,
    default_ledger,
    form,
    open_ledger,
)
from chorok.cli.screening_words import field_name, ground_help, joined, policy_rows, sentence
from chorok.cli.speech import Column, Form, language, named, note, say, show, tell
from chorok.core.definitions import load
from chorok.core.errors import UsageError
from chorok.core.money import written
from chorok.core.screening.decide import PASSING
from chorok.ledger import screening
from chorok.ledger.asked import Asked
from chorok.ledger.naming import Names
from chorok.ledger.screening import Desk, Request, Screened, Wish
from chorok.publications import screening_files, sheets
from chorok.publications.screening_words import sub_code_words
from chorok.sources import requests

ON = {"formats": ["%Y-%m-%d"]}
EXIT_OPEN = 1
"""Exit code when a line is denied or needs something."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("screen", help=say("help.screen"))(screen)


def screen(
    file: Annotated[Path | None, typer.Argument(help=say("help.option.screen_file"), show_default=False)] = None,
    text: Annotated[list[str], typer.Option("--text", help=say("help.option.screen_text"))] = [],  # noqa: B006 - typer copies it
    policy: Annotated[str, typer.Option("--policy", help=say("help.option.screen_policy"))] = "legal",
    organisation: ScopeOption = None,
    on: Annotated[datetime | None, typer.Option("--on", help=say("help.option.screen_on"), **ON)] = None,
    needed_by: Annotated[datetime | None, typer.Option("--needed-by", help=say("help.option.needed_by"), **ON)] = None,
    definition: DefinitionOption = "national",
    column: ColumnOption = [],  # noqa: B006 - typer copies it
    limit: Annotated[int, typer.Option("--limit", min=0, help=say("help.option.screen_limit"))] = 3,
    out: Annotated[Path | None, typer.Option("--out", help=say("help.option.screen_out"))] = None,
    sheet: Annotated[Path | None, typer.Option("--sheet", help=say("help.option.screen_sheet"))] = None,
    statement: Annotated[Path | None, typer.Option("--statement", help=say("help.option.screen_statement"))] = None,
    listed: Annotated[bool, typer.Option("--list", help=say("help.option.list_policies"))] = False,
    ledger: LedgerOption = default_ledger(),
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Screen lines that are to be bought."""
    output = form(json, csv)
    if listed:
        show(POLICIES, policy_rows(), output)
        return
    if (file is None) == (not text):
        raise UsageError("screening_file_or_text")
    for document in filter(None, (sheet, statement)):
        screening_files.check(document)
    rule = screening.policy_of(policy)
    opened = open_ledger(ledger)
    desk = Desk.open(opened, load(definition))
    wish = Wish(
        rule,
        on.date() if on else opened.today,
        needed_by.date() if needed_by else None,
        desk.organisation(organisation) if organisation else None,
        sub_code_words(),
        max(limit, ALL) if output != "table" or out or sheet or statement else limit,
    )
    _warn_before(wish)
    asked = _read(file, column) if file else requests.typed_in(text)
    request = desk.screen(asked, wish)
    title = file.stem if file else asked[0].description or ""
    names = Names.of(desk.source.registry, language())
    screening_papers.write(request, names, bool(opened.synthetic), title, sheet, statement)
    _print(request, desk, output, limit, out)
    if request.standing.open:
        raise typer.Exit(EXIT_OPEN)


ALL = 1000
"""Most alternatives a line that files name; how many there are in all is always said."""

POLICIES = (
    Column("policy"),
    Column("title"),
    Column("grounds_accepted"),
    Column("grounds_refused"),
    Column("since"),
    Column("source"),
)


def _warn_before(wish: Wish) -> None:
    """Say before anything is screened what the policy refuses, and when it does not hold on the day."""
    policy, title = wish.policy, named(wish.policy, "title_")
    if policy.refuses:
        note("screening.refuses", policy=title, grounds=joined("ground_mark", policy.refuses))
    if not policy.holds(wish.day):
        note("screening.not_in_force", policy=title, day=wish.day, since=policy.in_force_from)


def _read(file: Path, column: Sequence[str]) -> Sequence[Asked]:
    with tempfile.TemporaryDirectory() as work:
        read = requests.read(file, Path(work), answers_of(column))
    understood = ", ".join(f"{field_name(name)} = {title}" for name, title in read.columns.items())
    note("screening.columns", columns=understood)
    for code, params in read.notes:
        note(code, **params)
    for table, error in read.unread:
        note("screening.table_unread", table=table, why=say(f"error.{error.code}", **error.params))
    if read.aside:
        note("screening.aside", rows=read.aside)
    return read.lines


LINES = (
    Column("row", right=True),
    Column("to_buy"),
    Column("item"),
    Column("amount", right=True),
    Column("outcome"),
    Column("screened_why"),
    Column("next_step"),
)
FULL = (
    *LINES,
    Column("rule"),
    Column("currency"),
    Column("certificate_no"),
    Column("valid_until"),
    Column("alternatives", right=True),
    Column("best_alternative"),
    Column("cosigner"),
    Column("organisation"),
    Column("day"),
    Column("policy"),
    Column("registry", right=True),
    Column("definition"),
    Column("request"),
)


def _print(request: Request, desk: Desk, output: Form, limit: int, out: Path | None) -> None:
    names = Names.of(desk.source.registry, language())
    rows = [_row(line, request, names, output) for line in request.lines]
    if out is not None:
        count = sheets.write(
            out, [say(f"column.{one.key}") for one in FULL], ([row[c.key] for c in FULL] for row in rows)
        )
        note("screening.written", file=out, rows=count)
    show(LINES if output == "table" else FULL, rows, output)
    if output != "table":
        return
    _print_alternatives(request, limit)
    _print_grounds(request)
    _sum_up(request, desk, names)


def _row(line: Screened, request: Request, names: Names, output: Form) -> dict[str, Any]:
    asked, decision = line.asked, line.decision
    amount = asked.amount if output != "table" or asked.amount is None else written(asked.amount, asked.currency)
    row = {
        "row": asked.number,
        "to_buy": _product(asked),
        "item": names.show("item", line.facts.item_group),
        "amount": amount,
        "outcome": say(f"screen_outcome.{decision.outcome}") if output == "table" else decision.outcome,
        "screened_why": _sentences("screen_reason", decision.reasons, line),
        "next_step": _sentences("screen_need", decision.needs, line),
        "rule": decision.rule,
        "currency": asked.currency,
        "certificate_no": ", ".join(line.certificates) or None,
        "valid_until": line.facts.certified_until,
        "alternatives": line.search.candidates if line.search else None,
        "best_alternative": _best(line),
        "cosigner": decision.cosigner,
        "organisation": asked.organisation,
        "day": line.facts.day,
        "policy": decision.policy,
        "registry": decision.registry,
        "definition": decision.definition,
        "request": request.standing.state,
    }
    return row if output != "json" else {**row, **_evidence(line)}


def _evidence(line: Screened) -> dict[str, Any]:
    """What JSON has beside the columns: codes, and all that the decision rests on."""
    return {
        "reasons": [{"code": one.code, **_plain(one.params)} for one in line.decision.reasons],
        "needs": [{"code": one.code, **_plain(one.params)} for one in line.decision.needs],
        "method": line.method,
        "search": None if line.search is None else vars(line.search),
        "against": [{key: row[key] for key in AGAINST_KEYS} for row in line.alternatives],
    }


def _plain(params: Any) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in params.items()}


def _product(asked: Asked) -> str:
    parts = (asked.description, asked.specification, asked.product_id)
    return " ".join(part for part in parts if part) or asked.item_hint or "–"


def _sentences(family: str, said: Any, line: Screened) -> str:
    told = [sentence(family, one) for one in said]
    if family == "screen_reason" and not line.ground_read:
        told.append(say("screen_reason.ground_unread", ground=line.asked.ground))
    return " ".join(told)


def _best(line: Screened) -> str | None:
    if not line.alternatives:
        return None
    one = line.alternatives[0]
    price = f"{written(one['price'], one['currency'])} {one['currency']}/{one['unit'] or '–'}" if one["price"] else None
    parts = (one["product_name"] or one["model"], one["maker"], one["certificate_no"], price, one["product_id"])
    return " · ".join(str(part) for part in parts if part)


AGAINST = (
    Column("row", right=True),
    Column("alternative"),
    Column("product_id"),
    Column("product_name"),
    Column("maker"),
    Column("certificate_no"),
    Column("valid_until"),
    Column("price", right=True),
    Column("unit"),
    Column("minimum", right=True),
    Column("supply_area"),
    Column("in_reach"),
)
AGAINST_KEYS = (
    "alternative",
    "product_id",
    "product_name",
    "model",
    "maker",
    "certificate_no",
    "basis",
    "valid_until",
    "price",
    "currency",
    "unit",
    "minimum",
    "supply_area",
    "in_reach",
)


def _print_alternatives(request: Request, limit: int) -> None:
    """Print the first alternatives to lines that are open because of them."""
    open_ones = [line for line in request.lines if line.decision.rule in ("D7", "D8") and line.alternatives]
    rows = [_against(line, row) for line in open_ones for row in line.alternatives[:limit]]
    if rows:
        known = sum(line.search.candidates for line in open_ones if line.search)
        show(AGAINST, rows, "table", title=say("screening.alternatives", shown=len(rows), known=known))


def _against(line: Screened, row: dict[str, Any]) -> dict[str, Any]:
    reach = {True: "yes", False: "no", None: "not_known"}[row["in_reach"]]
    return {
        **row,
        "row": line.asked.number,
        "alternative": say(f"alternative.{row['alternative']}"),
        "product_name": row["product_name"] or row["model"],
        "price": None if row["price"] is None else written(row["price"], row["currency"] or "KRW"),
        "minimum": row["minimum"].normalize() if row["minimum"] else None,
        "in_reach": say(f"reach.{reach}"),
    }


def _print_grounds(request: Request) -> None:
    """Explain the grounds, with examples, only where a line needs one."""
    codes = {need.code for line in request.lines for need in line.decision.needs}
    if codes & {"or_ground", "sub_code", "evidence", "ground_5"}:
        for sentence in ground_help(request.wish.policy):
            tell("screening.ground", text=sentence)


def _sum_up(request: Request, desk: Desk, names: Names) -> None:
    outcomes = [line.decision.outcome for line in request.lines]
    counted = ", ".join(f"{say(f'screen_outcome.{one}')} {outcomes.count(one)}" for one in dict.fromkeys(outcomes))
    passed = sum(one in PASSING for one in outcomes)
    tell(
        "screening.summary", lines=len(outcomes), counted=counted, state=say(f"screen_outcome.{request.standing.state}")
    )
    if 0 < passed < len(outcomes):
        tell("screening.split_off", passed=passed)
    age = request.registry_age
    tell(
        "screening.basis",
        policy=named(request.wish.policy, "title_"),
        version=request.wish.policy.version,
        day=request.wish.day,
        scope=names.show("organisation", request.wish.organisation) or say("word.not_known"),
        registry=request.registry,
        age=say("word.no_data") if age is None else age,
        definition=named(request.definition, "title_"),
        snapshot=request.snapshot or "–",
    )
    tell("screening.next_open" if request.standing.open else "screening.next_passed")
    _remark_organisation(request, desk)


def _remark_organisation(request: Request, desk: Desk) -> None:
    strangers = {line.asked.organisation for line in request.lines if desk.unknown(line.asked.organisation)}
    if strangers:
        note("screening.unknown_organisation", organisations=", ".join(sorted(str(one) for one in strangers)))
    if request.wish.organisation is None and any(line.asked.organisation is None for line in request.lines):
        note("screening.no_organisation")
