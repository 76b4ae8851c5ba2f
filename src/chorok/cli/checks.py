"""`chorok check`: what does not hold in published reports, and what somebody lets stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from chorok.cli.findings import SEVERITIES, Group, Wanted, print_findings, print_stale, sentence
from chorok.cli.options import CsvOption, JsonOption, LanguageOption, form
from chorok.cli.speech import Column, Form, say, show, tell
from chorok.core.checks.acknowledgements import Acknowledgement, settle, stale
from chorok.core.checks.inspection import inspect, inspect_together, said_once
from chorok.core.checks.report import Report
from chorok.core.checks.results import Result
from chorok.core.checks.rules import Rule, rules
from chorok.core.errors import UsageError
from chorok.core.records import written
from chorok.ledger.kept import read as read_kept
from chorok.ledger.store import write_whole
from chorok.sources import reports


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", help=say("help.check"))(check)


def check(
    files: Annotated[list[Path] | None, typer.Argument(help=say("help.option.check_file"), show_default=False)] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help=say("help.option.check_only"))] = None,
    severity: Annotated[str, typer.Option("--severity", help=say("help.option.check_severity"))] = "hint",
    every: Annotated[bool, typer.Option("--all", help=say("help.option.check_all"))] = False,
    listed: Annotated[bool, typer.Option("--list", help=say("help.option.check_list"))] = False,
    acknowledge: Annotated[str | None, typer.Option("--acknowledge", help=say("help.option.acknowledge"))] = None,
    reason: Annotated[str | None, typer.Option("--reason", help=say("help.option.acknowledge_reason"))] = None,
    by: Annotated[str | None, typer.Option("--by", help=say("help.option.acknowledge_by"))] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=say("help.option.acknowledge_on"))
    ] = None,
    acknowledged: Annotated[Path | None, typer.Option("--acknowledged", help=say("help.option.acknowledged"))] = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    lang: LanguageOption = None,
) -> None:
    """Check published reports."""
    output = form(json, csv)
    wanted = _wanted(only or [], severity, every)
    if listed:
        _list(wanted, output)
        return
    if not files:
        raise UsageError("check_without_file")
    given = {"--reason": reason, "--by": by, "--on": on}
    _must_fit(acknowledge, given)
    groups = _groups(list(dict.fromkeys(files)), acknowledged)
    if acknowledge is not None:
        day = on.date() if on else date.today()  # noqa: DTZ011 - the day on the wall, not an instant
        _acknowledge(groups, acknowledge, (reason or "").strip(), (by or "").strip(), day)
        return
    print_findings(groups, wanted, output)
    for file in dict.fromkeys(group.kept for group in groups):
        results = [one.result for group in groups if group.kept == file for one in group.settled]
        print_stale(file, stale(results, _kept(file)))
    if any(one.is_open and wanted.takes(one.result) for group in groups for one in group.settled):
        raise typer.Exit(1)


def _wanted(only: Sequence[str], severity: str, every: bool) -> Wanted:
    if severity not in SEVERITIES:
        raise UsageError("severity_unknown", name=severity)
    for name in only:
        if name not in rules():
            close = get_close_matches(name, rules(), 3, 0.4)
            raise UsageError("check_unknown", name=name, known=", ".join(close or rules()))
    return Wanted(frozenset(only), severity, every)


def _must_fit(acknowledge: str | None, given: dict[str, Any]) -> None:
    """Raise UsageError for an acknowledgement without reason or name, or these without it."""
    if acknowledge is None:
        alone = [name for name, value in given.items() if value is not None]
        if alone:
            raise UsageError("acknowledge_alone", given=", ".join(alone))
        return
    missing = [name for name in ("--reason", "--by") if not (given[name] or "").strip()]
    if missing:
        raise UsageError("acknowledge_incomplete", missing=", ".join(missing))


def _groups(files: list[Path], shared: Path | None) -> list[Group]:
    """Read and check all files. What the checks of several reports say of a single one is said in its group."""
    read = [reports.read(file) for file in files]
    together = inspect_together(read)
    found = [(report, file, said_once(inspect(report), together)) for report, file in zip(read, files, strict=True)]
    if len(read) == 1:
        found[0][2].extend(together)
    every: list[tuple[Report | None, Path, list[Result]]] = [*found]
    if len(read) > 1:
        every.append((None, files[0], together))
    places = [shared or file.with_name(f"{file.name}.acknowledged.toml") for _, file, _ in every]
    known = {place: _kept(place) for place in dict.fromkeys(places)}
    return [
        Group(report, [file] if report else files, place, settle(results, known[place]))
        for (report, file, results), place in zip(every, places, strict=True)
    ]


def _kept(file: Path) -> tuple[Acknowledgement, ...]:
    return read_kept(file, "acknowledged", Acknowledgement) if file.exists() else ()


def _acknowledge(groups: Sequence[Group], start: str, reason: str, by: str, day: date) -> None:
    """Write down that a finding stands. Raises UsageError when no open finding, or more than one, has the id."""
    findings = [(group, one.result) for group in groups for one in group.settled if one.is_open]
    fitting = {result.id: (group, result) for group, result in findings if result.id.startswith(start)}
    if len(fitting) != 1:
        known = ", ".join(fitting or [result.id for _, result in findings]) or "–"
        raise UsageError("acknowledge_two" if fitting else "acknowledge_no_finding", id=start, known=known)
    ((group, result),) = fitting.values()
    record = Acknowledgement(result.id, result.about, result.check, reason, by, day, sentence(result))
    before = group.kept.read_text(encoding="utf-8-sig") if group.kept.exists() else ""
    write_whole(group.kept, f"{before.rstrip()}\n\n{written(record, 'acknowledged')}".lstrip())
    tell("checks.done", finding=record.finding, file=group.kept)


LIST = tuple(map(Column, ("check", "rule", "severity", "title", "purpose", "source", "version")))


def _list(wanted: Wanted, output: Form) -> None:
    """Print all checks, or those asked for."""
    rows = [
        _rule_row(rule, output)
        for rule in rules().values()
        if (not wanted.only or rule.id in wanted.only)
        and any(SEVERITIES.index(one) >= SEVERITIES.index(wanted.severity) for one in rule.findings.values())
    ]
    show(LIST, rows, output)


def _rule_row(rule: Rule, output: Form) -> dict[str, Any]:
    grades = [one for one in reversed(SEVERITIES) if one in rule.findings.values()]
    return {
        "check": rule.id,
        "rule": rule.rule,
        "severity": ", ".join(say(f"severity_of.{one}") if output == "table" else one for one in grades),
        "title": say(f"check.{rule.id}.title"),
        "purpose": say(f"check.{rule.id}.why"),
        "source": say(f"check_source.{rule.source}"),
        "version": rule.version,
        **({"numbers": dict(rule.numbers), "findings": dict(rule.findings)} if output == "json" else {}),
    }
