"""The programme: what was promised and what took place, guidelines for core items, tasks that stay open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from chorok.core.checks.readings import about, distinct, key, stems
from chorok.core.checks.report import Member, Report, Task
from chorok.core.checks.results import Outcome, Said, Word, finding, fine
from chorok.core.checks.rules import Rule

KINDS = ("", "city", "province", "metropolitan city")
"""Kinds of members that the reader of texts tells apart ('' is any), worded as `check_word.member_<kind>`."""


def promise_kept(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Count the events of the year against how often they are said to be held."""
    events = [event for event in report.events if report.year in (None, event.day.year)]
    for promise in report.promises if events else ():
        held = [event for event in events if event.kind == promise.what]
        subject, stands = (Word(promise.what),), (promise.place, *(event.place for event in held))
        if len(held) >= promise.times_a_year:
            yield fine(subject, stands)
        else:
            what = Word(promise.what)
            yield finding("promise_not_shown", subject, stands, what=what, times=promise.times_a_year, held=len(held))


def guideline_coverage(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Ask for a guideline for every core item, and for makers in each when others list them."""
    items = distinct(item for choice in report.core_items for item in choice.items)
    if not report.guidelines or not items:
        return
    stands = tuple(guideline.place for guideline in report.guidelines)
    missing = [item for item in items if not any(about(item, one.item) for one in report.guidelines)]
    if missing:
        covered = len(items) - len(missing)
        yield finding("guideline_missing", (), stands, covered=covered, items=len(items), missing=missing)
    else:
        yield fine((), stands)
    listed = any(one.makers is not None for one in report.guidelines)
    for one in report.guidelines if listed else ():
        if one.makers is None:
            yield finding("guideline_without_makers", (one.item,), (one.place,), item=one.item)
        else:
            yield fine((one.item,), (one.place,))


def task_slipped(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Look for tasks that were due and stand again in the list of a later year."""
    often = _often(report)
    for task in _due(report):
        again = _again(task, report, often, rule.numbers["alike_percent"])
        subject = (task.text,)
        if again is None:
            yield fine(subject, (task.place,))
        else:
            said = {"task": task.text, "due": _due_on(task), "again": again.text, "year": again.list_year or "–"}
            yield finding("task_slipped", subject, (task.place, again.place), **said)


def task_open(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Point at tasks that were due, did not slip, and of whose outcome nothing is said."""
    made = [guideline.item for guideline in report.guidelines]
    titles = [event.title for event in report.events]
    often = _often(report)
    for task in _due(report):
        if _again(task, report, often, rule.numbers["alike_percent"]):
            continue
        named = [_covered(stems(title), stems(task.text), {}) for title in titles]
        told = any(about(item, task.text) for item in made) or max(named, default=0) >= rule.numbers["named_percent"]
        if told:
            yield fine((task.text,), (task.place,))
        else:
            yield finding("task_open", (task.text,), (task.place,), task=task.text, due=_due_on(task))


def _due(report: Report) -> list[Task]:
    """Tasks that were due by the end of the report's year and are not marked as done."""
    year = report.year or 0
    return [task for task in report.tasks if task.due_year and task.due_year <= year and not task.done]


def _due_on(task: Task) -> str:
    return f"{task.due_year}-{task.due_month:02d}" if task.due_month else str(task.due_year)


def _often(report: Report) -> Mapping[str, int]:
    """How many tasks use a word."""
    return Counter(stem for one in report.tasks for stem in stems(one.text))


def _again(task: Task, report: Report, often: Mapping[str, int], alike: int) -> Task | None:
    """Return the task of a later list that is most like this one, if it is like enough."""
    later = [one for one in report.tasks if one.list_year and task.due_year and one.list_year > task.due_year]
    best = max(later, key=lambda one: _likeness(task.text, one.text, often), default=None)
    return best if best and _likeness(task.text, best.text, often) >= alike else None


def _likeness(one: str, other: str, often: Mapping[str, int]) -> int:
    """Percent of the shorter text's words that the longer one has."""
    shorter, longer = sorted((stems(one), stems(other)), key=len)
    return _covered(shorter, longer, often)


def _covered(some: frozenset[str], others: frozenset[str], often: Mapping[str, int]) -> int:
    """Percent of some words that are among others; a word weighs the less the more often it is used."""
    weights = {stem: 1000 // max(often.get(stem, 1), 1) for stem in some}
    return 100 * sum(weights[stem] for stem in some & others) // max(sum(weights.values()), 1)


def members_counted(report: Report, rule: Rule) -> Iterator[Outcome]:
    """Count the members of a kind against the count that the text gives."""
    for said in report.member_counts if report.members else ():
        matching = [member.name for member in report.members if _is_a(member, said.kind)]
        kind: Said = Word(f"member_{said.kind.replace(' ', '_') or 'any'}") if said.kind in KINDS else said.kind
        subject, stands = (kind,), tuple(dict.fromkeys((said.place, *(member.place for member in report.members))))
        if said.count in {len(matching), *_nested(report.members, said.kind)}:
            yield fine(subject, stands)
        else:
            others = [member.name for member in report.members if not _is_a(member, said.kind)]
            yield finding(
                "members_miscounted", subject, stands,
                said=said.count, kind=kind, counted=len(matching), others=others,
            )  # fmt: skip


def _is_a(member: Member, kind: str) -> bool:
    return key(kind) in key(member.kind) or key(kind) in key(member.name)


def _nested(members: Sequence[Member], kind: str) -> tuple[int, ...]:
    """How many they are with the cities of a province in its place, and beside it."""
    within = sum(len(member.parts) for member in members)
    alone = sum(not member.parts for member in members)
    return {"": (alone + within, len(members) + within), "city": (alone + within,)}.get(kind, ())
