"""`chorok calendar`: what is due, late and done, for whom; the rules behind it; whom the ministry may ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from chorok.cli import noting, scopes
from chorok.cli.desk import Desk, WhoseOption, loaded
from chorok.cli.groups import group
from chorok.cli.options import (
    AsOfOption,
    CsvOption,
    JsonOption,
    LanguageOption,
    LedgerOption,
    default_ledger,
    form,
    open_ledger,
)
from chorok.cli.speech import Column, language, named, note, say, show, tell
from chorok.core import calendar as rule_sets
from chorok.core.calendar import Rule, duties
from chorok.core.calendar.changes import Changed
from chorok.core.calendar.duties import Duty
from chorok.core.money import percent, written
from chorok.ledger import changes
from chorok.ledger.store import Ledger
from chorok.publications import ics

YearOption = Annotated[int | None, typer.Option("--year", min=1, max=9998, help=say("help.option.due_year"))]
RulesOption = Annotated[str | None, typer.Option("--rules", help=say("help.option.rules"))]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    room = group("calendar")
    for name, command in (
        ("list", list_duties),
        ("rules", list_rules),
        ("choose", noting.choose),
        ("done", noting.note_done),
        ("question", noting.note_question),
        ("changes", list_changes),
    ):
        room.command(name, help=say(f"help.calendar_{name}"))(command)
    app.add_typer(room, name="calendar")


SHOWN: dict[str, tuple[duties.State, ...]] = {
    "due": ("due_soon", "open", "sent"),
    "late": ("late",),
    "done": ("done", "done_late"),
}
"""What the options of the same names let through."""

DUTIES = (
    Column("due"),
    Column("duty_state"),
    Column("organisation"),
    Column("duty"),
    Column("duty_period"),
    Column("done_on"),
    Column("done_by"),
    Column("duty_rule"),
)
MORE = ("organisation_code", "owed_by", "owed_to", "asked_on", "note", "source")
"""Columns of files only."""


def list_duties(
    ledger: LedgerOption = default_ledger(),
    year: YearOption = None,
    organisation: WhoseOption = None,
    due: Annotated[bool, typer.Option("--due", help=say("help.option.due"))] = False,
    late: Annotated[bool, typer.Option("--late", help=say("help.option.late"))] = False,
    done: Annotated[bool, typer.Option("--done", help=say("help.option.done"))] = False,
    rules: RulesOption = None,
    ics_file: Annotated[Path | None, typer.Option("--ics", help=say("help.option.ics"))] = None,
    alarm: Annotated[int | None, typer.Option("--alarm", min=0, max=365, help=say("help.option.alarm"))] = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List what falls due in a year."""
    opened = open_ledger(ledger)
    desk, year = Desk.open(opened, as_of, rules), year or opened.today.year
    wanted = {state for name, on in (("due", due), ("late", late), ("done", done)) if on for state in SHOWN[name]}
    inside = desk.below(organisation, year)
    everything = [duty for duty in desk.duties(year) if duty.organisation in inside]
    found = [duty for duty in everything if not wanted or duty.state in wanted]
    output = form(json, csv)
    columns = DUTIES if output == "table" else (*DUTIES, *map(Column, MORE))
    show(columns, [_row(desk, duty, plain=output != "table") for duty in found], output)
    if output == "table":
        _sum(desk, year, everything, found)
    _warn(desk, year, inside)
    if ics_file:
        count = ics.write(ics_file, found, desk.name, language(), opened.today, alarm)
        note("calendar.ics_written", file=ics_file, count=count)


def _row(desk: Desk, duty: Duty, *, plain: bool) -> dict[str, Any]:
    return {
        "due": str(duty.due),
        "duty_state": duty.state if plain else say(f"duty_state.{duty.state}"),
        "organisation": desk.name(duty.organisation),
        "duty": duty.rule.title(language()),
        "duty_period": duty.period,
        "owed_by": duty.rule.role(language()),
        "owed_to": duty.rule.to(language()),
        "done_on": str(duty.done_on) if duty.done_on else None,
        "done_by": duty.by or None,
        "duty_rule": duty.rule.id,
        "asked_on": str(duty.asked_on) if duty.asked_on else None,
        "organisation_code": duty.organisation,
        "note": duty.note or None,
        "source": duty.rule.source(language()),
    }


def _sum(desk: Desk, year: int, everything: list[Duty], found: list[Duty]) -> None:
    counted = {state: sum(duty.state == state for duty in everything) for state in duties.STATES}
    said = " · ".join(f"{say(f'duty_state.{state}')} {count}" for state, count in counted.items() if count)
    if not desk.tree.rows:
        tell("calendar.no_organisations")
    elif not everything:
        tell("calendar.nothing", year=year)
    else:
        tell("calendar.sum", today=desk.ledger.today, year=year, shown=len(found), states=said)
        tell("calendar.basis", sets=", ".join(named(found, "title_") for found in desk.sets.values()))
        if counted["late"] or counted["due_soon"] or counted["open"]:
            tell("calendar.next")


def _warn(desk: Desk, year: int, inside: set[str]) -> None:
    """Say what is left out, and whom the ministry may ask about the results that are due in the year."""
    for found in desk.sets.values():
        if found.in_force_from and found.in_force_from > date(year, 1, 1):
            note("calendar.not_known_before", title=named(found, "title_"), day=found.in_force_from)
    stray = _stray(desk)
    if stray:
        note("calendar.stray", count=len(stray), first=", ".join(stray[:3]))
    asked = _asked(desk, year - 1, inside)
    if asked:
        note("calendar.question_likely", year=year - 1, who=", ".join(asked[:5]), count=len(asked))


