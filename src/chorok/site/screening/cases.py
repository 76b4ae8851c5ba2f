"""A request of the database as the workflow sees it, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.utils import timezone

from chorok.core.screening.policy import Role
from chorok.core.screening.request import Closed, Closing
from chorok.core.screening.request import Line as SignedLine
from chorok.core.screening.workflow import AGREED, Case, Entry, Hand, Office, Stage, State, waits_for
from chorok.site.accounts.rights import Actor
from chorok.site.screening.adoptions import due_on
from chorok.site.screening.models import Line, Request, Step, Waiting
from chorok.site.screening.offices import barred, behalf_of, nearest
from chorok.site.screening.screened import decision_of


@dataclass(frozen=True)
class Act:
    """What somebody does: kept as a step, in the audit, and on the lines that it closes."""

    verb: str
    hand: Hand
    remark: str = ""
    stage: str = ""
    numbers: tuple[int, ...] = ()
    edited: bool = False  # its lines are kept with the step


NOBODY: frozenset[str] = frozenset()
"""The persons of a hand by which the system acts: it keeps nobody from acting."""


AFTER_STEP: list[Callable[[Request, Step], None]] = []
"""What other apps do after each step, in its transaction; they put themselves here when Django starts."""


def light(request: Request) -> list[Line]:
    """Return the lines of a request as acts need them: alternatives and evidence, most of their bulk, stay unread."""
    return list(request.lines.defer("alternatives", "search"))


def case_of(request: Request, lines: Iterable[Line] | None = None) -> Case:
    """Return a request as the workflow sees it; `lines`: its lines, where they were read already."""
    entries = tuple(_entry(line, request) for line in (light(request) if lines is None else lines))
    return Case(cast("State", request.state), request.version, entries, _hands(request))


def _entry(line: Line, request: Request) -> Entry:
    decision = decision_of(line, request)
    closed = None
    if line.closed_how:
        by = ",".join(str(one) for one in (line.closed_by_id, line.closed_for_id) if one is not None)
        how, office = cast("Closing", line.closed_how), cast("Role", line.closed_office)
        closed = Closed(how, cast("Any", line.closed_finding), by, office, line.closed_reason)
    return Entry(SignedLine(line.number, decision, closed), tuple(cast("list[Stage]", line.checked)))


def _hands(request: Request) -> tuple[Hand, ...]:
    """Return all who have had a hand in a request, the requester first."""
    asked = Hand("requester", persons(request.requester_id, request.requester_for_id))
    steps = request.steps.exclude(office="").values_list("office", "by_id", "behalf_id")
    acted = (Hand(cast("Office", office), persons(by, behalf)) for office, by, behalf in steps)
    return tuple(dict.fromkeys((asked, *(hand for hand in acted if hand.persons))))


def persons(*ids: int | None) -> frozenset[str]:
    """Return ids of people as the workflow names them; somebody who was erased is nobody."""
    return frozenset(str(one) for one in ids if one is not None)


def keep(actor: Actor, request: Request, case: Case, act: Act, due_days: int) -> Step:
    """Write a case back onto its request, with the step that led there and for whom it now waits.

    The lines of the request are those of the case, in order; the caller has saved what is asked for in them.
    """
    before, now = request.state, timezone.now()
    request.state, request.version = case.state, case.version
    _stamp(request, before, now, actor.today)
    request.save()
    behalf, lines = behalf_of(actor, act.hand), light(request)
    for line, entry in zip(lines, case.entries, strict=True):
        _sign(line, entry, actor, behalf, now)
    step = Step.objects.create(
        request=request,
        verb=act.verb,
        office=act.hand.office,
        stage=act.stage,
        by_id=actor.user_id if act.hand.persons else None,
        behalf_id=behalf,
        at=now,
        on=actor.today,
        version=case.version,
        before=before,
        after=case.state,
        remark=act.remark,
        numbers=list(act.numbers),
        lines=_told(lines) if act.edited else [],
    )
    wait(actor, request, case, due_days)
    return step


def _stamp(request: Request, before: str, now: datetime, today: date) -> None:
    """Note when a request was handed in, decided and ended."""
    if request.state == "draft":
        request.decided_at = request.decided_on = None
    elif before == "draft":
        request.submitted_at = now
    if request.state in (*AGREED, "refused") and before != request.state:
        request.decided_at, request.decided_on = now, today
    if request.state in ("withdrawn", "closed", "recorded"):
        request.ended_at = now


def _sign(line: Line, entry: Entry, actor: Actor, behalf: int | None, now: datetime) -> None:
    closed, checked = entry.line.closed, list(entry.checked)
    if line.checked == checked and line.closed_how == (closed.how if closed else ""):
        return
    line.checked = checked
    if closed is None:
        line.unsign()
    elif not line.closed_how:
        line.closed_how, line.closed_finding, line.closed_office = closed.how, closed.finding, closed.role
        line.closed_by_id, line.closed_for_id, line.closed_reason = actor.user_id, behalf, closed.reason
        line.closed_at, line.closed_on = now, actor.today
    line.save()


def _told(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return what the lines say now, short: what a step keeps of them."""
    return [
        {
            "id": line.pk,
            "number": line.number,
            "what": line.description or line.product_id or line.item_hint,
            "specification": line.specification,
            "product_id": line.product_id,
            "quantity": None if line.quantity is None else str(line.quantity.normalize()),
            "unit": line.unit,
            "amount": line.amount,
            "currency": line.currency,
            "rule": line.rule,
            "outcome": line.outcome,
            "ground": line.ground,
            "statement": line.statement,
        }
        for line in lines
    ]


def wait(actor: Actor, request: Request, case: Case, due_days: int) -> None:
    """Keep for whom a request waits: what waited already keeps its place and its due day."""
    wanted = waits_for(case)
    there = {(one.stage, one.office): one for one in request.waiting.all()}
    for key, one in there.items():
        if key not in wanted:
            one.delete()
    for stage, office in wanted:
        if (stage, office) not in there:
            Waiting.objects.create(
                request=request,
                stage=stage,
                office=office,
                place=nearest(actor.tree, request.organisation, actor.today, office, barred(case, office)),
                since=timezone.now(),
                due_on=due_on(actor.today, due_days),
            )
