"""Purchases that followed are matched with lines of agreed requests; a person decides where several fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404

from chorok.core.errors import UsageError
from chorok.core.screening.fulfilment import Agreed, Pair, differences, match
from chorok.core.screening.workflow import AGREED
from chorok.ledger import followed
from chorok.ledger.followed import Stretch
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import locked, record
from chorok.site.config import ledger as site
from chorok.site.fulfilment.models import HOLDING, Match
from chorok.site.screening import adoptions, signing
from chorok.site.screening.models import Line, Request
from chorok.site.screening.screened import plain

DECIDE = "screenings.inspect"
NOT_BOUGHT = ("pass_no_goods", "contract_clause")
"""Lines of which no purchase line follows: no goods, and what a contractor brings along."""


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
        agreed = [agreed_of(actor, line) for line in lines]
        purchases = _purchases(lines, agreed)
        found = match(
            agreed,
            [followed.read(row) for row in purchases.values()],
            set(Match.objects.filter(state="apart").values_list("line_id", "purchase")),
        )
        _keep(lines, agreed, purchases, found.sure, found.open)
        closed = _close(actor, {line.request_id for line in lines})
        result = Result(len(found.sure), len({one.agreed for one in found.open}), closed, gone)
        if found.sure or closed or gone:
            record(
                actor, "fulfilment.matched", subject=("snapshot", site.published().snapshot.number), organisation="",
                **vars(result),
            )  # fmt: skip
    return result


def _waiting() -> Iterable[Line]:
    """Return the lines that may be bought and have no purchase yet."""
    matched = Match.objects.filter(state__in=HOLDING).values("line_id")
    open_ones = Line.objects.filter(request__state__in=AGREED).exclude(pk__in=matched)
    return open_ones.exclude(outcome__in=NOT_BOUGHT).select_related("request__adoption").order_by("pk")


def agreed_of(actor: Actor, line: Line) -> Agreed:
    """Return a line as it is matched. An emergency was bought before it was recorded."""
    request = line.request
    policy = adoptions.of_request(request).policy
    since = request.decided_on or request.screened_on
    until = since + timedelta(days=policy.approval_days)
    if request.state == "recorded":
        since = request.screened_on - timedelta(days=policy.emergency_days)
    price = line.unit_price
    if price is None and line.amount is not None and line.quantity and not line.amount % line.quantity:
        price = int(line.amount / line.quantity)
    return Agreed(
        line.pk,
        frozenset({request.organisation} | actor.tree.subtree(request.organisation, actor.today)),
        since,
        until,
        line.product_id,
        line.item_group,
        " ".join(part for part in (line.description, line.specification) if part),
        request.department,
        line.quantity,
        price,
        line.amount,
        line.currency,
    )


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
    lines: list[Line], agreed: list[Agreed], purchases: dict[int, dict[str, Any]], sure: Iterable[Pair],
    open_: Iterable[Pair],
) -> None:  # fmt: skip
    Match.objects.filter(state="proposed", line__in=lines).delete()
    by_number = {one.number: (line, one) for line, one in zip(lines, agreed, strict=True)}
    for state, pairs in (("sure", sure), ("proposed", open_)):
        made = [_match(*by_number[one.agreed], purchases[one.purchase], one, state) for one in pairs]
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
    """Close the requests of which every line that is bought at all has its purchase."""
    closed = 0
    for request in Request.objects.select_for_update().filter(pk__in=list(requests), state__in=AGREED).order_by("pk"):
        bought = request.lines.exclude(outcome__in=NOT_BOUGHT)
        without = bought.exclude(pk__in=Match.objects.filter(state__in=HOLDING).values("line_id"))
        if bought.exists() and not without.exists():
            signing.finish(actor, request)
            closed += 1
    return closed


def choose(actor: Actor, *, pk: int) -> Match:
    """Take a proposed purchase as the one of its line. Raises Http404, UsageError match_taken."""
    with transaction.atomic():
        locked()
        one = _in_reach(actor, pk)
        taken = Match.objects.filter(state__in=HOLDING, purchase=one.purchase).exists()
        if one.state != "proposed" or taken or one.line.matches.filter(state__in=HOLDING).exists():
            raise UsageError("match_taken")
        one.state, one.by_id = "chosen", actor.person
        one.save()
        Match.objects.filter(state="proposed", line=one.line).delete()
        Match.objects.filter(state="proposed", purchase=one.purchase).delete()
        _record(actor, "fulfilment.chosen", one)
        _close(actor, {one.line.request_id})
    return one


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
    record(
        actor, action, subject=("screening", one.line.request_id), organisation=one.line.request.organisation,
        line=one.line.number, purchase=one.purchase,
    )  # fmt: skip
