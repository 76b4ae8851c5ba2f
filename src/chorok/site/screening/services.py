"""The verbs of who asks: draft, edit, submit, split, swap, withdraw. Each is one step and one event of the audit."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from chorok.core.errors import UsageError
from chorok.core.screening import workflow
from chorok.core.screening.decide import PASSING
from chorok.core.screening.request import Bought, lapses
from chorok.core.screening.workflow import Edited, Hand
from chorok.site.accounts.rights import Actor
from chorok.site.screening import adoptions, offices, screened
from chorok.site.screening.cases import Act, case_of, light, persons
from chorok.site.screening.models import Line, Request
from chorok.site.screening.writing import (
    ASK,
    ASKED,
    MEANT,
    Header,
    Wanted,
    again,
    kept,
    locked,
    screen_lines,
)


def draft(actor: Actor, *, organisation: str, header: Header, lines: Sequence[Wanted]) -> Request:
    """Make a request, screened at once. Raises Http404 out of reach, BadInputError for one without lines."""
    if not actor.may(ASK, organisation):
        raise Http404
    hand = Hand("requester", persons(actor.person, _behalf(actor, organisation)))
    with transaction.atomic():
        request = Request(
            organisation=organisation,
            requester_id=actor.person,
            requester_for_id=offices.behalf_of(actor, hand),
            state="draft",
            screened_on=actor.today,
            created_at=timezone.now(),
            **vars(header),
        )
        made = [_line(one) for one in lines]
        rule = screen_lines(actor, request, made)
        return kept(actor, request, case_of(request, made), Act("draft", hand, edited=True), rule)


def _behalf(actor: Actor, organisation: str) -> int | None:
    """Return whom the actor asks for: nobody where an own role lets them ask."""
    above = {organisation, *actor.tree.ancestors(organisation, actor.today)}
    held = [one for one in actor.why(ASK) if one.organisation in above]
    return None if any(one.behalf is None for one in held) else next((one.behalf for one in held), None)


def _line(one: Wanted) -> Line:
    line = Line(pk=one.was) if one.was else Line()
    for name, value in one.values.items():
        if name not in ASKED:
            raise KeyError(name)
        setattr(line, name, value)
    return line


def _asker(actor: Actor, request: Request) -> Hand:
    """Return the hand of who asks: the requester, a colleague of the same organisation, or who stands in for one."""
    if not actor.may(ASK, request.organisation):
        raise Http404
    return Hand("requester", persons(actor.person, _behalf(actor, request.organisation)))


def edit(actor: Actor, *, pk: int, version: int, header: Header, lines: Sequence[Wanted]) -> Request:
    """Change a request; every line is screened again, and it is a draft until it is submitted.

    What was signed holds for lines that are as they were (rules D13). Raises as `workflow.edit`, BadInputError.
    """
    with transaction.atomic():
        request = locked(actor, pk, ASK)
        before, hand = light(request), _asker(actor, request)
        case, known = case_of(request, before), {line.pk: line for line in before}
        if any(one.was is not None and one.was not in known for one in lines):
            raise Http404
        workflow.edit(case, version, hand, [])  # whether it may be edited at all
        changed = [_changed(known, one) for one in lines]
        same = [_same(actor, request, known.get(line.pk or 0), line) for line in changed]
        for name, value in vars(header).items():
            setattr(request, name, value)
        rule = screen_lines(actor, request, changed)
        fresh = [Edited(screened.decision_of(line, request), was) for line, was in zip(changed, same, strict=True)]
        after = workflow.edit(case, version, hand, fresh)
        return kept(actor, request, after, Act("edit", hand, edited=True), rule)


def _changed(known: dict[int, Line], one: Wanted) -> Line:
    """Return a line with what is wanted now; what was signed stays on it until the workflow says otherwise."""
    if one.was is None:
        return _line(one)
    line = copy.copy(known[one.was])
    for name in ASKED:
        if name in one.values:
            setattr(line, name, one.values[name])
    return line


def _same(actor: Actor, request: Request, old: Line | None, new: Line) -> int | None:
    """Return the number that a line had, where what was signed still holds for it; else None."""
    if old is None or old.request_id != request.pk or any(getattr(old, name) != getattr(new, name) for name in MEANT):
        return None
    policy = adoptions.of_request(request).policy
    signed = old.closed_on or request.decided_on or request.screened_on
    why = lapses(policy, _bought(old), signed, _bought(new), actor.today)
    return None if why else old.number


def _bought(line: Line) -> Bought:
    return Bought(line.product_id or f"{line.description} {line.specification}", line.unit_price, line.quantity)


def submit(actor: Actor, *, pk: int, version: int) -> Request:
    """Hand a request in, screened again. Raises as `workflow.submit`; UsageError screening_not_adopted."""
    with transaction.atomic():
        request = locked(actor, pk, ASK)
        seen, hand = case_of(request), _asker(actor, request)
        workflow.submit(adoptions.of_request(request).policy, seen, version, hand)  # whether it may be at all
        rule, case = again(actor, request)
        if rule.adoption is None:
            raise UsageError("screening_not_adopted", organisation=request.organisation)
        after = workflow.submit(rule.policy, case, case.version, hand)
        return kept(actor, request, after, Act("submit", hand, edited=True), rule)


def withdraw(actor: Actor, *, pk: int, version: int, reason: str = "") -> Request:
    """Take a request back. Raises as `workflow.withdraw`."""
    with transaction.atomic():
        request = locked(actor, pk, ASK)
        hand = _asker(actor, request)
        after = workflow.withdraw(case_of(request), version, hand)
        return kept(actor, request, after, Act("withdraw", hand, reason), adoptions.of_request(request))


def split(actor: Actor, *, pk: int, version: int) -> tuple[Request, Request]:
    """Split off the lines that pass; return the request of these, and the one that keeps the others.

    Raises as `workflow.split`; UsageError screening_not_adopted.
    """
    with transaction.atomic():
        request = locked(actor, pk, ASK)
        hand, rule = _asker(actor, request), adoptions.of_request(request)
        if rule.adoption is None:
            raise UsageError("screening_not_adopted", organisation=request.organisation)
        passed, rest = workflow.split(case_of(request), version, hand)
        apart = [line for line in request.lines.all() if line.outcome in PASSING]
        made = _copy(request)
        for places, owner in ((apart, made), (request.lines.exclude(pk__in=[one.pk for one in apart]), request)):
            for number, line in enumerate(places, 1):
                line.request, line.number = owner, number
                line.save()
        _sum(made)
        kept(actor, made, passed, Act("split_off", hand, edited=True), rule, of=request.pk)
        _sum(request)
        kept(actor, request, rest, Act("split", hand, edited=True), rule, into=made.pk)
        return made, request


def _copy(request: Request) -> Request:
    """Return a new request with the same heading, split from another."""
    made = Request.objects.get(pk=request.pk)
    made.pk, made.split_from, made.state, made.version = None, request, "draft", 1
    made.submitted_at, made.created_at = None, timezone.now()
    made._state.adding = True
    made.save()
    return made


def _sum(request: Request) -> None:
    request.amount = sum(line.amount or 0 for line in request.lines.all())


def swap(actor: Actor, *, pk: int, version: int, number: int, alternative: int) -> Request:
    """Take an alternative for a line, with its price where it is known; what was asked for is kept beside it.

    Raises Http404 for an alternative that there is not, and as `edit`.
    """
    request = Request.objects.filter(pk=pk, organisation__in=actor.reach(ASK)).first()
    line = request.lines.filter(number=number).first() if request else None
    if request is None or line is None or not 0 <= alternative < len(line.alternatives):
        raise Http404
    chosen = line.alternatives[alternative]
    lines = [Wanted(_swapped(one, chosen) if one.pk == line.pk else {}, one.pk) for one in request.lines.all()]
    return edit(actor, pk=pk, version=version, header=header_of(request), lines=lines)


def header_of(request: Request) -> Header:
    """Return what a request says about itself."""
    return Header(**{name: getattr(request, name) for name in Header.__dataclass_fields__})


def _swapped(line: Line, chosen: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "description", "specification", "product_id", "class_code", "detail_code", "supplier_no", "supplier_name",
        "unit_price", "amount", "ground", "statement", "evidence", "difference", "proof",
    )  # fmt: skip
    price = chosen["price"] if chosen.get("currency") in (line.currency, None) else None
    return {
        "description": chosen["product_name"] or line.description,
        "specification": chosen["model"] or "",
        "product_id": chosen["product_id"] or "",
        "class_code": "",
        "detail_code": "",
        "supplier_no": "",
        "supplier_name": chosen["maker"] or "",
        "unit_price": price if price is not None else line.unit_price,
        "amount": _times(line.quantity, price) or line.amount,
        "ground": "", "statement": "", "evidence": "", "difference": "", "proof": "",
        "swapped_from": line.swapped_from or {name: screened.plain(getattr(line, name)) for name in kept},
    }  # fmt: skip


def _times(quantity: Decimal | None, price: int | None) -> int | None:
    """Return an amount where it is whole."""
    if quantity is None or price is None or (quantity * price) % 1:
        return None
    return int(quantity * price)
