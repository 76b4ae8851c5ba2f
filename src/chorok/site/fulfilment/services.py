"""Inspecting what was delivered, with the certificate checked against the registry; undoing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from chorok.core.errors import UsageError
from chorok.core.screening.inspection import Checked, Delivered
from chorok.core.screening.workflow import AGREED
from chorok.ledger import inspected
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.fulfilment.models import HOLDING, Inspection
from chorok.site.notices.services import holders, tell
from chorok.site.screening import adoptions
from chorok.site.screening.desk import desk
from chorok.site.screening.models import Line, Request
from chorok.site.screening.screened import plain

INSPECT = "screenings.inspect"
OFFICER = "screenings.sign"


@dataclass(frozen=True)
class Seen:
    """What an inspector saw. `amount` in smallest units of the line's currency; `ordered_on`: the day that counts."""

    delivered_on: date
    proof: str
    certificate_no: str = ""
    ordered_on: date | None = None
    quantity: Decimal | None = None
    amount: int | None = None
    statement_no: str = ""
    note: str = ""


def look_up(
    number: str, day: date, *, product_id: str = "", item_group: str = "", detail_code: str = "",
    definition: str = "national",
) -> Checked:  # fmt: skip
    """Return what the registry says of a certificate number, a product or item group, and a day (rules 1.5)."""
    source = desk(definition).source
    return inspected.look_up(source.listed, source.judge, number, Delivered(day, product_id, item_group, detail_code))


def inspect(actor: Actor, *, pk: int, number: int, seen: Seen) -> Inspection:
    """Keep an inspection of a line. What does not pass becomes an open point and is told to who asked and the officer.

    Raises Http404 out of reach, UsageError inspection_state, inspection_day, inspection_number, inspection_note.
    """
    with transaction.atomic():
        request = Request.objects.select_for_update().filter(pk=pk, organisation__in=actor.reach(INSPECT)).first()
        line = request.lines.filter(number=number).first() if request else None
        if request is None or line is None:
            raise Http404
        _may_be(actor, request, seen)
        checked = _checked(line, request, seen)
        passed = checked.passed if checked else _noted(line, request, seen)
        made = Inspection.objects.create(
            line=line,
            delivered_on=seen.delivered_on,
            quantity=seen.quantity,
            amount=seen.amount,
            statement_no=seen.statement_no.strip(),
            proof=seen.proof,
            certificate_no=seen.certificate_no.strip() if checked else "",
            finding=checked.finding if checked else "",
            found=_found(checked, seen) if checked else {},
            registry=desk(adoptions.of_request(request).definition).source.registry.version if checked else 0,
            note=seen.note.strip(),
            passed=passed,
            by_id=actor.person,
            on=actor.today,
        )
        record(
            actor, "fulfilment.inspected", subject=("screening", request.pk), organisation=request.organisation,
            line=line.number, inspection=made.pk, proof=made.proof, finding=made.finding, passed=passed,
        )  # fmt: skip
        if not passed:
            _tell(actor, request, line)
    return made


def _may_be(actor: Actor, request: Request, seen: Seen) -> None:
    if request.state not in (*AGREED, "closed"):
        raise UsageError("inspection_state", state=request.state)
    day = seen.ordered_on or seen.delivered_on
    if not day <= seen.delivered_on <= actor.today:
        raise UsageError("inspection_day", day=seen.delivered_on.isoformat(), today=actor.today.isoformat())


def ordered_on(line: Line, seen: Seen) -> date:
    """Return the day on which the product was bought: as typed, as the ledger has it, or the delivery's."""
    matched = line.matches.filter(state__in=HOLDING).order_by("bought_on").first()
    return seen.ordered_on or (matched.bought_on if matched else seen.delivered_on)


def _checked(line: Line, request: Request, seen: Seen) -> Checked | None:
    if seen.proof != "certificate":
        return None
    if not seen.certificate_no.strip():
        raise UsageError("inspection_number")
    rule = adoptions.of_request(request)
    return look_up(
        seen.certificate_no,
        ordered_on(line, seen),
        product_id=line.product_id,
        item_group=line.item_group,
        detail_code=line.detail_code or line.found_detail,
        definition=rule.definition,
    )


def _noted(line: Line, request: Request, seen: Seen) -> bool:
    """Tell whether a note stands for certificates: only below the amount of the policy, and only with words."""
    if seen.proof != "note":
        return False
    policy = adoptions.of_request(request).policy
    amount = seen.amount if seen.amount is not None else line.amount
    small = policy.note_below is not None and line.currency == policy.currency
    if not small or amount is None or amount >= (policy.note_below or 0) or not seen.note.strip():
        raise UsageError("inspection_note", below=policy.note_below or 0)
    return True


def _found(checked: Checked, seen: Seen) -> dict[str, Any]:
    """Return what is kept of the registry's row; `ended` where it ran out between order and delivery (a remark)."""
    row = checked.of
    if row is None:
        return {}
    one = row.certificate
    ends = [day for day in (one.valid_until, one.revoked_on) if day is not None]
    kept: dict[str, Any] = plain(
        {
            "certificate_no": one.certificate_no,
            "basis": one.basis,
            "valid_from": one.valid_from,
            "valid_until": one.valid_until,
            "revoked_on": one.revoked_on,
            "product_id": row.product_id,
            "name": row.name,
            "ended": checked.passed and bool(ends) and min(ends) < seen.delivered_on,
        }
    )
    return kept


def _tell(actor: Actor, request: Request, line: Line) -> None:
    asked = {one for one in (request.requester_id, request.requester_for_id) if one}
    to = (asked | holders(OFFICER, [request.organisation], actor.today, actor.tree)) - {actor.user_id}
    tell(
        "site.fulfilment.notice.not_proved", to=[one for one in to if one], organisation=request.organisation,
        url=reverse("fulfilment:request", args=[request.pk]), number=request.number, title=request.title,
        line=line.number,
    )  # fmt: skip


def undo(actor: Actor, *, pk: int) -> Inspection:
    """Take an inspection back; it stays to be read. Raises Http404, UsageError inspection_undone."""
    with transaction.atomic():
        found = Inspection.objects.select_for_update().filter(pk=pk).first()
        if found is None or not actor.may(INSPECT, found.line.request.organisation):
            raise Http404
        if found.undone_at is not None:
            raise UsageError("inspection_undone")
        found.undone_at, found.undone_by_id = timezone.now(), actor.person
        found.save()
        record(
            actor, "fulfilment.inspection_undone", subject=("screening", found.line.request_id),
            organisation=found.line.request.organisation, line=found.line.number, inspection=found.pk,
        )  # fmt: skip
    return found
