"""All checks, and the one way to run them: on one report, and on several together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from chorok.core.checks import budgets, claims, events, figures, items, law, lines, network, programme, targets
from chorok.core.checks.report import Report
from chorok.core.checks.results import Kind, Outcome, Result, Severity
from chorok.core.checks.rules import Rule, rules

ALONE: Mapping[str, Callable[[Report, Rule], Iterator[Outcome]]] = {
    "share_recomputed": figures.share_recomputed,
    "decimals_mixed": figures.decimals_mixed,
    "figure_twice": figures.figure_twice,
    "parts_add_up": figures.parts_add_up,
    "status_stated": figures.status_stated,
    "exchange_rate": budgets.exchange_rate,
    "increase_claim": targets.increase_claim,
    "network_target": targets.network_target,
    "target_below_result": targets.target_below_result,
    "target_lowered": targets.target_lowered,
    "targets_late": targets.targets_late,
    "total_without_items": items.total_without_items,
    "item_against_direction": items.item_against_direction,
    "core_items_chosen": items.core_items_chosen,
    "core_weight": items.core_weight,
    "superlative": claims.superlative,
    "cause": claims.cause,
    "span_rows": claims.span_rows,
    "trend": claims.trend,
    "events_overlap": events.events_overlap,
    "core_items_known": events.core_items_known,
    "consultation_order": events.consultation_order,
    "weekday": events.weekday,
    "attendance": events.attendance,
    "members_absent": events.members_absent,
    "promise_kept": programme.promise_kept,
    "guideline_coverage": programme.guideline_coverage,
    "task_slipped": programme.task_slipped,
    "task_open": programme.task_open,
    "members_counted": programme.members_counted,
    "yearly_change": law.yearly_change,
    "filed_in_time": law.filed_in_time,
    "certificate_on_day": lines.certificate_on_day,
    "counted_once": lines.counted_once,
    "ground_proved": lines.ground_proved,
}
"""Checks of one report by id; checks.toml has their rules."""

TOGETHER: Mapping[str, Callable[[Sequence[Report], Rule], Iterator[Outcome]]] = {
    "names_told_apart": network.names_told_apart,
    "network_share": network.network_share,
    "same_basis": network.same_basis,
    "final_stays": network.final_stays,
    "one_rate": budgets.one_rate,
    "shared_text": network.shared_text,
}
"""Checks of all reports at once."""


def inspect(report: Report) -> list[Result]:
    """Return what every check of one report says; a check without its data says not_applicable once."""
    return [
        result
        for name, check in ALONE.items()
        for result in _stamped(rules()[name], report, check(report, rules()[name]))
    ]


def inspect_together(reports: Sequence[Report]) -> list[Result]:
    """Return what every check of several reports says of them together."""
    return [
        result
        for name, check in TOGETHER.items()
        for result in _stamped(rules()[name], None, check(reports, rules()[name]))
    ]


def said_once(alone: Sequence[Result], together: Sequence[Result]) -> list[Result]:
    """Return the results of one report without what `together` says better: why a row of the network is wrong."""
    told = {
        place.where for one in together if one.check == "network_share" and one.code for place in one.outcome.places
    }
    return [
        one
        for one in alone
        if one.check != "share_recomputed"
        or not one.code
        or told.isdisjoint(f"{one.report}:{place.where}" for place in one.outcome.places)
    ]


def _stamped(rule: Rule, report: Report | None, outcomes: Iterable[Outcome]) -> Iterator[Result]:
    """Yield results with the rule's id, version and severity; equal ones, as by a sentence that is repeated, once."""
    whose = (report.name, report.organisation) if report else ("", "")
    seen: dict[str, Result] = {}
    for outcome in outcomes:
        severity: Severity | None = rule.findings[outcome.code] if outcome.code else None
        kind: Kind = "ok" if severity is None else "hint" if severity == "hint" else "finding"
        result = Result(rule.id, rule.version, kind, severity, *whose, outcome)
        seen.setdefault(result.id, result)
    yield from seen.values()
    if not seen:
        yield Result(rule.id, rule.version, "not_applicable", None, *whose, Outcome("", (), ()))
