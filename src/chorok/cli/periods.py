"""`chorok periods ...`: figures of a period sent, accepted or returned, made final, and what has changed since."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any

import typer

from chorok.cli import scopes
from chorok.cli.desk import Desk, OrganisationArgument, WhoseOption
from chorok.cli.groups import group
from chorok.cli.noting import ByOption, OnOption, day_of
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
from chorok.cli.speech import Column, language, note, say, show, tell
from chorok.core.calendar.closing import Standing, Step, Verb
from chorok.core.measures.share import BASES, Amounts
from chorok.core.money import percent, written
from chorok.ledger import closings
from chorok.ledger.closings import Differences
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger
from chorok.publications import records

PeriodArgument = Annotated[str, typer.Argument(help=say("help.option.closing_period"), show_default=False)]
RemarksOption = Annotated[str, typer.Option("--remarks", help=say("help.option.remarks"))]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    room = group("periods")
    room.command("list", help=say("help.periods_list"))(list_periods)
    room.command("submit", help=say("help.periods_submit"))(submit)
    steps: tuple[Verb, ...] = ("withdraw", "accept", "return", "finalise", "reopen")
    for verb in steps:
        room.command(verb, help=say(f"help.periods_{verb}"))(_taking(verb))
    room.command("history", help=say("help.periods_history"))(history)
    room.command("differences", help=say("help.periods_differences"))(differences)
    app.add_typer(room, name="periods")


PERIODS = (
    Column("organisation"),
    Column("closing_period"),
    Column("closing_state"),
    Column("sent_version", right=True),
    Column("step_on"),
    Column("step_by"),
    Column("share_sent", right=True),
    Column("snapshot", right=True),
    Column("remarks"),
    Column("next_steps"),
)


def list_periods(
    ledger: LedgerOption = default_ledger(),
    organisation: WhoseOption = None,
    period: Annotated[str | None, typer.Option("--period", help=say("help.option.closing_period"))] = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List where the closing of periods stands, and what comes next."""
    opened = open_ledger(ledger)
    desk = Desk.open(opened)
    label = closings.period_of(period)[0] if period else None
    inside = desk.below(organisation, opened.today.year)
    taken = closings.standings(opened)
    known = {**{key: Standing() for key in desk.awaited(label)}, **taken}
    shown = [key for key in sorted(known) if key[0] in inside and label in (None, key[1])]
    output = form(json, csv)
    rows = [_row(desk, key, known[key], plain=output != "table") for key in shown]
    codes = tuple(Column(f"{name}_code") for name in ("organisation",)) if output != "table" else ()
    show((*codes, *PERIODS), rows, output)
    if output == "table":
        nobody = "periods.empty" if desk.tree.rows else "calendar.no_organisations"
        tell("periods.sum" if shown else nobody, count=len(shown))


def _row(desk: Desk, key: tuple[str, str], standing: Standing, *, plain: bool) -> dict[str, Any]:
    last, sent = standing.last, standing.sent
    commands = [f"chorok periods {verb} {key[0]} {key[1]}" for verb in standing.next_verbs]
    return {
        "organisation": desk.name(key[0]),
        "organisation_code": key[0],
        "closing_period": key[1],
        "closing_state": standing.state if plain else say(f"closing.{standing.state}"),
        "sent_version": sent.version if sent else None,
        "step_on": str(last.on) if last else None,
        "step_by": last.by if last else None,
        "share_sent": _share_sent(desk, sent) if sent else None,
        "snapshot": sent.snapshot if sent else None,
        "remarks": (last.remarks or None) if last else None,
        "next_steps": commands if plain else " / ".join(standing.next_verbs),
    }


def _share_sent(desk: Desk, sent: Step) -> str:
    return " / ".join(_share(one, sent.basis) for one in closings.as_sent(desk.ledger, sent).total().values())


def _share(amounts: Amounts, basis: str) -> str:
    return say("word.definition_not_known") if amounts.not_known else _percent(amounts.share(basis).value)


def _percent(value: Fraction | None) -> str:
    rounded = percent(value)
    return say("word.not_defined") if rounded is None else str(rounded)


def submit(
    organisation: OrganisationArgument,
    period: PeriodArgument,
    by: ByOption,
    on: OnOption = None,
    remarks: RemarksOption = "",
    definition: DefinitionOption = "national",
    basis: Annotated[str, typer.Option("--basis", help=say("help.option.basis", known=", ".join(BASES)))] = "eligible",
    ledger: LedgerOption = default_ledger(),
    as_of: AsOfOption = None,
    lang: LanguageOption = None,
) -> None:
    """Send a period's figures, and keep them as they are now."""
    opened = open_ledger(ledger)
    published = Published.at(opened, as_of)
    code, (label, _) = scopes.scope_of(published.tree, organisation), closings.period_of(period)
    step = Step(code, label, "submit", 1, day_of(opened, on), by, remarks, None, definition, basis)
    _tell_sent(opened, closings.submit(opened, published, step, records.of(published, step, language())))


def _tell_sent(ledger: Ledger, standing: Standing) -> None:
    step = standing.sent
    if step is None:
        return
    record = closings.as_sent(ledger, step)
    folder = closings.folder_of(ledger, step.organisation, step.period, step.version)
    for currency, amounts in record.total().items():
        share = amounts.share(step.basis)
        tell(
            "periods.submitted",
            organisation=step.organisation,
            period=step.period,
            version=step.version,
            by=step.by,
            on=step.on,
            green=written(share.green, currency),
            eligible=written(share.denominator, currency),
            currency=currency,
            share=_share(amounts, step.basis),
            low=_percent(share.low),
            high=_percent(share.high),
            definition=step.definition,
            basis=say(f"basis_of.{step.basis}"),
            snapshot=step.snapshot,
            folder=folder,
        )
    tell("periods.next", commands=" / ".join(standing.next_verbs))