def _stray(desk: Desk) -> list[str]:
    """Notes that belong to no duty: an unknown rule or organisation, or a rule that figures fulfil."""
    noted = {rule.id for rule in desk.rules().values() if not rule.closes}
    every = [rule_sets.load(name) for name in rule_sets.names()]
    noted |= {rule.id for found in every for rule in found.rules if not rule.closes}
    codes = set(desk.tree.codes())
    done = [one for one in desk.events.done if one.rule not in noted or one.organisation not in codes]
    asked = [one for one in desk.events.questions if one.organisation not in codes]
    chosen = [one for one in desk.choices if one.organisation not in codes]
    return (
        [f"done.toml: {one.rule} {one.organisation} {one.period}" for one in done]
        + [f"questions.toml: {one.organisation} {one.period}" for one in asked]
        + [f"calendars.toml: {one.organisation}" for one in chosen]
    )


def _asked(desk: Desk, year: int, inside: set[str]) -> list[str]:
    answers = desk.answering()
    found = changes.of_year(desk.published, year) if answers and year > 1 else {}
    return list(
        dict.fromkeys(
            desk.name(code)
            for (code, _), changed in found.items()
            if code in inside and changed.outcome == "likely" and desk.kind(code) in answers
        )
    )


RULES = (
    Column("duty_rule"),
    Column("duty"),
    Column("owed_by"),
    Column("owed_to"),
    Column("due_rule"),
    Column("rule_set"),
    Column("in_force_from"),
    Column("source"),
)


def list_rules(
    ledger: LedgerOption = default_ledger(),
    rules: RulesOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the dates there are, with their sources."""
    wished = rules.split(",") if rules else rule_sets.names()
    sets = [loaded(Ledger(ledger), name.strip()) for name in wished]
    rows = [
        {
            "duty_rule": rule.id,
            "duty": rule.title(language()),
            "owed_by": rule.role(language()),
            "owed_to": rule.to(language()),
            "due_rule": _due_rule(rule),
            "rule_set": found.id,
            "in_force_from": str(since) if (since := rule.since or found.in_force_from) else None,
            "source": rule.source(language()),
        }
        for found in sets
        for rule in found.rules
    ]
    output = form(json, csv)
    show(RULES, rows, output)
    if output == "table":
        for found in sets:
            checker = found.checker or say("calendar.unchecked")
            tell(
                "calendar.set", title=named(found, "title_"), source=found.source, author=found.author, checker=checker
            )


def _due_rule(rule: Rule) -> str:
    if rule.month is None:
        return say("calendar.due_after", days=rule.days)
    day = say("calendar.last_day") if rule.day == 0 else say("calendar.nth_day", day=rule.day)
    return say(f"calendar.due_in_{_when(rule.years_after)}", month=rule.month, day=day)


def _when(years_after: int) -> str:
    return "before" if years_after < 0 else "after" if years_after else "same"


CHANGED = (
    Column("organisation"),
    Column("last_year_green", right=True),
    Column("year_green", right=True),
    Column("green_change", right=True),
    Column("green_change_low", right=True),
    Column("green_change_high", right=True),
    Column("question"),
)


def list_changes(
    ledger: LedgerOption = default_ledger(),
    year: Annotated[int | None, typer.Option("--year", min=2, max=9998, help=say("help.option.results_year"))] = None,
    organisation: WhoseOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """List how green amounts changed, and whom the ministry may ask."""
    opened = open_ledger(ledger)
    desk, year = Desk.open(opened, as_of), year or scopes.last_full_year(opened.today)
    inside = desk.below(organisation, year)
    answers = desk.answering()
    codes = [code for code in desk.tree.codes() if code in inside and desk.kind(code) in answers]
    found = changes.of_year(desk.published, year)
    output = form(json, csv)
    rows = [_changed(desk, code, currency, one, output != "table")
            for code in codes for currency, one in _of(found, code)]  # fmt: skip
    currency = (Column("currency"),) if output != "table" or len({row["currency"] for row in rows} - {None}) > 1 else ()
    more = tuple(Column(f"{name}_code") for name in ("organisation",)) if output != "table" else ()
    show((*more, *CHANGED, *currency), rows, output)
    if output == "table":
        snapshot = desk.published.snapshot
        if not desk.tree.rows:
            tell("calendar.no_organisations")
        tell("calendar.changes", year=year, before=year - 1, snapshot=snapshot.number, published=snapshot.published_at)


def _of(found: dict[tuple[str, str], Changed], code: str) -> list[tuple[str | None, Changed | None]]:
    return [(currency, one) for (whose, currency), one in found.items() if whose == code] or [(None, None)]


def _changed(desk: Desk, code: str, currency: str | None, one: Changed | None, plain: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"organisation": desk.name(code), "organisation_code": code, "currency": currency}
    if one is None or currency is None:
        return {**row, "question": "no_data" if plain else say("word.no_data")}
    before, now = one.before.green, one.now.green
    shares = {"green_change": one.value, "green_change_low": one.low, "green_change_high": one.high}
    return {
        **row,
        "last_year_green": before if plain else written(before, currency),
        "year_green": now if plain else written(now, currency),
        **{name: say("word.not_defined") if value is None else _signed(value) for name, value in shares.items()},
        "question": one.outcome if plain else say(f"question.{one.outcome}"),
    }


def _signed(value: Any) -> str:
    rounded = percent(value)
    return f"{rounded:+}" if rounded else "0.00"
