"""Who owes what by when, and how it stands: rules, organisations and what was noted, put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from chorok.core.calendar import NATIONAL, Rule, RuleSet
from chorok.core.organisations import Tree

State = Literal["late", "due_soon", "open", "sent", "done_late", "done"]
STATES: tuple[State, ...] = ("late", "due_soon", "open", "sent", "done_late", "done")
"""`sent`: on its way, not yet accepted; it is no longer the sender who is late."""

SOON = 30
"""Days before its due day from which an open duty is due soon."""


@dataclass(frozen=True)
class Choice:
    """Which rule sets hold for an organisation and all below it, beside the national one (`calendars.toml`)."""

    organisation: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """A duty noted as fulfilled (`done.toml`); the last note on a duty counts."""

    rule: str
    organisation: str
    period: str
    on: date
    by: str
    note: str = ""


@dataclass(frozen=True)
class Question:
    """A question that an organisation received on a change of its results (`questions.toml`)."""

    organisation: str
    period: str
    on: date
    by: str
    note: str = ""


@dataclass(frozen=True)
class Sent:
    """Figures of a period that were sent, from the closings; `accepted` also when final or reopened since."""

    organisation: str
    period: str
    on: date
    by: str
    accepted: bool


@dataclass(frozen=True)
class Events:
    """All that happened so far."""

    done: tuple[Done, ...] = ()
    questions: tuple[Question, ...] = ()
    sent: tuple[Sent, ...] = ()


@dataclass(frozen=True)
class Duty:
    """One thing that one organisation owes for one period, and how it stands."""

    rule: Rule
    organisation: str
    period: str
    due: date
    state: State = "open"
    done_on: date | None = None
    by: str = ""
    note: str = ""
    asked_on: date | None = None  # the question that it answers


def due(
    sets: Mapping[str, RuleSet],
    chosen: Iterable[Choice],
    tree: Tree,
    year: int,
    events: Events,
    today: date,
) -> list[Duty]:
    """Return all duties that fall due in a year, earliest first, with their state on a day.

    `sets` must have the national set and every one that is chosen. An organisation owes only what falls due while
    it exists, and is told by the kind that it has on that day.
    """
    choices = tuple(chosen)
    found = [
        duty
        for code in tree.codes()
        for name in sets_of(tree, code, choices)
        for duty in _owed(sets[name], code, tree, year, events.questions)
    ]
    standing = _Standing(events, today)
    return sorted(map(standing.of, found), key=lambda duty: (duty.due, duty.organisation, duty.rule.id))


def sets_of(tree: Tree, code: str, choices: Sequence[Choice]) -> list[str]:
    """Return the rule sets of an organisation: the national one, and the choice nearest up the tree."""
    own = {choice.organisation: choice.rules for choice in choices}
    nearest: tuple[str, ...] = next((own[at] for at in (code, *tree.ancestors(code)) if at in own), ())
    return list(dict.fromkeys((NATIONAL, *nearest)))


def _owed(found: RuleSet, code: str, tree: Tree, year: int, questions: Sequence[Question]) -> Iterator[Duty]:
    for rule in found.rules:
        fixed = rule.due_in(year)
        duties = (
            [Duty(rule, code, rule.period(year), fixed)]
            if fixed
            else [
                Duty(rule, code, question.period, rule.due_after(question.on), asked_on=question.on)
                for question in questions
                if question.organisation == code and rule.due_after(question.on).year == year
            ]
        )
        for duty in duties:
            place = tree.get(code, duty.due)
            if place and place.holds(duty.due) and place.kind in rule.kinds and found.holds(rule, duty.due):
                yield duty


class _Standing:
    """Finds how a duty stands: by the last note on it, else by the figures sent, else by the day."""

    def __init__(self, events: Events, today: date) -> None:
        self.today = today
        self.done: dict[tuple[str, str, str], list[Done]] = {}
        for done in events.done:
            self.done.setdefault((done.rule, done.organisation, done.period), []).append(done)
        self.sent = {(sent.organisation, sent.period): sent for sent in events.sent}

    def of(self, duty: Duty) -> Duty:
        done = None if duty.rule.closes else self._note(duty)  # figures are sent, not noted (rules 1.11)
        if done:
            return replace(duty, state=_fulfilled(duty, done.on), done_on=done.on, by=done.by, note=done.note)
        sent = self.sent.get((duty.organisation, duty.period)) if duty.rule.closes else None
        if sent:
            return replace(
                duty, state=_fulfilled(duty, sent.on) if sent.accepted else "sent", done_on=sent.on, by=sent.by
            )
        return replace(duty, state=self._waiting(duty))

    def _note(self, duty: Duty) -> Done | None:
        """The last note; a question is answered by a note of its day or later, so that a second one stays open."""
        notes = self.done.get((duty.rule.id, duty.organisation, duty.period), [])
        fitting = [note for note in notes if duty.asked_on is None or note.on >= duty.asked_on]
        return fitting[-1] if fitting else None

    def _waiting(self, duty: Duty) -> State:
        if duty.due < self.today:
            return "late"
        return "due_soon" if duty.due - self.today <= timedelta(days=SOON) else "open"


def _fulfilled(duty: Duty, on: date) -> State:
    return "done" if on <= duty.due else "done_late"