def _taking(verb: Verb) -> Callable[..., None]:
    """Make the command of a step that sends no figures."""

    def take(
        organisation: OrganisationArgument,
        period: PeriodArgument,
        by: ByOption,
        on: OnOption = None,
        remarks: RemarksOption = "",
        ledger: LedgerOption = default_ledger(),
        lang: LanguageOption = None,
    ) -> None:
        opened = open_ledger(ledger)
        code = scopes.scope_of(Published.at(opened).tree, organisation)
        label, _ = closings.period_of(period)
        standing = closings.take(opened, Step(code, label, verb, 0, day_of(opened, on), by, remarks))
        state = say(f"closing.{standing.state}")
        tell("periods.taken", organisation=code, period=label, state=state, on=day_of(opened, on), by=by)
        tell("periods.next", commands=" / ".join(standing.next_verbs))

    return take


HISTORY = (
    Column("step_on"),
    Column("closing_step"),
    Column("sent_version", right=True),
    Column("step_by"),
    Column("remarks"),
    Column("definition"),
    Column("sent_basis"),
    Column("snapshot", right=True),
)


def history(
    organisation: OrganisationArgument,
    period: PeriodArgument,
    ledger: LedgerOption = default_ledger(),
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List every step that was taken on a period."""
    opened = open_ledger(ledger)
    code = scopes.scope_of(Published.at(opened).tree, organisation)
    label, _ = closings.period_of(period)
    output = form(json, csv)
    steps = closings.steps_of(opened, code, label)
    rows = [
        {
            **step.__dict__,
            "step_on": str(step.on),
            "step_by": step.by,
            "sent_version": step.version,
            "closing_step": step.verb if output != "table" else say(f"closing_step.{step.verb}"),
            "definition": step.definition or None,
            "sent_basis": (step.basis or None) if output != "table" else _basis(step),
            "remarks": step.remarks or None,
        }
        for step in steps
    ]
    show(HISTORY, rows, output)
    if output == "table" and not steps:
        tell("periods.none_yet", organisation=code, period=label)


def _basis(step: Step) -> str | None:
    return say(f"basis_of.{step.basis}") if step.basis else None


SUMS = ("lines", "eligible", "green", "undetermined", "unknown")
DIFFERENCES = (
    Column("item"),
    *(Column(f"{name}_{when}", right=True) for name in SUMS[:3] for when in ("sent", "now")),
    Column("share_sent", right=True),
    Column("share_now", right=True),
)


def differences(
    organisation: OrganisationArgument,
    period: PeriodArgument,
    ledger: LedgerOption = default_ledger(),
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List what the ledger would say now beside what was sent."""
    opened = open_ledger(ledger)
    published = Published.at(opened, as_of)
    code = scopes.scope_of(published.tree, organisation)
    found = closings.differences(opened, published, code, period)
    desk, output = Desk.open(opened, as_of), form(json, csv)
    rows = _differences(desk, found, plain=output != "table")
    if output != "table":
        show((*DIFFERENCES, *_more_columns()), rows, output)
    elif rows:
        show(DIFFERENCES, rows, output)
    _tell_difference(found, tell if output == "table" else note)


def _more_columns() -> tuple[Column, ...]:
    """What only files show."""
    names = ("item_code", "currency", *(f"{name}_{when}" for name in SUMS[3:] for when in ("sent", "now")))
    return tuple(map(Column, names))


def _differences(desk: Desk, found: Differences, *, plain: bool) -> list[dict[str, Any]]:
    pairs = [
        (desk.names.show("item", item) or say("periods.no_group"), item, currency, pair)
        for (item, currency), pair in found.items.items()
    ]
    before, now = found.sent.total(), found.now.total()
    totals = [
        (say("word.all"), None, currency, (before.get(currency, Amounts()), now.get(currency, Amounts())))
        for currency in sorted({*before, *now})
    ]
    return [
        {
            "item": name,
            "item_code": item,
            "currency": currency,
            **_side("sent", pair[0], found.step.basis, currency, plain=plain),
            **_side("now", pair[1], found.step.basis, currency, plain=plain),
        }
        for name, item, currency, pair in (*pairs, *(totals if found.items else ()))
    ]


def _side(when: str, amounts: Amounts, basis: str, currency: str, *, plain: bool) -> dict[str, Any]:
    share = amounts.share(basis)
    sums = (share.denominator, share.green, share.undetermined, share.unknown)
    shown = [one if plain else written(one, currency) for one in sums]
    return {
        f"{name}_{when}": value
        for name, value in zip((*SUMS, "share"), (amounts.lines, *shown, _share(amounts, basis)), strict=True)
    }


def _tell_difference(found: Differences, speak: Callable[..., None]) -> None:
    step = found.step
    where = {"organisation": step.organisation, "period": step.period, "version": step.version, "on": step.on}
    if not found.items:
        speak("periods.equal", **where, snapshot=found.sent.snapshot, now=found.now.snapshot)
    else:
        causes = ", ".join(say(f"closing_cause.{cause}") for cause in found.causes) or "–"
        speak("periods.differ", **where, snapshot=found.sent.snapshot, now=found.now.snapshot, causes=causes)
    for batch, ((lines, amount), (lines_now, amount_now)) in found.batches.items():
        speak(
            "periods.batch", batch=batch[:12], lines=f"{lines:,}", lines_now=f"{lines_now:,}",
            amount=f"{amount:,}", amount_now=f"{amount_now:,}",
        )  # fmt: skip
