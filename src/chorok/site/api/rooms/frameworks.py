"""Framework contracts: screened once, called off up to an amount and a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from django.urls import reverse
from ninja import Schema, Status
from pydantic import Field

from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import JSON, Code, Date, PageNumber, PageSize, Room, listed
from chorok.site.api.rooms.screenings import Screening
from chorok.site.api.schemas import Page
from chorok.site.api.screening_shapes import MOST, Middle, Sent
from chorok.site.screening import frameworks as contracts
from chorok.site.screening.models import Framework
from chorok.site.screening.screened import left
from chorok.site.screening.writing import ASK, SEE

room = Room(tags=["screenings"])
Contract = Annotated[int, Field(ge=1, le=2**63 - 1)]


class FrameworkOut(Schema):
    """A framework contract; `amount` and `left` in smallest units. `granted`: green, or with a statement."""

    id: int
    organisation: str
    reference: str
    description: str
    product_id: str
    item_group: str
    granted: str
    amount: int
    left: int
    currency: str
    until: date
    screening: int
    line: int


class GrantIn(Sent):
    """An agreed line that becomes a framework contract, up to an amount in smallest units of its currency and a day."""

    number: Annotated[int, Field(ge=1, le=MOST)]
    reference: Annotated[Middle, Field(min_length=1)]
    amount: Annotated[int, Field(ge=1, le=10**15)]
    until: Date


@room.answers("GET", "/frameworks", SEE, of=Page[FrameworkOut])
def frameworks(
    request: AskingRequest,
    response: HttpResponse,
    organisation: Code | None = None,
    on: Date | None = None,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> dict[str, Any]:
    """List framework contracts within reach; `on`: only those that can be called off on a day."""
    found = contracts.within(request.actor, organisation)
    if on is not None:
        found = found.filter(until__gte=on)
    return listed(request, response, found, page, size, _shown)


@room.answers("GET", "/frameworks/{int:framework}", SEE, of=FrameworkOut)
def framework(request: AskingRequest, framework: Contract) -> dict[str, Any]:
    """Return one framework contract with what is left of it."""
    return _shown(contracts.one(request.actor, framework))


@room.answers("POST", "/screenings/{int:screening}/frameworks", ASK, of=FrameworkOut, status=201, sends=JSON, once=True)
def framework_grant(request: AskingRequest, response: HttpResponse, screening: Screening, body: GrantIn) -> Any:
    """Enter an agreed line of a request as a framework contract."""
    made = contracts.grant(request.actor, pk=screening, **body.model_dump())
    response["Location"] = reverse("api:framework", args=[made.pk])
    return Status(201, _shown(made))


def _shown(one: Framework) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in FrameworkOut.model_fields if hasattr(one, name)}
    return {**plain, "screening": one.line.request_id, "line": one.line.number, "left": left(one)}
