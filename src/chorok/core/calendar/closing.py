"""The closing of a period: what state it is in, and which steps lead on (rules 1.11).

Nothing becomes final that was not accepted. A step is never undone: taking back is a step of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chorok.core.errors import UsageError

Verb = Literal["submit", "withdraw", "accept", "return", "finalise", "reopen"]
State = Literal["preliminary", "submitted", "accepted", "returned", "final"]
STATES: tuple[State, ...] = ("preliminary", "submitted", "accepted", "returned", "final")

LEADS: dict[tuple[State, Verb], State] = {
    ("preliminary", "submit"): "submitted",
    ("submitted", "withdraw"): "preliminary",
    ("submitted", "accept"): "accepted",
    ("submitted", "return"): "returned",
    ("returned", "submit"): "submitted",
    ("accepted", "return"): "returned",
    ("accepted", "finalise"): "final",
    ("final", "reopen"): "preliminary",
}
"""All steps that there are: (state, verb) -> state."""

NEED_REMARKS: tuple[Verb, ...] = ("return", "reopen")


@dataclass(frozen=True)
class Step:
    """One step of the closing of an organisation's period (`closings.toml`); steps are only ever added.

    `version` counts the times that figures were sent. What follows is said by a step that sends figures: what they
    were made from, and the SHA-256 of `figures.json` of that version.
    """

    organisation: str
    period: str
    verb: Verb
    version: int
    on: date
    by: str
    remarks: str = ""
    snapshot: int | None = None
    definition: str = ""
    basis: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Standing:
    """Where the closing of a period stands: its state, the last step, the last sending, and the one last accepted.

    A period that is reopened stays fulfilled: it was sent in time, and what comes now is a correction.
    """

    state: State = "preliminary"
    last: Step | None = None
    sent: Step | None = None
    fulfilled: Step | None = None

    @property
    def stands_as_sent(self) -> bool:
        """Tell whether figures are with the receiver: submitted, accepted or final."""
        return self.state in ("submitted", "accepted", "final")

    @property
    def next_verbs(self) -> tuple[Verb, ...]:
        """The steps that may follow."""
        return tuple(verb for state, verb in LEADS if state == self.state)

    def after(self, step: Step) -> Standing:
        """Return the standing after one more step. Raises UsageError for a step that may not follow."""
        reached = LEADS.get((self.state, step.verb))
        where = {"organisation": step.organisation, "period": step.period}
        if reached is None:
            raise UsageError(f"closing_step_{self.state}", **where, verb=step.verb, known=", ".join(self.next_verbs))
        if self.last and step.on < self.last.on:
            raise UsageError("closing_before_last", **where, on=step.on, last=self.last.on)
        if step.verb in NEED_REMARKS and not step.remarks.strip():
            raise UsageError("closing_remarks", verb=step.verb)
        if step.verb == "withdraw" and self.sent and step.by != self.sent.by:
            raise UsageError("closing_not_sender", by=step.by, sender=self.sent.by)
        sent = step if step.verb == "submit" else self.sent
        return Standing(reached, step, sent, self._fulfilled_by(step))

    def _fulfilled_by(self, step: Step) -> Step | None:
        if step.verb == "accept":
            return self.sent
        taken_back = step.verb == "return" and self.state == "accepted"
        return None if taken_back else self.fulfilled


def standing(steps: Iterable[Step]) -> Standing:
    """Return where a period stands after its steps, in the order in which they were taken. Raises UsageError."""
    found = Standing()
    for step in steps:
        found = found.after(step)
    return found
