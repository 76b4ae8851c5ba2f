"""What falls due for whom, as far as who asks may see it; noting that a duty was done, or that a question came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chorok.core.calendar import duties
from chorok.core.calendar.duties import Done, Duty, Question
from chorok.core.errors import UsageError
from chorok.ledger import kept
from chorok.ledger.desk import Desk
from chorok.site.accounts.rights import Actor
from chorok.site.audit.announcing import announced
from chorok.site.config.ledger import ledger
from chorok.site.periods import rules, selectors
from chorok.site.periods.signing import signature

STATES: dict[str, tuple[duties.State, ...]] = {
    "due": ("late", "due_soon", "open", "sent"),
    "late": ("late",),
    "done": ("done", "done_late"),
}
"""What the filter lets through, by its name."""


@dataclass(frozen=True)
class Shown:
    """A duty with the name of who owes it, and whether the actor may note it as done."""

    duty: Duty
    name: str
    may: bool


def due(actor: Actor, year: int, state: str = "", organisation: str = "") -> list[Shown]:
    """Return what falls due in a year for organisations in reach, the earliest first."""
    desk, reach = selectors.desk(), actor.reach(rules.SEE)
    inside = reach & desk.below(organisation, year) if organisation in reach else reach
    wanted, mine = STATES.get(state, duties.STATES), actor.reach(rules.SUBMIT)
    return [
        Shown(duty, desk.name(duty.organisation), duty.organisation in mine)
        for duty in desk.duties(year)
        if duty.organisation in inside and duty.state in wanted
    ]


def owed(actor: Actor, rule: str, organisation: str, period: str) -> tuple[Duty, Desk] | None:
    """Return one duty in reach; None for what does not exist. Raises UsageError as `Desk.meant`."""
    if organisation not in actor.reach(rules.SEE):
        return None
    desk = selectors.desk()
    return desk.meant(rule, organisation, period, ledger().today), desk


def note_done(actor: Actor, *, rule: str, organisation: str, period: str, on: date, note: str = "") -> Duty:
    """Note that a duty was done. Raises PermissionDenied, UsageError day_ahead and as `Desk.meant`."""
    held = rules.holding(actor, rules.SUBMIT, organisation)[0]
    _not_ahead(on)
    duty = selectors.desk().meant(rule, organisation, period, on)
    by = signature(actor, held)
    facts = {"subject": ("duty", f"{rule} {duty.period}"), "organisation": organisation}
    with announced(actor, "periods.duty_done", **facts, on=str(on)):  # type: ignore[arg-type]
        kept.add(ledger(), "done", Done(rule, organisation, duty.period, on, by, note))
    return duty


def note_question(actor: Actor, *, organisation: str, period: str, on: date, note: str = "") -> date:
    """Note that a question on a change of the results came in; return by when it is to be answered.

    Raises PermissionDenied, UsageError day_ahead, duty_none for organisations that answer none.
    """
    held = rules.holding(actor, rules.SUBMIT, organisation)[0]
    _not_ahead(on)
    rule = selectors.desk().asking(organisation)
    by = signature(actor, held)
    with announced(actor, "periods.question", subject=("question", period), organisation=organisation, on=str(on)):
        kept.add(ledger(), "questions", Question(organisation, period, on, by, note))
    return rule.due_after(on)


def _not_ahead(on: date) -> None:
    if on > ledger().today:
        raise UsageError("day_ahead", on=on, today=ledger().today)
