"""Screening for other systems: asked and answered without keeping anything, or kept, handed in and followed."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Annotated, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.urls import reverse
from ninja import Status
from pydantic import AwareDatetime, BeforeValidator, Field

from chorok.core.errors import UsageError
from chorok.core.screening.request import standing
from chorok.core.screening.workflow import AGREED
from chorok.site.accounts.rights import Actor, AskingRequest
from chorok.site.api.callers import counted
from chorok.site.api.room import JSON, Code, PageNumber, PageSize, Room, listed
from chorok.site.api.schemas import Page
from chorok.site.api.screening_shapes import (
    CaseOut,
    HeadingOut,
    LineIn,
    ScreeningIn,
    ScreeningOut,
    State,
    WithdrawIn,
    shown,
)
from chorok.site.screening import adoptions, screened, selectors, services
from chorok.site.screening.adoptions import InForce
from chorok.site.screening.cases import case_of
from chorok.site.screening.models import Framework, Line, Request, Step
from chorok.site.screening.writing import ASK, SEE, Header, Wanted

room = Room(tags=["screenings"])


def _moment(value: object) -> object:
    """Refuse what a moment is not: numbers would be read as seconds since 1970."""
    if isinstance(value, str) and not re.match(r"[12]\d{3}-\d\d-\d\dT", value):
        raise ValueError("moment")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Screening = Annotated[int, Field(ge=1, le=2**63 - 1)]
HEADER = ("title", "kind", "department", "needed_by", "place", "document_no", "budget_item")


@room.answers("POST", "/screenings", ASK, of=ScreeningOut, status=(200, 201), sends=JSON, once=True, pool="screenings")
def screening_ask(request: AskingRequest, response: HttpResponse, body: ScreeningIn) -> Any:
    """Screen up to 5,000 lines; kept only with `save` or `submit`."""
    actor = request.actor
    if not actor.may(ASK, body.organisation):
        raise Http404
    if len(body.lines) > 1:
        counted(request, actor, "screenings", len(body.lines) - 1)
    if not (body.save or body.submit):
        return Status(200, _asked(actor, body))
    kept = _kept(actor, body)
    response["Location"] = reverse("api:screening", args=[kept.pk])
    return Status(201, _told(kept, body.alternatives))


@room.answers("GET", "/screenings", SEE, of=Page[HeadingOut])
def screenings(
    request: AskingRequest,
    response: HttpResponse,
    organisation: Code | None = None,
    state: State | None = None,
    changed_since: Moment | None = None,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> dict[str, Any]:
    """List requests within reach, the newest first."""
    found = selectors.requests(request.actor)
    if organisation is not None:
        found = found.filter(organisation__in=_below(request.actor, organisation))
    if state is not None:
        found = found.filter(state=state)
    if changed_since is not None:
        found = found.filter(Exists(_steps().filter(at__gte=changed_since)))
    return listed(request, response, _headed(found), page, size, _heading)


@room.answers("GET", "/screenings/{int:screening}", SEE, of=CaseOut)
def screening(request: AskingRequest, screening: Screening) -> dict[str, Any]:
    """Return one request with its lines, its steps, and whom it waits for."""
    found = _headed(selectors.requests(request.actor).filter(pk=screening)).first()
    if found is None:
        raise Http404
    return {
        "heading": _heading(found),
        "screening": _told(found, screened.SHOWN),
        "steps": [_step(one) for one in found.steps.all()],
    }


@room.answers("POST", "/screenings/{int:screening}/withdraw", ASK, of=ScreeningOut, sends=JSON, once=True)
def screening_withdraw(request: AskingRequest, screening: Screening, body: WithdrawIn) -> dict[str, Any]:
    """Take a request back."""
    if not selectors.requests(request.actor).filter(pk=screening).exists():
        raise Http404
    done = services.withdraw(request.actor, pk=screening, version=body.version, reason=body.reason)
    return _told(done, 0)


def _asked(actor: Actor, body: ScreeningIn) -> dict[str, Any]:
    """Screen without keeping anything: the same way, on a request that is never saved."""
    request = Request(organisation=body.organisation, **_header(body))
    called_off = _called_off(actor, body)
    lines = [Line(number=number, **_values(one, called_off)) for number, one in enumerate(body.lines, 1)]
    rule = _in_force(actor, body.organisation)
    found = screened.screen(request, lines, rule, actor.today, body.alternatives)
    for line, one in zip(lines, found.lines, strict=True):
        screened.keep(line, one)
    request.policy_version, request.definition = rule.policy.version, found.lines[0].decision.definition
    request.registry, request.snapshot, request.screened_on = found.registry, found.snapshot, actor.today
    stands = found.standing.state
    return {**_grounds(request, rule), **_UNKEPT, "standing": stands, "may_be_bought": stands == "passed",
            "lines": shown(lines, body.alternatives)}  # fmt: skip


HELD, KEPT = 2.0, 1_000
"""Seconds for which a process takes a policy as in force for what is only asked, and how many it remembers."""
_rules: dict[str, tuple[float, Actor, InForce]] = {}


def _in_force(actor: Actor, organisation: str) -> InForce:
    """Return what an organisation screens under, looked up again when that was some time ago."""
    now = time.monotonic()
    until, asker, rule = _rules.get(organisation, (0.0, None, None))
    if asker and rule and now < until and asker.tree is actor.tree and asker.today == actor.today:
        return rule
    found = adoptions.in_force(actor.tree, organisation, actor.today)
    if len(_rules) >= KEPT:
        _rules.clear()
    _rules[organisation] = now + HELD, actor, found
    return found


_UNKEPT = {"id": None, "number": None, "version": None, "state": None}


def _kept(actor: Actor, body: ScreeningIn) -> Request:
    """Make a request of what was asked, and hand it in where that is wished: both or neither."""
    called_off = _called_off(actor, body)
    lines = [Wanted(_values(one, called_off)) for one in body.lines]
    with transaction.atomic():
        made = services.draft(actor, organisation=body.organisation, header=Header(**_header(body)), lines=lines)
        return services.submit(actor, pk=made.pk, version=made.version) if body.submit else made


def _header(body: ScreeningIn) -> dict[str, Any]:
    return {name: getattr(body, name) for name in HEADER}


def _values(one: LineIn, called_off: Mapping[int | None, Framework]) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in LineIn.model_fields}
    return {**values, "parts": list(one.parts), "framework": called_off.get(one.framework)}


def _called_off(actor: Actor, body: ScreeningIn) -> dict[int | None, Framework]:
    """Return the framework contracts that lines name, by id. Raises UsageError framework_unknown."""
    wanted = {one.framework for one in body.lines if one.framework is not None}
    if not wanted:
        return {}
    named = selectors.frameworks(actor, body.organisation).filter(pk__in=wanted)
    found: dict[int | None, Framework] = {one.pk: one for one in named}
    if unknown := wanted - found.keys():
        raise UsageError("framework_unknown", framework=min(unknown))
    return found


def _told(request: Request, most: int) -> dict[str, Any]:
    """Return a kept request with its lines."""
    rule = adoptions.of_request(request)
    stands = standing(rule.policy, [entry.line for entry in case_of(request).entries]).state
    return {
        **_grounds(request, rule),
        "id": request.pk,
        "number": request.number,
        "version": request.version,
        "state": request.state,
        "standing": stands,
        "may_be_bought": request.state in AGREED,
        "lines": shown(list(request.lines.all()), most),
    }


def _grounds(request: Request, rule: InForce) -> dict[str, Any]:
    return {
        "organisation": request.organisation,
        "adopted": rule.adoption is not None,
        "policy": request.policy_version,
        "definition": request.definition,
        "registry": request.registry,
        "snapshot": request.snapshot,
        "day": request.screened_on,
    }


def _steps() -> QuerySet[Step]:
    return Step.objects.filter(request=OuterRef("pk"))


def _headed(found: QuerySet[Request]) -> QuerySet[Request]:
    """Read with each request what its heading tells."""
    last = _steps().order_by("-pk").values("at")[:1]
    return found.annotate(changed_at=Subquery(last)).prefetch_related("waiting")


def _heading(one: Any) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in HeadingOut.model_fields if name not in ("id", "waits_for")}
    waits = [{name: getattr(wait, name) for name in _WAITS} for wait in one.waiting.all()]
    return {**plain, "id": one.pk, "waits_for": waits}


_WAITS = ("stage", "office", "place", "since", "due_on")


def _step(one: Step) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("verb", "office", "stage", "at", "version", "before", "after")}
    return {**plain, "day": one.on, "lines": one.numbers, "remark": one.remark}


def _below(actor: Actor, organisation: str) -> set[str]:
    if organisation not in actor.reach(SEE):
        raise Http404
    return actor.tree.subtree(organisation, actor.today)
