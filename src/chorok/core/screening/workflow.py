"""A request on its way: what may be done in which state, by whom, and where it then stands (rules section 6).

Pure. Whoever acts names the version that they saw; whoever has acted in one role acts in no other. A request reaches
an end only when no line is open, whatever the order of acts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from chorok.core.errors import UsageError
from chorok.core.screening.decide import Decision
from chorok.core.screening.policy import Policy, Role
from chorok.core.screening.request import CLOSES, Closed, Closing, Line, standing

State = Literal[
    "draft",
    "returned",
    "rejected",
    "awaiting",
    "passed",
    "approved",
    "overridden",
    "recorded",
    "refused",
    "withdrawn",
    "closed",
]
STATES: tuple[State, ...] = get_args(State)
Stage = Literal["accounting_check", "officer_review", "officer_proof", "cosign"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""What offices owe a line, in the order in which they are asked."""
Office = Role | Literal["requester", "accounting_officer"]

AGREED: frozenset[State] = frozenset({"passed", "approved", "overridden", "recorded"})
"""What may be bought (or, in an emergency, was): no line is open."""
ENDED: frozenset[State] = frozenset({"withdrawn", "closed", "recorded"})
"""What can no longer be edited."""
OWED_BY_PURCHASER = frozenset({"ground_5", "statement", "evidence"})
"""What an emergency needs before anybody can sign it."""
CHECKERS: dict[Stage, Office] = {
    "accounting_check": "accounting_officer",
    "officer_review": "green_purchase_officer",
    "officer_proof": "green_purchase_officer",
}
"""The office that takes each stage before the co-sign."""


@dataclass(frozen=True)
class Hand:
    """Who acts: in which office, and all persons in it, the one and whom the one stands in for."""

    office: Office
    persons: frozenset[str]


@dataclass(frozen=True)
class Entry:
    """A line of a case and the stages that it has passed before its co-sign."""

    line: Line
    checked: tuple[Stage, ...] = ()

    @property
    def number(self) -> int:
        """The line's number."""
        return self.line.number


