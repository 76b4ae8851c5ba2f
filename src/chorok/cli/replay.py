"""`chorok replay`: what a screening policy would have done with past purchases."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from chorok.cli.figures import ByOption, PeriodOption, ScopeOption
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
from chorok.cli.scopes import full_name, last_full_year, scope_of
from chorok.cli.speech import Column, Form, language, note, say, show, tell
from chorok.core import periods
from chorok.core.errors import UsageError
from chorok.core.measures.replay import OUTCOMES, POLICIES, Result, Tally
from chorok.core.money import Share, percent, written
from chorok.core.organisations import Tree
from chorok.ledger import replay as replays
from chorok.ledger.figures import Question, resolve
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.replay import Against, Found, Replay, Row, Wanted

FIRST = 5
"""How many lines stand under the figures, with what stood against them."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay", help=say("help.replay"))(replay)


def replay(
    ledger: LedgerOption = default_ledger(),
    policy: Annotated[
        str, typer.Option("--policy", help=say("help.option.policy", known=", ".join(POLICIES)))
    ] = "strict",
    by: ByOption = "item",
    period: PeriodOption = None,
    organisation: ScopeOption = None,
    item: Annotated[str | None, typer.Option("--item", help=say("help.option.item"))] = None,
    definition: DefinitionOption = "national",
    lines: Annotated[bool, typer.Option("--lines", help=say("help.option.replay_lines"))] = False,
    outcome: Annotated[
        str, typer.Option("--outcome", help=say("help.option.outcome", known=", ".join(OUTCOMES)))
    ] = "stopped",
    line: Annotated[str | None, typer.Option("--line", help=say("help.option.replay_line"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help=say("help.option.limit"))] = 20,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Replay past purchases through a screening policy."""
    opened, output = open_ledger(ledger), form(json, csv)
    published, asked = Published.at(opened, as_of), period or str(last_full_year(opened.today))
    scope = scope_of(published.tree, organisation) if organisation else None
    group = item_of(published, item) if item else None
    wanted = Wanted(replays.policy_of(policy), periods.parse(asked), scope, group, _outcomes(outcome), definition)
    if line:
        _one_line(published, wanted, line, limit, output)
    elif lines:
        _lines(published, wanted, limit, output)
    else:
        if output == "table":
            tell("replay.title", policy=say(f"policy.{policy}"), period=asked)
        _figures(published, wanted, tuple(name.strip() for name in by.split(",") if name.strip()), output)


def item_of(published: Published, written: str) -> str:
    """Return the code of an item group by its code or name. Raises UsageError when it is none."""
    for group in published.registry.item_groups().to_pylist():
        if written in (group["code"], group["name_ko"], group["name_en"]):
            return str(group["code"])
    raise UsageError("item_group_unknown", item=written)


def _outcomes(text: str) -> tuple[str, ...]:
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in found:
        if name not in OUTCOMES:
            raise UsageError("outcome_unknown", outcome=name, known=", ".join(OUTCOMES))
    return found


def _figures(published: Published, wanted: Wanted, by: tuple[str, ...], output: Form) -> None:
    keys = by if wanted.item is None or "item" in by else ("item", *by)
    question = Question(keys, definition=wanted.definition, period=wanted.period, organisation=wanted.organisation)
    names = Names.of(published.registry, language())
    detailed = replays.run(published, question, wanted.policy)
    if output == "table" and not _print_whole(published, wanted):
        tell("replay.nothing")
        return
    rows = [_row(one, keys, names, output) for one in _ordered(detailed, keys, wanted) if _met(one)]
    rows += [_absent(code, keys, names) for code in detailed.answer.without_data]
    codes = tuple(Column(f"{name}_code") for name in keys if name in names.coded) if output != "table" else ()
    money = (Column("currency"),) if output != "table" or len({row["currency"] for row in rows} - {None}) > 1 else ()
    show((*(Column(name) for name in keys), *codes, *money, *(SUMMARY if output == "table" else FULL)), rows, output)
    if output == "table":
        _print_biggest(published, wanted, names)
        tell_grounds(detailed.answer, {row["currency"] for row in rows if row["currency"]})
    _warn(published, detailed)


def _asked(found: Replay, keys: tuple[str, ...], wanted: Wanted) -> list[Row]:
    """The rows of the item group that is asked for, or all of them."""
    at = keys.index("item") if wanted.item else 0
    return [row for row in found.rows if wanted.item is None or row.figure.keys[at] == wanted.item]


def _ordered(found: Replay, keys: tuple[str, ...], wanted: Wanted) -> list[Row]:
    """The rows with most to stop first, unless they follow time."""
    rows = _asked(found, keys, wanted)
    if found.answer.question.grain:
        return rows
    return sorted(rows, key=lambda row: -row.result.tallies["stopped"].amount)


def _absent(code: str, keys: tuple[str, ...], names: Names) -> dict[str, Any]:
    """The row of a member without figures: no data, never 0 (rules 1.3)."""
    place = {"city": names.show("city", code), "city_code": code} if "city" in keys else {}
    return {**place, "currency": None, "share_was": say("word.no_data")}


def _met(row: Row) -> bool:
    """Goods without a green standard have nothing to replay."""
    return row.result.was.denominator != 0 or row.result.was.unknown != 0 or row.figure.amounts.not_known != 0


SUMMARY = (
    Column("eligible", right=True),
    Column("stopped", right=True),
    Column("questioned", right=True),
    Column("no_alternative", right=True),
    Column("share_was", right=True),
    Column("share_stopped", right=True),
    Column("share_at_most", right=True),
)
FULL = (
    Column("eligible"),
    Column("green"),
    *(Column(column) for name in OUTCOMES for column in (name, f"{name}_lines")),
    *(Column(f"{edge}_{name}") for name in ("was", "stopped", "at_most") for edge in ("share", "low", "high")),
)
"""Columns of JSON and CSV: amounts in smallest units, counts of lines, and each share with its bounds."""


def _row(row: Row, by: tuple[str, ...], names: Names, output: Form) -> dict[str, Any]:
    told, known = row.result, row.figure.amounts.not_known == 0
    money = {"eligible": told.was.denominator, "green": told.was.green}
    money |= {name: tally.amount for name, tally in told.tallies.items()}
    shown: dict[str, Any] = {}
    for name, key in zip(by, row.figure.keys, strict=True):
        shown |= {name: names.show(name, key), f"{name}_code": key}
    shown["currency"] = row.figure.currency
    if output == "table":
        return {**shown, **{name: written(value, row.figure.currency) for name, value in money.items()},
                **{f"share_{name}": _shown(share, known) for name, share in _shares(told).items()}}  # fmt: skip
    counted = {f"{name}_lines": tally.lines for name, tally in told.tallies.items()}
    bounds = {
        f"{edge}_{name}": _percent(value, known)
        for name, share in _shares(told).items()
        for edge, value in (("share", share.value), ("low", share.low), ("high", share.high))
    }
    return {**shown, **money, **counted, **bounds}


def _shares(told: Result) -> dict[str, Share]:
    return {"was": told.was, "stopped": told.stopped, "at_most": told.at_most}


def _percent(value: Any, known: bool) -> str:
    rounded = percent(value)
    if not known:
        return say("word.definition_not_known")
    return say("word.not_defined") if rounded is None else str(rounded)


def _shown(share: Share, known: bool = True) -> str:
    """A share, with its bounds where something is undetermined."""
    plain = _percent(share.value, known)
    if not known or share.low == share.high:
        return plain
    return f"{plain} ({_percent(share.low, known)}–{_percent(share.high, known)})"


def _print_whole(published: Published, wanted: Wanted) -> bool:
    """Print what became of all lines, by currency. Return whether there was anything to replay."""
    keys = ("item",) if wanted.item else ()
    whole = Question(keys, "eligible", wanted.definition, wanted.period, wanted.organisation)
    rows = [row for row in _asked(replays.run(published, whole, wanted.policy), keys, wanted) if _met(row)]
    for row in rows:
        currency, told = row.figure.currency, row.result
        show(OUTCOME, [_outcome(name, tally, currency) for name, tally in told.tallies.items()], "table")
        known = row.figure.amounts.not_known == 0
        shares = {name: _shown(share, known) for name, share in _shares(told).items()}
        tell("replay.shares", **shares)
    return bool(rows)


OUTCOME = (Column("outcome"), Column("lines", right=True), Column("amount", right=True), Column("meaning"))


def _outcome(name: str, tally: Tally, currency: str) -> dict[str, Any]:
    return {
        "outcome": say(f"outcome.{name}"),
        "lines": tally.lines,
        "amount": f"{written(tally.amount, currency)} {currency}",
        "meaning": say(f"outcome_means.{name}"),
    }


LINES = (
    Column("line"),
    Column("bought_on"),
    Column("organisation"),
    Column("item"),
    Column("description"),
    Column("supplier_name"),
    Column("amount", right=True),
    Column("currency"),
    Column("outcome"),
    Column("alternative"),
    Column("ground"),
)


def _lines(published: Published, wanted: Wanted, limit: int, output: Form) -> None:
    """List lines with what would have become of them: a table shows the biggest, JSON and CSV hold all."""
    found = replays.lines(published, wanted, limit if output == "table" else None)
    names = Names.of(published.registry, language())
    tree = published.tree
    show(LINES, [_line(row, tree, names, output) for row in found.rows], output)
    if output == "table":
        _tell_sum(found)


def _tell_sum(found: Found) -> None:
    if not found.lines:
        tell("replay.no_lines")
        return
    amount = ", ".join(f"{written(sum_, currency)} {currency}" for currency, sum_ in found.amounts.items())
    tell("lines.sum", shown=f"{len(found.rows):,}", lines=f"{found.lines:,}", amount=amount)


def _line(row: dict[str, Any], tree: Tree, names: Names, output: Form) -> dict[str, Any]:
    plain, code = output != "table", resolve(tree, row["organisation"])
    return {
        **row,
        "line": f"L{row['line_id']}",
        "organisation": full_name(tree, names, code) if code else row["organisation"],
        "item": names.show("item", row["item_group"]),
        "amount": row["amount"] if plain else written(row["amount"], row["currency"]),
        "outcome": row["outcome"] if plain else say(f"outcome.{row['outcome']}"),
        "alternative": row["alternative"] if plain else say(f"alternative.{row['alternative']}"),
    }


BIGGEST = (
    Column("line"),
    Column("bought_on"),
    Column("organisation"),
    Column("item"),
    Column("description"),
    Column("amount", right=True),
    Column("alternatives", right=True),
    Column("stood_against"),
)


def _print_biggest(published: Published, wanted: Wanted, names: Names) -> None:
    """Print the biggest lines that would have been stopped, each with the first certified product against it."""
    found = replays.lines(published, wanted, FIRST)
    if not found.lines:
        return
    rows, tree = [], published.tree
    for told in replays.against_each(published, found.rows, wanted.definition, 1):
        shown = _line(told.line, tree, names, "table")
        rows.append({**shown, "alternatives": told.known, "stood_against": _said(told)})
    show(
        BIGGEST,
        rows,
        "table",
        title=say("replay.biggest", outcome=", ".join(say(f"outcome.{o}") for o in wanted.outcomes)),
    )
    _tell_sum(found)
    tell("replay.next")


def _said(told: Against) -> str | None:
    """The first alternative on one line: product, maker, certificate, price, supply area."""
    if not told.products:
        return None
    one = told.products[0]
    price = f"{written(one['price'], one['currency'])} {one['currency']}/{one['unit'] or '–'}" if one["price"] else None
    parts = (one["product_name"] or one["model"], one["maker"], one["certificate_no"], price, one["supply_area"])
    return " · ".join(str(part) for part in parts if part)


AGAINST = (
    Column("alternative"),
    Column("product_id"),
    Column("product_name"),
    Column("model"),
    Column("maker"),
    Column("certificate_no"),
    Column("basis"),
    Column("valid_until"),
    Column("price", right=True),
    Column("currency"),
    Column("unit"),
    Column("minimum", right=True),
    Column("supply_area"),
)


def _one_line(published: Published, wanted: Wanted, written_line: str, limit: int, output: Form) -> None:
    digits = written_line.strip().upper().removeprefix("L")
    if not digits.isascii() or not digits.isdigit():
        raise UsageError("line_unknown", line=written_line)
    one = replace(wanted, line=int(digits), outcomes=OUTCOMES, period=None, organisation=None, item=None)
    found = replays.lines(published, one, 1)
    if not found.rows:
        raise UsageError("line_unknown", line=written_line)
    names = Names.of(published.registry, language())
    told = replays.against(published, found.rows[0], wanted.definition, limit if output == "table" else 10**9)
    if output == "table":
        show(LINES, [_line(told.line, published.tree, names, output)], output)
    show(AGAINST, [_product(row, output) for row in told.products], output)
    if output == "table":
        tell("replay.against" if told.known else "replay.nothing_against", shown=len(told.products), known=told.known)


def _product(row: dict[str, Any], output: Form) -> dict[str, Any]:
    if output != "table":
        return row
    price = None if row["price"] is None else written(row["price"], row["currency"] or "KRW")
    shown = {
        "alternative": say(f"alternative.{row['alternative']}"),
        "basis": say(f"basis.{row['basis']}"),
        "price": price,
    }
    return {**row, **shown}


def _warn(published: Published, found: Replay) -> None:
    registry = published.registry
    if not registry.table("certificates").num_rows:
        note("replay.no_certificates")
    elif not registry.table("offers").num_rows:
        note("replay.no_offers")
    if found.answer.provisional:
        note("share.provisional", lines=f"{found.answer.provisional:,}")
