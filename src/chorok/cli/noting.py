"""`chorok calendar choose`, `done`, `question`: what an office notes for its calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from chorok.cli import scopes
from chorok.cli.desk import Desk, OrganisationArgument, loaded
from chorok.cli.options import LanguageOption, LedgerOption, default_ledger, open_ledger
from chorok.cli.speech import language, named, say, tell
from chorok.core.calendar.duties import Choice, Done, Question
from chorok.core.errors import UsageError
from chorok.ledger import kept
from chorok.ledger.store import Ledger

OnOption = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=say("help.option.on_day"))]
ByOption = Annotated[str, typer.Option("--by", help=say("help.option.by_name"), show_default=False)]
NoteOption = Annotated[str, typer.Option("--note", help=say("help.option.note"))]
PeriodOption = Annotated[str | None, typer.Option("--period", help=say("help.option.duty_period"))]


def choose(
    organisation: OrganisationArgument,
    rules: Annotated[str, typer.Option("--rules", help=say("help.option.rules_chosen"), show_default=False)],
    ledger: LedgerOption = default_ledger(),
    lang: LanguageOption = None,
) -> None:
    """Choose the rule sets of a city."""
    opened = open_ledger(ledger)
    desk = Desk.open(opened)
    code = scopes.scope_of(desk.tree, organisation)
    wished = tuple(name.strip() for name in rules.split(",") if name.strip())
    chosen = [loaded(opened, name) for name in wished]
    kept.add(opened, "calendars", Choice(code, wished))
    tell("calendar.chosen", organisation=desk.name(code), sets=", ".join(named(one, "title_") for one in chosen) or "–")


def note_done(
    rule: Annotated[str, typer.Argument(help=say("help.option.rule"), show_default=False)],
    organisation: OrganisationArgument,
    by: ByOption,
    on: OnOption = None,
    period: PeriodOption = None,
    note_: NoteOption = "",
    ledger: LedgerOption = default_ledger(),
    lang: LanguageOption = None,
) -> None:
    """Note that a duty was done."""
    opened = open_ledger(ledger)
    desk, day = Desk.open(opened), day_of(opened, on)
    duty = desk.meant(rule, scopes.scope_of(desk.tree, organisation), period, day)
    kept.add(opened, "done", Done(rule, duty.organisation, duty.period, day, by, note_))
    tell(
        "calendar.noted" if day <= duty.due else "calendar.noted_late",
        what=duty.rule.title(language()),
        period=duty.period,
        organisation=desk.name(duty.organisation),
        on=day,
        due=duty.due,
        by=by,
    )


def day_of(ledger: Ledger, on: datetime | None) -> date:
    """Return the day that was given, else today. Raises UsageError for one that is still to come."""
    day = on.date() if on else ledger.today
    if day > ledger.today:
        raise UsageError("day_ahead", on=day, today=ledger.today)
    return day


def note_question(
    organisation: OrganisationArgument,
    by: Annotated[str, typer.Option("--by", help=say("help.option.asked_by"), show_default=False)],
    period: Annotated[int | None, typer.Option("--period", help=say("help.option.asked_period"))] = None,
    on: OnOption = None,
    note_: NoteOption = "",
    ledger: LedgerOption = default_ledger(),
    lang: LanguageOption = None,
) -> None:
    """Note that a question on a change of the results came in."""
    opened = open_ledger(ledger)
    desk, day = Desk.open(opened), day_of(opened, on)
    code = scopes.scope_of(desk.tree, organisation)
    rule = desk.asking(code)
    question = Question(code, str(period or day.year - 1), day, by, note_)
    kept.add(opened, "questions", question)
    tell(
        "calendar.asked",
        organisation=desk.name(code),
        code=code,
        period=question.period,
        on=day,
        due=rule.due_after(day),
        rule=rule.id,
    )
