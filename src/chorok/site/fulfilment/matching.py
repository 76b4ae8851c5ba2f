"""Purchases that followed are matched with lines of agreed requests; a person decides where several fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404

from chorok.core.errors import UsageError
from chorok.core.screening.fulfilment import Agreed, Matching, Pair, Purchase, differences, match_parts, rest
from chorok.core.screening.workflow import AGREED
from chorok.ledger import followed
from chorok.ledger.followed import Stretch
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import locked, record
from chorok.site.config import ledger as site
from chorok.site.fulfilment.models import HOLDING, Match, Settled
from chorok.site.fulfilment.parts import NOT_BOUGHT, agreed_of, held_of, left_of
from chorok.site.screening import adoptions, signing
from chorok.site.screening.models import Line, Request
from chorok.site.screening.screened import plain

DECIDE = "screenings.inspect"


@dataclass(frozen=True)
class Result:
    """What a run found: pairs that are sure, lines with a choice, requests that it closed, purchases that went."""

    sure: int = 0
    open: int = 0
    closed: int = 0
    gone: int = 0


def run(actor: Actor) -> Result:
    """Match all agreed requests with the newest published state; the same again changes nothing."""
    if not site.is_published():
        return Result()
    with transaction.atomic():
        locked()  # one run at a time
        gone = _forget_gone()
        lines = list(_waiting())
        agreed = [_agreed(actor, line) for line in lines]
        purchases = _purchases(lines, agreed)
        held = {line.pk: held_of(line) for line in lines}
        found = match_parts(
            agreed,
            [followed.read(row) for row in purchases.values()],
            held,
            set(Match.objects.filter(state="apart").values_list("line_id", "purchase")),
        )
        _keep(lines, agreed, held, purchases, found)
        closed = _close(actor, {line.request_id for line in lines})
        result = Result(len(found.sure), len({one.agreed for one in found.open}), closed, gone)
        if found.sure or closed or gone:
            record(
                actor, "fulfilment.matched", subject=("snapshot", site.published().snapshot.number), organisation="",
                **vars(result),
            )  # fmt: skip
    return result


def _waiting() -> Iterable[Line]:
    """Return the lines that may be bought and of which somebody may still buy something."""
    may_be = Line.objects.filter(request__state__in=AGREED, settled=None).exclude(outcome__in=NOT_BOUGHT)
    return may_be.select_related("request__adoption").prefetch_related("matches").order_by("pk")


def _agreed(actor: Actor, line: Line) -> Agreed:
    code = line.request.organisation
    return agreed_of(line, {code} | actor.tree.subtree(code, actor.today))


def _purchases(lines: list[Line], agreed: list[Agreed]) -> dict[int, dict[str, Any]]:
    """Return the purchases within reach of lines that no line has yet, by number."""
    taken = set(Match.objects.filter(state__in=HOLDING).values_list("purchase", flat=True))
    found: dict[int, dict[str, Any]] = {}
    by_definition: dict[str, set[Stretch]] = {}
    for line, one in zip(lines, agreed, strict=True):
        definition = adoptions.of_request(line.request).definition
        stretch = Stretch(one.places, one.since, one.until + timedelta(days=1))
        by_definition.setdefault(definition, set()).add(stretch)
    for definition, stretches in sorted(by_definition.items()):
        rows = followed.purchases(site.published(), sorted(stretches, key=repr), definition)
        found |= {row["line_id"]: row for row in rows if row["line_id"] not in taken}
    return found


def _keep(
    lines: list[Line], agreed: list[Agreed], held: dict[int, list[Purchase]], purchases: dict[int, dict[str, Any]],
    found: Matching,
) -> None:  # fmt: skip
    Match.objects.filter(state="proposed", line__in=lines).delete()
    by_number = {one.number: (line, one) for line, one in zip(lines, agreed, strict=True)}
    bought = {line: list(each) for line, each in held.items()}
    for one in found.sure:
        bought[one.agreed].append(followed.read(purchases[one.purchase]))
    for state, pairs in (("sure", found.sure), ("proposed", found.open)):
        made = []
        for one in pairs:
            line, whole = by_number[one.agreed]
            others = [each for each in bought[one.agreed] if each.number != one.purchase]
            made.append(_match(line, rest(whole, others) or whole, purchases[one.purchase], one, state))
        Match.objects.bulk_create(made, 200)


def _match(line: Line, agreed: Agreed, row: dict[str, Any], one: Pair, state: str) -> Match:
    policy = adoptions.of_request(line.request).policy
    purchase = followed.read(row)
    said = differences(policy, agreed, purchase)
    return Match(
        line=line,
        purchase=one.purchase,
        state=state,
        score=one.score,
        signs=list(one.signs),
        differences=[{"code": each.code, "params": plain(dict(each.params))} for each in said],
        bought=plain({name: row[name] for name in KEPT}),
        amount=row["amount"],
        currency=row["currency"],
        bought_on=row["bought_on"],
        snapshot=site.published().snapshot.number,
    )


KEPT = (
    "place", "department", "supplier_name", "product_id", "description", "specification", "quantity", "unit", "state",
    "item_group", "source_key", "source_line",
)  # fmt: skip


def _forget_gone() -> int:
    """Let go of purchases that are no longer in the ledger; those of closed requests stay, marked as gone."""
    held = list(Match.objects.exclude(state="apart").select_related("line__request"))
    still = followed.there(site.published(), {one.purchase for one in held}) if held else set()
    gone = [one for one in held if one.purchase not in still and not one.bought.get("gone")]
    for one in gone:
        if one.line.request.state == "closed":
            one.bought = {**one.bought, "gone": True}
            one.save()
        else:
            one.delete()
    return len(gone)


def _close(actor: Actor, requests: Iterable[int]) -> int:
    """Close the requests of which nothing is left to be bought of any line that is bought at all."""
    closed = 0
    for request in Request.objects.select_for_update().filter(pk__in=list(requests), state__in=AGREED).order_by("pk"):
        bought = request.lines.exclude(outcome__in=NOT_BOUGHT).select_related("request__adoption", "settled")
        lines = list(bought.prefetch_related("matches"))
        if lines and all(left_of(line) is None for line in lines):
            signing.finish(actor, request)
            closed += 1
    return closed


def choose(actor: Actor, *, pk: int) -> Match:
    """Take a proposed purchase as the one of its line. Raises Http404, UsageError match_taken."""
    with transaction.atomic():
        locked()
        one = _in_reach(actor, pk)
        taken = Match.objects.filter(state__in=HOLDING, purchase=one.purchase).exists()
        if one.state != "proposed" or taken or left_of(one.line) is None:
            raise UsageError("match_taken")
        one.state, one.by_id = "chosen", actor.person
        one.save()
        if left_of(one.line) is None:
            Match.objects.filter(state="proposed", line=one.line).delete()
        Match.objects.filter(state="proposed", purchase=one.purchase).delete()
        _record(actor, "fulfilment.chosen", one)
        _close(actor, {one.line.request_id})
    return one


def settle(actor: Actor, *, pk: int, number: int, reason: str) -> Settled:
    """Say that nothing more of a line is bought; a request of which nothing else is left is closed.

    Raises Http404, UsageError settle_reason, settle_state where nothing is left, or the request is not open.
    """
    with transaction.atomic():
        locked()
        line = _line_in_reach(actor, pk, number)
        if not reason.strip():
            raise UsageError("settle_reason")
        if line.request.state not in AGREED or left_of(line) is None:
            raise UsageError("settle_state", line=number)
        made = Settled.objects.create(line=line, reason=reason.strip(), by_id=actor.person, on=actor.today)
        Match.objects.filter(state="proposed", line=line).delete()
        _record_of(actor, "fulfilment.settled", line)
        _close(actor, {line.request_id})
    return made


def unsettle(actor: Actor, *, pk: int, number: int) -> Line:
    """Take back that nothing more of a line is bought. Raises Http404, UsageError settle_state."""
    with transaction.atomic():
        locked()
        line = _line_in_reach(actor, pk, number)
        if line.request.state not in AGREED or not hasattr(line, "settled"):
            raise UsageError("settle_state", line=number)
        line.settled.delete()
        _record_of(actor, "fulfilment.unsettled", line)
    return line


def _line_in_reach(actor: Actor, pk: int, number: int) -> Line:
    request = Request.objects.select_for_update().filter(pk=pk, organisation__in=actor.reach(DECIDE)).first()
    line = request.lines.filter(number=number).first() if request else None
    if line is None:
        raise Http404
    return line


def part(actor: Actor, *, pk: int) -> Match:
    """Say that a purchase does not belong to a line; the rule does not bring the two together again.

    Raises Http404, UsageError match_closed for a request that is closed.
    """
    with transaction.atomic():
        locked()
        one = _in_reach(actor, pk)
        if one.line.request.state == "closed" or one.state == "apart":
            raise UsageError("match_closed", state=one.line.request.state)
        one.state, one.by_id = "apart", actor.person
        one.save()
        _record(actor, "fulfilment.parted", one)
    return one


def join(actor: Actor, *, pk: int) -> Match:
    """Take back that a purchase does not belong to a line. Raises Http404, UsageError match_taken."""
    with transaction.atomic():
        locked()
        one = _in_reach(actor, pk)
        if one.state != "apart" or Match.objects.filter(state__in=HOLDING, purchase=one.purchase).exists():
            raise UsageError("match_taken")
        one.state, one.by_id = "proposed", actor.person
        one.save()
        _record(actor, "fulfilment.joined", one)
    return one


def _in_reach(actor: Actor, pk: int) -> Match:
    found = Match.objects.select_for_update(of=("self",)).select_related("line__request").filter(pk=pk).first()
    if found is None or not actor.may(DECIDE, found.line.request.organisation):
        raise Http404
    return found


def _record(actor: Actor, action: str, one: Match) -> None:
    _record_of(actor, action, one.line, purchase=one.purchase)


def _record_of(actor: Actor, action: str, line: Line, **facts: object) -> None:
    request = line.request
    record(
        actor, action, subject=("screening", request.pk), organisation=request.organisation, line=line.number, **facts
    )
