"""`chorok match`, `review`, `decide`, `explain`: what products are, and what people decide about them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from chorok.cli.options import (
    AsOfOption,
    CsvOption,
    DefinitionOption,
    JsonOption,
    LanguageOption,
    LedgerOption,
    QuietOption,
    default_ledger,
    form,
    open_ledger,
)
from chorok.cli.speech import Column, Form, Telling, language, note, say, show, tell
from chorok.core.money import written
from chorok.ledger import decisions, learning, publishing, snapshots, tallies
from chorok.ledger.explain import Explanation, explain
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.review import queue
from chorok.ledger.store import Ledger
from chorok.publications import review_list, sheets
from chorok.sources import decided, origins
from chorok.wording import knows


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command("match", help=say("help.match"))(match)
    app.command("review", help=say("help.review"))(review)
    app.command("decide", help=say("help.decide"))(decide)
    app.command("explain", help=say("help.explain"))(explain_key)


METHODS = (
    Column("state"),
    Column("method"),
    Column("products", right=True),
    Column("lines", right=True),
    Column("amount", right=True),
)


def match(
    ledger: LedgerOption = default_ledger(),
    learn: Annotated[bool, typer.Option("--learn", help=say("help.option.learn"))] = False,
    json: JsonOption = False,
    csv: CsvOption = False,
    quiet: QuietOption = False,
    lang: LanguageOption = None,
) -> None:
    """Match all products anew and say what was decided on what evidence."""
    opened = open_ledger(ledger)
    with Telling(quiet=quiet) as told, opened.writing():
        publishing.reconcile(opened, told=told)
        latest = snapshots.at(opened, None)
        if learn:
            told("learning", 0, 1)
            facts = learning.learn(opened, latest.number).facts
            note("match.learned", **{key: _fact(value) for key, value in facts.items()})
        publishing.publish(opened, "match", "", told=told)
    print_methods(tallies.methods(Published.at(opened)), form(json, csv))


def _fact(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def print_methods(rows: list[dict[str, Any]], output: Form, title: str = "") -> None:
    """Print how many products, lines and won were decided by which method (rows of `tallies.methods`)."""
    if output == "table":
        rows = [
            {**row, "state": say(f"verdict.{row['state']}"), "method": say(f"method.{row['method']}")} for row in rows
        ]
    show(METHODS, rows, output, title=title)


REVIEW = (
    Column("product"),
    Column("amount", right=True),
    Column("lines", right=True),
    Column("description"),
    Column("supplier_name"),
    Column("item"),
    Column("why"),
    Column("candidate"),
)


def review(
    ledger: LedgerOption = default_ledger(),
    limit: Annotated[int, typer.Option("--limit", min=0, help=say("help.option.limit"))] = 20,
    out: Annotated[Path | None, typer.Option("--out", help=say("help.option.review_out"))] = None,
    definition: DefinitionOption = "national",
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List undetermined products, biggest amount first."""
    published = Published.at(open_ledger(ledger), as_of)
    found = queue(published, None if out else limit, definition)
    if out:
        sheets.write(out, review_list.COLUMNS, [review_list.row(row, _why(row["why"])) for row in found.rows])
        tell("review.written", file=out, products=f"{found.products:,}")
        return
    names = Names.of(published.registry, language())
    output = form(json, csv)
    rows = [_review_row(row, names, plain=output != "table") for row in found.rows]
    show(REVIEW, rows, output)
    if output == "table":
        tell(
            "review.sum",
            shown=len(rows),
            products=f"{found.products:,}",
            lines=f"{found.lines:,}",
            amount=f"{found.amount:,}",
        )
        tell("review.next" if found.products else "review.empty")


def _review_row(row: dict[str, Any], names: Names, *, plain: bool) -> dict[str, Any]:
    best = row["candidate"]
    shown = " ".join(str(best[name]) for name in ("product_name", "model", "certificate_no") if best.get(name))
    return {
        "product": f"P{row['product_key']}",
        "amount": row["amount"] if plain else written(row["amount"]),
        "lines": row["lines"],
        "description": " ".join(row[name] for name in ("description", "specification") if row[name]),
        "supplier_name": row["supplier_name"],
        "item": names.show("item", row["item_group"]),
        "why": _why(row["why"]) if not plain else row["why"],
        "candidate": shown or None,
    }


def _why(code: str | None) -> str:
    key = f"because.{code}"
    return say(key) if code and knows(key, language()) else code or ""


REFUSED = (Column("row", right=True), Column("column"), Column("value"), Column("reason"))


def decide(
    file: Annotated[Path, typer.Argument(help=say("help.option.decisions"), show_default=False)],
    ledger: LedgerOption = default_ledger(),
    by: Annotated[str | None, typer.Option("--decided-by", help=say("help.option.decided_by"))] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=say("help.option.decided_on"))
    ] = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    quiet: QuietOption = False,
    lang: LanguageOption = None,
) -> None:
    """Write decisions back from the filled-in review list."""
    opened = open_ledger(ledger)
    day = on.date() if on else opened.today
    with Telling(quiet=quiet) as told:
        done = apply_decisions(opened, file, by, day, told)
    for refused in done.refused:
        note(
            "decide.refused",
            row=refused.row,
            column=refused.column,
            value=refused.value,
            why=say(f"decision_reject.{refused.reason}"),
        )
    if json or csv:
        show(REFUSED, [refused.__dict__ for refused in done.refused], form(json, csv))
    tell(
        "decide.done",
        accepted=f"{done.decisions.num_rows:,}",
        refused=f"{len(done.refused):,}",
        undecided=f"{done.undecided:,}",
    )
    if done.refused:
        raise typer.Exit(3)


