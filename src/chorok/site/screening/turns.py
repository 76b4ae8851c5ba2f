"""Whose turn it is: what an actor may do on a request now, on which of its lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from chorok.core.screening.grounds import number_of
from chorok.core.screening.policy import Override
from chorok.core.screening.workflow import Case, Office, Stage, may_act, waits_for
from chorok.site.accounts.rights import Actor
from chorok.site.screening import adoptions, offices
from chorok.site.screening.models import Line, Request, Waiting

SIGN = "screenings.sign"


@dataclass(frozen=True)
class Turn:
    """A stage that a request waits at, and whether the actor may take it.

    `numbers`: the lines to be checked or signed; `emergencies`: those to be judged. `barred`: the actor holds the
    office there, but has acted on the request in another, or asked for it.
    """

    waiting: Waiting
    numbers: tuple[int, ...]
    emergencies: tuple[int, ...]
    may: bool
    barred: bool

    @property
    def stage(self) -> Stage:
        """What is owed."""
        return cast("Stage", self.waiting.stage)

    @property
    def office(self) -> Office:
        """The office that owes it."""
        return cast("Office", self.waiting.office)


@dataclass(frozen=True)
class Overriding:
    """That the actor may override a denial: as which office, of which lines, with how long a reason."""

    office: Office
    numbers: tuple[int, ...]
    least: int


def turns(actor: Actor, request: Request, case: Case) -> list[Turn]:
    """Return the stages that a request waits at, those that the actor may take first."""
    waits = waits_for(case)
    keys = [(one, (cast("Stage", one.stage), cast("Office", one.office))) for one in request.waiting.all()]
    found = [_turn(actor, case, one, waits.get(key, ())) for one, key in keys]
    return sorted(found, key=lambda one: (not one.may, one.waiting.due_on))


def _turn(actor: Actor, case: Case, waiting: Waiting, numbers: tuple[int, ...]) -> Turn:
    hand = offices.hand_at(actor, case, cast("Office", waiting.office), [waiting.place])
    free = hand is not None and may_act(case, hand)
    judged = {one.number for one in case.entries if one.line.decision.outcome == "record_afterwards"}
    at_end = waiting.stage == "cosign"
    return Turn(
        waiting,
        tuple(number for number in numbers if not (at_end and number in judged)),
        tuple(number for number in numbers if at_end and number in judged),
        free and actor.may(SIGN, waiting.place),
        hand is not None and not free,
    )


def override_of(request: Request) -> Override | None:
    """Return who may override a denied request under its policy; None when nobody may, or it is not denied."""
    return adoptions.of_request(request).policy.override if request.state == "rejected" else None


def overriding(actor: Actor, request: Request, case: Case) -> Overriding | None:
    """Return how the actor may override a denial; None when they may not."""
    rule = override_of(request)
    if rule is None:
        return None
    places = offices.upwards(actor.tree, request.organisation, actor.today)
    hand = offices.hand_at(actor, case, rule.role, places)
    if hand is None or not may_act(case, hand):
        return None
    denied = [one for one in case.entries if one.line.decision.outcome == "denied" and one.line.closed is None]
    return Overriding(rule.role, tuple(one.number for one in denied), rule.least_reason)


def same_case(request: Request, lines: list[Line], stage: str) -> str:
    """Return what makes two requests one case for acts in bulk (rules section 6).

    Stage, outcome, item group, ground, kind of evidence, and policy version of the lines that wait.
    """
    parts = {
        (line.outcome, line.item_group, str(number_of(line.ground) or line.ground), _evidence(line)) for line in lines
    }
    return "|".join([stage, request.policy_version, *sorted("/".join(part) for part in parts)])


def _evidence(line: Line) -> str:
    """Return what kinds of evidence a line comes with."""
    given = {
        "statement": bool(line.statement),
        "evidence": bool(line.evidence),
        "paper": bool(line.papers.all()),
        "difference": bool(line.difference),
        "proof": bool(line.proof),
    }
    return "+".join(name for name, there in given.items() if there)
