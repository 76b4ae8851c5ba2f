"""How findings are shown: as paragraphs to be read, as JSON, as CSV."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chorok.cli.speech import Column, Form, note, say, show, tell
from chorok.core.checks.acknowledgements import Acknowledgement, Settled
from chorok.core.checks.report import Place, Report
from chorok.core.checks.results import Result, Said, Word
from chorok.core.checks.rules import rules

SEVERITIES = ("hint", "warning", "error")
QUOTED = 240
"""How many letters of a quoted line are shown; more is marked by an ellipsis, and JSON has them all."""


@dataclass(frozen=True)
class Group:
    """What was found in one report, or (`report` None) in several together, and where it is acknowledged."""

    report: Report | None
    files: Sequence[Path]
    kept: Path
    settled: Sequence[Settled]


@dataclass(frozen=True)
class Wanted:
    """Which results are asked for: of these checks (none: all), at least as grave, with what holds or without."""

    only: frozenset[str]
    severity: str
    all: bool

    def takes(self, result: Result) -> bool:
        """Tell whether a result counts: what holds has no severity and counts in any case."""
        grave = result.severity is None or SEVERITIES.index(result.severity) >= SEVERITIES.index(self.severity)
        return grave and (not self.only or result.check in self.only)

    @property
    def narrowed(self) -> bool:
        """Whether some findings are left out."""
        return bool(self.only) or self.severity != SEVERITIES[0]


def said(value: Said) -> str:
    """Return a parameter in the language of this run."""
    if isinstance(value, Word):
        return say(f"check_word.{value.code}")
    return value if isinstance(value, str) else ", ".join(map(said, value)) or "–"


def sentence(result: Result) -> str:
    """Return the sentence of a finding with its numbers."""
    return say(f"finding.{result.code}", **{name: said(value) for name, value in result.outcome.params})


def _where(place: Place) -> str:
    return say("checks.line", number=place.where) if place.where.isdigit() else place.where


COLUMNS = tuple(
    map(
        Column,
        ("report", "outcome", "severity", "id", "check", "version", "rule", "title", "finding", "places", "remedy",
         "acknowledged_by", "acknowledged_on", "reason"),
    )
)  # fmt: skip


def print_findings(groups: Sequence[Group], wanted: Wanted, output: Form) -> None:
    """Print what is asked for, what was not understood, and the sums."""
    shown = [
        (group, one)
        for group in groups
        for one in sorted(group.settled, key=_order)
        if wanted.takes(one.result) and (one.result.code or wanted.all)
    ]
    if output == "table":
        for group in groups:
            _tell_group(group, [one for place, one in shown if place is group])
    else:
        rows = [_row(one) for _, one in shown]
        flat = [{**row, "places": "; ".join(place["where"] for place in row["places"])} for row in rows]
        show(COLUMNS, rows if output == "json" else flat, output)
    _unread(groups)
    _summary(groups, wanted, output)


def _order(one: Settled) -> tuple[bool, int]:
    """Open ones first, the graver the earlier."""
    severity = one.result.severity
    return one.now is not None, -SEVERITIES.index(severity) if severity else 1


def _row(one: Settled) -> dict[str, Any]:
    result, fitting = one.result, one.now
    return {
        "report": result.report,
        "outcome": result.kind,
        "severity": result.severity,
        "id": result.id if result.code else None,
        "check": result.check,
        "version": result.version,
        "rule": rules()[result.check].rule,
        "title": say(f"check.{result.check}.title"),
        "finding": sentence(result) if result.code else _holds(result),
        "code": result.code or None,
        "numbers": {name: _plain(value) for name, value in result.outcome.params},
        "places": [{"where": place.where, "quote": place.quote} for place in result.outcome.places],
        "remedy": say(f"remedy.{result.code}") if result.code else None,
        "acknowledged_by": fitting.by if fitting else None,
        "acknowledged_on": str(fitting.on) if fitting else None,
        "reason": fitting.reason if fitting else None,
    }


def _plain(value: Said) -> Any:
    if isinstance(value, Word):
        return value.code
    return value if isinstance(value, str) else [_plain(one) for one in value]


def _holds(result: Result) -> str:
    if result.kind == "not_applicable":
        return say("checks.needs", needs=say(f"check.{result.check}.needs"))
    return say("checks.holds", subject=" ".join(map(said, result.outcome.subject)) or say("word.all"))


def _tell_group(group: Group, shown: Sequence[Settled]) -> None:
    if group.report:
        facts = (group.report.organisation, str(group.report.year or ""), str(group.report.as_of or ""))
        tell("checks.report_head", name=group.report.name, organisation=", ".join(filter(None, facts)) or "–")
    elif shown:
        tell("checks.together")
    else:
        return
    for one in shown:
        for line in _paragraph(one):
            print(line)  # noqa: T201 - the result itself
    if group.report and all(one.result.kind == "not_applicable" for one in group.settled):
        tell("checks.nothing", name=group.report.name)
    print()  # noqa: T201 - a blank line between reports


def _paragraph(one: Settled) -> Iterator[str]:
    """Yield the lines that say a result."""
    result = one.result
    grade = say(f"severity_of.{result.severity}") if result.severity else say(f"outcome_of.{result.kind}")
    yield f"[{grade}] {say(f'check.{result.check}.title')}" + (f" ({result.id})" if result.code else "")
    yield f"    {sentence(result) if result.code else _holds(result)}"
    if not result.code:
        return
    if result.outcome.places:
        yield "    " + say("checks.where", places=_quoted(result.outcome.places))
    if one.now:
        yield "    " + say("checks.acknowledged", by=one.now.by, on=one.now.on, reason=one.now.reason)
        return
    yield "    " + say("checks.remedy", remedy=say(f"remedy.{result.code}"))
    if one.before:
        yield "    " + say("checks.reopened", by=one.before.by, on=one.before.on, reason=one.before.reason)


def _quoted(places: Sequence[Place]) -> str:
    """Return where something stands, with the words of the first place."""
    quote = " ".join(places[0].quote.split())
    shown = quote if len(quote) <= QUOTED else quote[: QUOTED - 1] + "…"
    first = f"{_where(places[0])} “{shown}”" if shown else _where(places[0])
    lines = sorted({int(place.where) for place in places[1:] if place.where.isdigit()} - {_line(places[0])})
    others = [place.where for place in places[1:] if not place.where.isdigit()]
    return ", ".join([first, *_lines(lines), *others])


def _lines(numbers: Sequence[int]) -> list[str]:
    if len(numbers) == 1:
        return [say("checks.line", number=numbers[0])]
    return [say("checks.lines", numbers=_spans(numbers))] if numbers else []


def _line(place: Place) -> int:
    return int(place.where) if place.where.isdigit() else 0


def _spans(numbers: Sequence[int]) -> str:
    """Write sorted numbers with neighbours as one: 52, 53, 54, 86 -> '52–54, 86'."""
    first = [one for one in numbers if one - 1 not in numbers]
    last = [one for one in numbers if one + 1 not in numbers]
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in zip(first, last, strict=True))


def _unread(groups: Sequence[Group]) -> None:
    """Say what was not understood."""
    for report in (group.report for group in groups if group.report):
        for place in report.unread:
            note("checks.unread", name=report.name, where=_where(place), quote=place.quote)


def print_stale(file: Path, stale: Sequence[Acknowledgement]) -> None:
    """Say which acknowledgements of a file fit nothing any more."""
    for one in stale:
        note("checks.stale", file=file, check=one.check, id=one.id, by=one.by, on=one.on)


def _summary(groups: Sequence[Group], wanted: Wanted, output: Form) -> None:
    taken = [one for group in groups for one in group.settled if wanted.takes(one.result)]
    kinds = Counter("acknowledged" if one.now else str(one.result.kind) for one in taken)
    numbers = {name: kinds[name] for name in ("acknowledged", "ok", "not_applicable")}
    speak = tell if output == "table" else note
    speak("checks.summary", findings=kinds["finding"], hints=kinds["hint"], **numbers)
    if wanted.narrowed:
        speak("checks.filtered")
    if output == "table":
        _next(groups, wanted)


def _next(groups: Sequence[Group], wanted: Wanted) -> None:
    """Say how to let a finding stand, by the example of the first."""
    for group in groups:
        for one in sorted(group.settled, key=_order):
            if one.is_open and wanted.takes(one.result):
                tell("checks.next", name=" ".join(map(shlex.quote, map(str, group.files))), id=one.result.id)
                return
    tell("checks.none")
