"""`chorok demo`: the example network, built and taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from chorok.cli.options import JsonOption, LanguageOption, QuietOption
from chorok.cli.products import print_methods
from chorok.cli.speech import Column, Telling, language, out, say, show, tell
from chorok.core.money import decimals_shown, percent, written
from chorok.ledger.batches import Tally

FOLDER = Path("demo-network")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help=say("help.demo"))(demo)


def demo(
    folder: Annotated[Path, typer.Argument(help=say("help.option.demo_folder"))] = FOLDER,
    scale: Annotated[float, typer.Option("--scale", min=0.01, max=1.0, help=say("help.option.scale"))] = 1.0,
    json: JsonOption = False,
    quiet: QuietOption = False,
    lang: LanguageOption = None,
) -> None:
    """Build the example network and show what came of it."""
    from chorok.demo.run import run

    with Telling(quiet=quiet) as told:
        outcome = run(folder, told=told, language=language(), scale=scale)
    if json:
        show((), table_1(outcome), "json")
    else:
        _print(outcome, folder)
    if not outcome.holds:
        raise typer.Exit(1)


FILES = (
    Column("file"),
    Column("lines", right=True),
    Column("accepted", right=True),
    Column("rejected", right=True),
    Column("amount", right=True),
    Column("reason"),
)
TABLE_1 = (
    Column("city"),
    Column("year"),
    Column("total", right=True),
    Column("green", right=True),
    Column("published", right=True),
    Column("low", right=True),
    Column("high", right=True),
    Column("share", right=True),
    Column("verdict"),
)


def _print(outcome: Any, folder: Path) -> None:
    tell("demo.synthetic")
    out().print()
    rows = [_file_row(step, done) for step, done in outcome.intakes]
    show(FILES, rows, "table", title=say("demo.files"))
    _sums(outcome)
    print_methods(outcome.methods, "table", say("demo.methods"))
    _errors(outcome)
    show(TABLE_1, table_1(outcome), "table", title=say("demo.table_1"))
    tell("demo.table_1_note", decided=f"{outcome.decided:,}")
    _findings(outcome)
    tell("demo.holds" if outcome.holds else "demo.fails")
    tell("demo.outputs", folder=folder, ledger=folder / "ledger", seconds=f"{outcome.seconds:.0f}")


def _file_row(step: Any, done: Any) -> dict[str, Any]:
    total = done.batch.total()
    if done.already:
        return {"file": step.path, "lines": total.received.lines, "reason": say("demo.already")}
    reasons = ", ".join(
        f"{say(f'reject.{reason}.reason')} {tally.lines:,}" for reason, tally in sorted(total.rejected.items())
    )
    return {
        "file": step.path,
        "lines": total.received.lines,
        "accepted": total.accepted.lines,
        "rejected": total.refused.lines,
        "amount": written(total.accepted.amount),
        "reason": "; ".join(part for part in (reasons, say("demo.replaced") if done.replaced else "") if part),
    }


def _sums(outcome: Any) -> None:
    fresh = [done.batch.total() for _, done in outcome.intakes if not done.already]
    received = sum((total.received for total in fresh), Tally())
    accepted = sum((total.accepted for total in fresh), Tally())
    refused = sum((total.refused for total in fresh), Tally())
    tell(
        "demo.sums",
        lines_in=f"{received.lines:,}",
        accepted=f"{accepted.lines:,}",
        rejected=f"{refused.lines:,}",
        amount_in=written(received.amount),
        amount_accepted=written(accepted.amount),
        amount_rejected=written(refused.amount),
    )


def _errors(outcome: Any) -> None:
    errors = outcome.errors
    if errors and errors.decided:
        tell(
            "demo.errors",
            lines=f"{errors.lines:,}",
            decided=f"{errors.decided:,}",
            open=f"{errors.open_lines:,}",
            green=f"{errors.wrong_green:,}",
            not_green=f"{errors.wrong_not_green:,}",
            amount=written(errors.wrong_amount),
        )


def table_1(outcome: Any) -> list[dict[str, Any]]:
    """Return Table 1 of both cities: published, our bounds before the review decisions, our figure after them."""
    rows = []
    for before, after in zip(outcome.before, outcome.after, strict=True):
        row, digits = after.row, decimals_shown(after.row.share)
        share = str(percent(after.share.value, digits))
        rows.append(
            {
                "city": say(f"demo.city.{row.city}"),
                "year": str(row.year),
                "total": written(after.share.denominator),
                "green": written(after.share.green),
                "published": row.share,
                "low": str(percent(before.share.low)),
                "high": str(percent(before.share.high)),
                "share": share,
                "verdict": _verdict(row, share),
            }
        )
    return rows


def _verdict(row: Any, share: str) -> str:
    if row.consistency == "impossible":
        return say("demo.impossible")
    return say("demo.equal" if share == row.share else "demo.differs")


def _findings(outcome: Any) -> None:
    """Say which published shares do not fit the amounts printed beside them."""
    for one in outcome.after:
        if one.row.consistency in ("impossible", "possible"):
            tell(
                f"demo.finding.{one.row.consistency}",
                city=say(f"demo.city.{one.row.city}"),
                year=one.row.year,
                published=one.row.share,
                ours=percent(one.share.value, decimals_shown(one.row.share)),
            )
