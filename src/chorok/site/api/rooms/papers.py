"""Papers that show what a line of a request says: listed, and attached while the request is in the writer's hands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpResponse, JsonResponse
from ninja import Schema
from pydantic import Field

from chorok.site.accounts.rights import AskingRequest
from chorok.site.api import idempotency
from chorok.site.api.refusals import RefusedError
from chorok.site.api.room import BYTES, PageNumber, PageSize, Room, listed
from chorok.site.api.rooms.screenings import Screening
from chorok.site.api.rooms.uploads import BODY, Name
from chorok.site.api.schemas import Page
from chorok.site.api.screening_shapes import MOST, Version
from chorok.site.purchases import receiving
from chorok.site.screening import papers as kept
from chorok.site.screening import selectors
from chorok.site.screening.models import Paper
from chorok.site.screening.writing import ASK, SEE

room = Room(tags=["screenings"])
Line = Annotated[int, Field(ge=1, le=MOST)]


class PaperOut(Schema):
    """A file that shows what a line says, known by its content."""

    id: int
    line: int
    name: str
    size: int
    sha256: str
    added_at: datetime


@room.answers("GET", "/screenings/{int:screening}/papers", SEE, of=Page[PaperOut])
def papers(
    request: AskingRequest, response: HttpResponse, screening: Screening, page: PageNumber = 1, size: PageSize = 50
) -> dict[str, Any]:
    """List the papers of a request."""
    one = selectors.requests(request.actor).filter(pk=screening).first()
    if one is None:
        raise Http404
    found = Paper.objects.filter(line__request=one).select_related("line").order_by("pk")
    return listed(request, response, found, page, size, _shown)


@room.answers(
    "POST", "/screenings/{int:screening}/lines/{int:line}/papers", ASK, of=PaperOut, status=201, sends=BYTES,
    once=True, extra=BODY,
)  # fmt: skip
def paper_attach(request: AskingRequest, screening: Screening, line: Line, version: Version, name: Name) -> Any:
    """Attach the body as a paper to a line; the request becomes a draft again."""
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise RefusedError("length_missing")
    file = receiving.streamed(name, int(length), request)

    def carry_out() -> HttpResponse:
        made = kept.add(request.actor, pk=screening, version=version, number=line, file=file)
        told = PaperOut.model_validate(_shown(made)).model_dump()
        return JsonResponse(told, status=201, json_dumps_params={"ensure_ascii": False})

    return idempotency.once(request, request.actor, kept.digest(file), carry_out)


def _shown(one: Paper) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in PaperOut.model_fields}, "line": one.line.number}
