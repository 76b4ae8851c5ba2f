"""Periods and where their closing stands."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from ninja import Schema

from chorok.core.calendar.closing import STATES
from chorok.core.measures.share import Amounts
from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import Code, PageNumber, PageSize, Room, Year, listed, one_of
from chorok.site.api.schemas import Page, ShareOut, SumsOut
from chorok.site.config import ledger
from chorok.site.periods import selectors
from chorok.site.periods.rules import SEE
from chorok.site.periods.selectors import Closing

room = Room(tags=["periods"])
State = Annotated[str, one_of(*STATES)]


class PeriodOut(Schema):
    """An organisation's period; `version`: how often figures were sent. `next`: steps that who asks may take now."""

    organisation: str
    name: str
    period: str
    state: str
    version: int
    changed_on: date | None
    next: list[str]


class StepOut(Schema):
    """A step of a closing. `snapshot`, `definition` and `basis` are those of figures that were sent."""

    verb: str
    version: int
    on: date
    remarks: str
    snapshot: int | None
    definition: str
    basis: str
    sha256: str


class SentOut(Schema):
    """Figures as they were sent, in one currency."""

    currency: str
    sums: SumsOut
    share: ShareOut


class ClosingOut(PeriodOut):
    """A period with its steps, the latest first, and the figures that were last sent (null: none were)."""

    steps: list[StepOut]
    sent: list[SentOut] | None


@room.answers("GET", "/periods", SEE, of=Page[PeriodOut])
def periods(
    request: AskingRequest,
    response: HttpResponse,
    year: Year | None = None,
    state: State | None = None,
    organisation: Code | None = None,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> dict[str, Any]:
    """List the periods of a year: those with a step, and those that a duty waits for."""
    if organisation is not None and organisation not in request.actor.reach(SEE):
        raise Http404
    asked = year or ledger.ledger().today.year
    found = selectors.closings_of(request.actor, asked, state or "", organisation or "")
    return listed(request, response, found, page, size, _shown)


@room.answers("GET", "/periods/{organisation}/{period}", SEE, of=ClosingOut)
def period(request: AskingRequest, organisation: Code, period: Code) -> dict[str, Any]:
    """Return one period."""
    found = selectors.one(request.actor, organisation, period)
    if found is None:
        raise Http404
    step, record = found.standing.sent, selectors.record(found)
    sent = None if step is None or record is None else [_sent(*one, step.basis) for one in record.total().items()]
    return {**_shown(found), "steps": [vars(one) for one in selectors.history(found)], "sent": sent}


def _sent(currency: str, amounts: Amounts, basis: str) -> dict[str, Any]:
    return {"currency": currency, "sums": SumsOut.of(amounts, basis), "share": ShareOut.of(amounts.share(basis))}


def _shown(one: Closing) -> dict[str, Any]:
    standing = one.standing
    return {
        "organisation": one.organisation,
        "name": one.name,
        "period": one.period,
        "state": standing.state,
        "version": standing.sent.version if standing.sent else 0,
        "changed_on": standing.last.on if standing.last else None,
        "next": list(one.verbs),
    }