def apply_decisions(ledger: Ledger, file: Path, by: str | None, day: date, told: Telling) -> decided.DecisionFile:
    """Read decisions, write those that can be used, publish. Refused rows are returned, nothing of them is written."""
    with ledger.writing():
        publishing.reconcile(ledger, told=told)
        published = Published.at(ledger)
        found = decided.read(file, decided.Known.of(published), decided_by=by, decided_on=day)
        written_now = decisions.write(ledger, found.decisions)
        if written_now.added or written_now.changed:
            publishing.publish(ledger, "decisions", file.name, told=told)
    return found


def explain_key(
    key: Annotated[str, typer.Argument(help=say("help.option.key"), show_default=False)],
    ledger: LedgerOption = default_ledger(),
    definition: DefinitionOption = "national",
    as_of: AsOfOption = None,
    json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Say in words why a product or a line is what it is."""
    opened = open_ledger(ledger)
    published = Published.at(opened, as_of)
    told = explain(published, key, definition)
    origin = origins.find(opened, told.line["batch"], told.line["line_id"]) if told.line else None
    if json:
        record = {**told.__dict__, "state_on_day": told.state_on_day, "origin": origin.__dict__ if origin else None}
        show((), [record], "json")
        return
    names = Names.of(published.registry, language())
    _print_line(told, origin)
    _print_product(told, names)


def _print_line(told: Explanation, origin: origins.Origin | None) -> None:
    if told.line is None:
        return
    line = told.line
    tell(
        "explain.line",
        line=line["line_id"],
        day=line["bought_on"],
        date_kind=say(f"date_kind.{line['date_kind']}"),
        amount=written(line["amount"], line["currency"]),
        currency=line["currency"],
        state=say(f"state_of.{told.state_on_day}"),
    )
    if origin:
        tell(
            "explain.origin",
            file=origin.file,
            table=origin.table,
            row=origin.row,
            sha=origin.sha256[:12],
            profile=origin.profile,
        )
        if origin.equal_rows > 1:
            tell("explain.equal_rows", count=origin.equal_rows)
        show(
            (Column("column"), Column("value")),
            [{"column": name, "value": cell} for name, cell in origin.cells],
            "table",
        )
    for span in told.revoked_before:
        tell("explain.ended_before", certificate=span["certificate_no"], until=span["valid_until"])


def _print_product(told: Explanation, names: Names) -> None:
    shown = " · ".join(
        f"{say(f'field.{name}')} {value}" for name, value in told.product.items() if value and name != "kind"
    )
    tell("explain.product", key=f"P{told.product_key}", product=shown)
    verdict = told.verdict
    tell("explain.verdict", state=say(f"verdict.{verdict['state']}"), method=say(f"method.{verdict['method']}"))
    group = names.show("item", verdict["item_group"]) or say("word.not_known")
    how = say(f"group_method.{verdict['group_method']}") if verdict["group_method"] else say("word.not_known")
    tell("explain.group", group=group, how=how)
    for sentence in _reasons(told):
        tell("explain.because", why=sentence)
    for span in told.spans:
        tell(
            "explain.span" if span["certain"] else "explain.span_uncertain",
            basis=say(f"basis.{span['basis']}"),
            certificate=span["certificate_no"] or "–",
            since=span["valid_from"],
            until=span["valid_until"],
        )
    stretches = [
        {"since": s["valid_from"], "until": s["valid_until"], "state": say(f"state_of.{s['state']}")}
        for s in told.stretches
    ]
    show((Column("since"), Column("until"), Column("state")), stretches, "table")
    tell("explain.versions", registry=told.evidence.get("registry", told.registry), snapshot=told.snapshot)


def _reasons(told: Explanation) -> list[str]:
    """The evidence in words."""
    evidence = told.evidence
    said = [_why(evidence["reason"])] if evidence.get("reason") else []
    if told.verdict["method"] == "human":
        said = [
            say(
                "explain.human",
                by=evidence.get("decided_by"),
                on=evidence.get("decided_on"),
                reason=evidence.get("reason"),
            )
        ]
    if evidence.get("certificates"):
        said.append(say("explain.certificates", numbers=", ".join(evidence["certificates"])))
    if "score" in evidence:
        said.append(
            say(
                "explain.score",
                score=evidence["score"],
                second=evidence.get("second", "–"),
                model=evidence.get("model", "–"),
            )
        )
    said += [
        say("explain.candidate", name=best.get("product_name") or "–", model=best.get("model") or "–",
            supplier=best.get("supplier_name") or "–", certificate=best.get("certificate_no") or "–")
        for best in evidence.get("best", [])[:3]
    ]  # fmt: skip
    if told.verdict["method"] == "identification_number" and not told.spans:
        said.append(say("explain.absent", registry=evidence.get("registry", told.registry)))
    return said