@dataclass(frozen=True)
class Case:
    """A request: where it stands, what its lines are, and who has had a hand in it. `version` grows with each edit."""

    state: State
    version: int
    entries: tuple[Entry, ...]
    hands: tuple[Hand, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its lines."""
        return tuple(entry.number for entry in self.entries)


def drafted(decisions: Sequence[Decision], requester: Hand) -> Case:
    """Return a new request with its lines as they were screened, numbered from 1."""
    entries = tuple(Entry(Line(number, decision)) for number, decision in enumerate(decisions, 1))
    return Case("draft", 1, entries, (requester,))


def stage_of(entry: Entry) -> Stage | None:
    """Return what the line waits for: the first stage that it needs and has not passed; None when nothing does."""
    if entry.line.closed is not None or entry.line.decision.outcome not in ("needs_cosign", "record_afterwards"):
        return None
    needed = {said.code for said in entry.line.decision.needs}
    return next((stage for stage in STAGES if stage in needed and stage not in entry.checked), None)


def office_of(entry: Entry, stage: Stage) -> Office | None:
    """Return the office that a stage of a line is for."""
    return entry.line.decision.cosigner if stage == "cosign" else CHECKERS[stage]


def waits_for(case: Case) -> dict[tuple[Stage, Office], tuple[int, ...]]:
    """Return (stage, office) -> the numbers of the lines that wait for it; empty unless the request awaits anybody."""
    found: dict[tuple[Stage, Office], tuple[int, ...]] = {}
    for entry in case.entries if case.state == "awaiting" else ():
        stage = stage_of(entry)
        office = office_of(entry, stage) if stage else None
        if stage and office:
            found[stage, office] = (*found.get((stage, office), ()), entry.number)
    return found


def settled(policy: Policy, entries: Sequence[Entry]) -> State:
    """Return where a submitted request stands by its lines: where the worst of them does."""
    stands = standing(policy, [entry.line for entry in entries]).state
    if stands == "record_afterwards" and any(_owed(entry) for entry in entries):
        return "returned"
    return _SETTLED[stands]


_SETTLED: dict[str, State] = {
    "passed": "passed",
    "denied": "rejected",
    "returned_to_split": "returned",
    "cannot_tell": "returned",
    "needs_statement": "returned",
    "record_afterwards": "awaiting",
    "needs_cosign": "awaiting",
    "refused": "refused",
    "recorded_not_justified": "recorded",
    "recorded_justified": "recorded",
    "approved_by_override": "overridden",
    "approved": "approved",
}


def _owed(entry: Entry) -> bool:
    decision = entry.line.decision
    owed = OWED_BY_PURCHASER & {said.code for said in decision.needs}
    return entry.line.closed is None and decision.outcome == "record_afterwards" and bool(owed)


@dataclass(frozen=True)
class Edited:
    """A line as it is now; `was`: the number that it had, where nothing of it changed that an approval rests on."""

    decision: Decision
    was: int | None = None


def edit(case: Case, version: int, by: Hand, lines: Sequence[Edited]) -> Case:
    """Return the request with other lines, a draft again. What was signed holds for lines that are as they were.

    Raises UsageError screening_state, screening_moved_on, screening_twice.
    """
    _may(case, version, by, "edit", frozenset(STATES) - ENDED)
    before = {entry.number: entry for entry in case.entries}
    entries = tuple(_carried(number, line, before.get(line.was or 0)) for number, line in enumerate(lines, 1))
    return replace(_touched(case, by), state="draft", version=case.version + 1, entries=entries)


def _carried(number: int, line: Edited, old: Entry | None) -> Entry:
    fresh = Line(number, line.decision)
    if old is None or not _same(old.line.decision, line.decision):
        return Entry(fresh)
    return Entry(replace(fresh, closed=old.line.closed), old.checked)


def _same(one: Decision, other: Decision) -> bool:
    """Tell whether two decisions ask the same of the same people: what was signed for one holds for the other."""
    alike = all(getattr(one, name) == getattr(other, name) for name in ("rule", "outcome", "cosigner", "policy"))
    return alike and {said.code for said in one.needs} == {said.code for said in other.needs}


def rescreened(policy: Policy, case: Case, decisions: Sequence[Decision]) -> Case:
    """Return the request with its lines screened again.

    Where a decision changed it is a new version, without what was signed for that line, and stands where it then does.
    """
    pairs = list(zip(case.entries, decisions, strict=True))
    if all(_same(entry.line.decision, decision) for entry, decision in pairs):
        return replace(case, entries=tuple(_with(entry, decision) for entry, decision in pairs))
    entries = tuple(_carried(entry.number, Edited(decision, entry.number), entry) for entry, decision in pairs)
    state = case.state if case.state in ("draft", "returned") else settled(policy, entries)
    return replace(case, state=state, version=case.version + 1, entries=entries)


def _with(entry: Entry, decision: Decision) -> Entry:
    return replace(entry, line=replace(entry.line, decision=decision))


def submit(policy: Policy, case: Case, version: int, by: Hand) -> Case:
    """Hand the request in. Raises UsageError screening_empty, and as `edit`."""
    _may(case, version, by, "submit", {"draft"})
    if not case.entries:
        raise UsageError("screening_empty")
    return replace(_touched(case, by), state=settled(policy, case.entries))


def check(policy: Policy, case: Case, version: int, by: Hand, stage: Stage, numbers: Collection[int]) -> Case:
    """Pass lines on from a stage before the co-sign. Raises UsageError screening_stage, and as `edit`."""
    _may(case, version, by, "check", {"awaiting"})
    for entry in _named(case, numbers):
        if stage == "cosign" or stage_of(entry) != stage or office_of(entry, stage) != by.office:
            raise UsageError("screening_stage", line=entry.number, stage=stage)
    entries = tuple(
        replace(entry, checked=(*entry.checked, stage)) if entry.number in numbers else entry for entry in case.entries
    )
    return replace(_touched(case, by), entries=entries, state=settled(policy, entries))


def close(
    policy: Policy, case: Case, version: int, by: Hand, how: Closing, numbers: Collection[int], reason: str = ""
) -> Case:
    """Sign, refuse, override or judge lines. A refusal, an override and 'not justified' need a reason.

    Raises UsageError screening_stage, screening_reason, those of `request.state`, and as `edit`.
    """
    _may(case, version, by, how, {"rejected"} if how == "overridden" else {"awaiting"})
    if how in ("refused", "not_justified", "overridden") and not reason.strip():
        raise UsageError("screening_reason", verb=how)
    for entry in _named(case, numbers):
        waiting = "denied" if how == "overridden" else "cosign"
        there = entry.line.decision.outcome if how == "overridden" else stage_of(entry)
        if there != waiting or entry.line.closed is not None:
            raise UsageError("screening_stage", line=entry.number, stage=waiting)
    entries = tuple(_closed(entry, how, by, reason) if entry.number in numbers else entry for entry in case.entries)
    return replace(_touched(case, by), entries=entries, state=settled(policy, entries))


def _closed(entry: Entry, how: Closing, by: Hand, reason: str) -> Entry:
    if by.office == "requester" or by.office == "accounting_officer":  # noqa: PLR1714 - the type is narrowed so
        raise UsageError("closing_wrong_role", line=entry.number, role=by.office, wanted=entry.line.decision.cosigner)
    act = Closed(how, CLOSES[how][0], ",".join(sorted(by.persons)), by.office, reason)
    return replace(entry, line=replace(entry.line, closed=act))


def send_back(case: Case, version: int, by: Hand, reason: str) -> Case:
    """Return the request to who asked, with a reason. Only an office that it waits for may.

    Raises UsageError screening_reason, screening_stage, and as `edit`.
    """
    _may(case, version, by, "send_back", {"awaiting"})
    if not reason.strip():
        raise UsageError("screening_reason", verb="send_back")
    if by.office not in {office for _, office in waits_for(case)}:
        raise UsageError("screening_stage", line=0, stage="send_back")
    return replace(_touched(case, by), state="returned")


def withdraw(case: Case, version: int, by: Hand) -> Case:
    """Take the request back. Raises UsageError as `edit`."""
    _may(case, version, by, "withdraw", frozenset(STATES) - ENDED)
    return replace(_touched(case, by), state="withdrawn")


def finish(case: Case) -> Case:
    """Close a request that was agreed to and bought. Raises UsageError screening_state."""
    _in_state(case, "finish", AGREED)
    return replace(case, state="closed")


def split(case: Case, version: int, by: Hand) -> tuple[Case, Case]:
    """Split off the lines that pass as they are: return the request of these, agreed to, and that of the others.

    Raises UsageError screening_split when that leaves one of the two without lines, and as `edit`.
    """
    _may(case, version, by, "split", {"draft", "returned", "rejected", "awaiting", "refused"})
    passing = [entry for entry in case.entries if not entry.line.decision.blocking]
    others = [entry for entry in case.entries if entry.line.decision.blocking]
    if not passing or not others:
        raise UsageError("screening_split", passed=len(passing), others=len(others))
    requester = Hand("requester", by.persons | case.hands[0].persons)
    return (
        Case("passed", 1, _numbered(passing), (requester,)),
        replace(_touched(case, by), version=case.version + 1, entries=_numbered(others)),
    )


def _numbered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(replace(one, line=replace(one.line, number=number)) for number, one in enumerate(entries, 1))


def may_act(case: Case, by: Hand) -> bool:
    """Tell whether nobody of a hand has acted on the request in another office (rules section 6)."""
    return not any(hand.office != by.office and hand.persons & by.persons for hand in case.hands)


def _may(case: Case, version: int, by: Hand, verb: str, states: Collection[State]) -> None:
    if version != case.version:
        raise UsageError("screening_moved_on", seen=version, now=case.version)
    _in_state(case, verb, states)
    if not may_act(case, by):
        raise UsageError("screening_twice", office=by.office)
    if (verb in _REQUESTERS) != (by.office == "requester"):
        raise UsageError("screening_office", office=by.office, verb=verb)


_REQUESTERS = frozenset({"edit", "submit", "withdraw", "split"})


def _in_state(case: Case, verb: str, states: Collection[State]) -> None:
    if case.state not in states:
        raise UsageError("screening_state", verb=verb, state=case.state)


def _named(case: Case, numbers: Collection[int]) -> list[Entry]:
    """Return the named lines. Raises UsageError screening_line for none, or one that is not there."""
    missing = set(numbers) - set(case.numbers)
    if missing or not numbers:
        raise UsageError("screening_line", lines=", ".join(map(str, sorted(missing))) or "–")
    return [entry for entry in case.entries if entry.number in numbers]


def _touched(case: Case, by: Hand) -> Case:
    """Return the case with a hand in it."""
    return case if by in case.hands else replace(case, hands=(*case.hands, by))
