"""A request is written: its lines screened, what came of an act kept, told and put into the audit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F
from django.http import Http404

from chorok.core.screening import workflow
from chorok.core.screening.workflow import Case
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.screening import adoptions, screened, telling
from chorok.site.screening.adoptions import InForce
from chorok.site.screening.cases import AFTER_STEP, Act, case_of, keep, light
from chorok.site.screening.models import Line, Request

ASK, SEE = "screenings.ask", "screenings.see"


@dataclass(frozen=True)
class Header:
    """What a request says about itself."""

    title: str
    kind: str = "goods"
    department: str = ""
    needed_by: date | None = None
    place: str = ""
    document_no: str = ""
    budget_item: str = ""
    project: int | None = None


@dataclass(frozen=True)
class Wanted:
    """One line as a person wants it. `values`: fields of `Line` that are asked for; `was`: the line that it was."""

    values: dict[str, Any] = field(default_factory=dict)
    was: int | None = None


ASKED = (
    "description", "specification", "product_id", "class_code", "detail_code", "item_hint", "supplier_no",
    "supplier_name", "furnished", "quantity", "unit", "unit_price", "amount", "currency", "needed_by", "no_goods",
    "emergency", "ground", "statement", "evidence", "difference", "proof", "framework", "parts", "swapped_from",
)  # fmt: skip
"""The fields of a line that people fill in."""
MEANT = tuple(name for name in ASKED if name not in ("quantity", "amount", "unit_price", "swapped_from"))
"""Those of which any change makes what was signed void; money and quantity have rules of their own (D13)."""


def locked(actor: Actor, pk: int, right: str = SEE) -> Request:
    """Return a request in reach, kept from others until the transaction ends. Raises Http404."""
    found = Request.objects.select_for_update().filter(pk=pk, organisation__in=actor.reach(right)).first()
    if found is None:
        raise Http404
    return found


def screen_lines(actor: Actor, request: Request, lines: Sequence[Line]) -> InForce:
    """Screen lines under the policy in force and save them as those of the request, in order."""
    rule = adoptions.in_force(actor.tree, request.organisation, actor.today)
    _number(lines)
    found = screened.screen(request, lines, rule, actor.today)
    request.adoption, request.policy_version = rule.adoption, rule.policy.version
    request.definition = found.lines[0].decision.definition
    request.registry, request.snapshot, request.screened_on = found.registry, found.snapshot, actor.today
    request.amount = sum(line.amount or 0 for line in lines)
    request.currency = next((line.currency for line in lines if line.amount is not None), "KRW")
    request.save()
    for line, one in zip(lines, found.lines, strict=True):
        line.request = request
        screened.keep(line, one)
    _save(request, lines)
    return rule


def _save(request: Request, lines: Sequence[Line]) -> None:
    """Make lines those of a request; there may be thousands."""
    there = [line for line in lines if line.pk]
    request.lines.exclude(pk__in=[line.pk for line in there]).delete()
    request.lines.update(number=F("number") + 1_000_000)  # so that no two bear one number while they change places
    names = [one.name for one in Line._meta.concrete_fields if not one.primary_key]
    Line.objects.bulk_create(there, 200, update_conflicts=True, unique_fields=["id"], update_fields=names)
    Line.objects.bulk_create([line for line in lines if not line.pk], 200)


def _number(lines: Iterable[Line]) -> None:
    for number, line in enumerate(lines, 1):
        line.number = number


def again(actor: Actor, request: Request) -> tuple[InForce, Case]:
    """Screen the lines of a request again under what is in force today; return that, and the case that it now is."""
    lines = light(request)
    case = case_of(request, lines)
    rule = screen_lines(actor, request, lines)
    decisions = [screened.decision_of(line, request) for line in lines]
    return rule, workflow.rescreened(rule.policy, case, decisions)


def kept(actor: Actor, request: Request, case: Case, act: Act, rule: InForce, **facts: object) -> Request:
    """Write what came of an act, tell whom it concerns, and put it into the audit."""
    was = request.state
    step = keep(actor, request, case, act, rule.due_days)
    record(
        actor,
        f"screening.{act.verb}",
        subject=("screening", request.pk),
        organisation=request.organisation,
        version=case.version,
        before=step.before,
        after=case.state,
        stage=act.stage,
        behalf=step.behalf_id,
        lines=list(act.numbers),
        policy=request.policy_version,
        registry=request.registry,
        **facts,
    )
    telling.tell_of(actor, request, step, was)
    for told in AFTER_STEP:
        told(request, step)
    return request
