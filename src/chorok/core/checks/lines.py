"""Purchase lines that a report brings as evidence: certificates on their day, change orders, grounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from chorok.core.checks.readings import number, places
from chorok.core.checks.report import Line, Report
from chorok.core.checks.results import Given, Outcome, finding, fine
from chorok.core.checks.rules import Rule


def _name(line: Line) -> str:
    return line.source_key or line.place.where


def certificate_on_day(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Ask that the certificate of a green line is valid on the day of purchase, and not revoked by then."""
    for line in report.lines:
        if line.green:
            yield _certified(line)


def _certified(line: Line) -> Outcome:
    subject, stands = (_name(line),), places(line.place)
    said: dict[str, Given] = {"line": _name(line), "day": str(line.bought_on), "certificate": line.certificate or "–"}
    if not line.certificate:
        return fine(subject, stands) if line.evidence else finding("certificate_missing", subject, stands, **said)
    if line.revoked_on and line.revoked_on <= line.bought_on:
        return finding("certificate_revoked", subject, stands, **said, revoked_on=str(line.revoked_on))
    if line.valid_from is None and line.valid_until is None:
        return finding("certificate_undated", subject, stands, **said)
    if line.valid_from and line.bought_on < line.valid_from:
        return finding("certificate_not_yet", subject, stands, **said, valid_from=str(line.valid_from))
    if line.valid_until and line.bought_on > line.valid_until:
        return finding("certificate_over", subject, stands, **said, valid_until=str(line.valid_until))
    return fine(subject, stands)


def counted_once(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for a request that is in the evidence more than once: by change orders, or twice the same."""
    requests: dict[str, list[Line]] = defaultdict(list)
    for line in report.lines:
        if line.source_key:
            requests[line.source_key].append(line)
    for source_key, group in requests.items():
        counted = [line for line in group if line.final is not False]
        subject, stands = (source_key,), tuple(line.place for line in group)
        if len(counted) < 2:
            yield fine(subject, stands)
            continue
        counts = _last(counted)
        digits = max(line.amount.digits for line in counted)
        added = number(sum((line.amount.value for line in counted), Fraction(0)), digits)
        said: dict[str, Given] = {
            "line": source_key,
            "times": len(counted),
            "sum": added,
            "amount": number(counts.amount.value, digits),
        }
        orders = [str(line.change_order) for line in counted if line.change_order is not None]
        if len(set(orders)) > 1:
            yield finding("change_orders_added", subject, stands, **said, orders=orders)
        else:
            yield finding("line_twice", subject, stands, **said)


def _last(group: list[Line]) -> Line:
    """The line that counts: the final one, else the one with the highest change order (rules 1.2)."""
    return max(group, key=lambda line: (line.final is True, line.change_order or 0))


def ground_proved(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Ask for evidence beside an exception ground."""
    for line in report.lines:
        if line.ground:
            subject, stands = (_name(line), line.ground), (line.place,)
            said: dict[str, Given] = {"line": _name(line), "ground": line.ground}
            yield (
                fine(subject, stands) if line.evidence else finding("ground_without_evidence", subject, stands, **said)
            )
