"""What the Act and its decree ask: plans and results in time, and large changes that the minister may ask about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from chorok.core.checks.readings import month_end, own_rows, places, signed
from chorok.core.checks.report import Filing, Report
from chorok.core.checks.results import Given, Outcome, Word, finding, fine
from chorok.core.checks.rules import Rule


def yearly_change(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for green amounts that changed by as much as lets the minister ask why (decree art. 11-2)."""
    for earlier, now in pairwise(own_rows(report).values()):
        if now.year != earlier.year + 1 or not (earlier.green and now.green) or earlier.unit != now.unit:
            continue
        if earlier.green.value <= 0:
            continue
        change = (now.green.value / earlier.green.value - 1) * 100
        subject, stands = (now.organisation, now.year), places(earlier.green, now.green)
        if -rule.numbers["fall_percent"] < change < rule.numbers["rise_percent"]:
            yield fine(subject, stands)
        else:
            yield finding(
                "large_change", subject, stands,
                who=now.organisation, year=now.year, earlier_year=earlier.year, earlier=earlier.green.text,
                green=now.green.text, change=signed(Fraction(change)),
                rise=f"+{rule.numbers['rise_percent']}", fall=f"-{rule.numbers['fall_percent']}",
            )  # fmt: skip


def filed_in_time(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Compare when plans and results were sent with when they were due (Act art. 8, 9)."""
    for filing in report.filings:
        subject, stands, due = (Word(filing.kind), filing.year), (filing.place,), _due(filing, rule)
        if due is None:
            continue
        said: dict[str, Given] = {"what": Word(filing.kind), "year": filing.year, "due": str(due)}
        if filing.sent_on is None:
            if report.as_of and report.as_of > due:
                yield finding("filing_undated", subject, stands, **said, as_of=str(report.as_of))
        elif filing.sent_on <= due:
            yield fine(subject, stands)
        else:
            late = (filing.sent_on - due).days
            yield finding("filed_late", subject, stands, **said, sent_on=str(filing.sent_on), late=late)


def _due(filing: Filing, rule: Rule) -> date | None:
    """The last day of the month in which it is due; results are due in the year after."""
    return month_end(filing.year + (filing.kind == "result"), rule.numbers[f"{filing.kind}_month"])
