"""Files of purchases on their way into the ledger: sent whole or in pieces, looked at, taken in, dismissed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest
from chorok.site.api import idempotency
from chorok.site.api.refusals import RefusedError
from chorok.site.api.room import BYTES, JSON, Code, PageNumber, PageSize, Room, listed, one_of
from chorok.site.api.rooms.jobs import JobOut
from chorok.site.api.rooms.jobs import shown as job_shown
from chorok.site.api.schemas import CodedOut, Page
from chorok.site.config.language import say_error
from chorok.site.purchases import questions, receiving, selectors, services
from chorok.site.purchases.models import State, Upload

room = Room(tags=["purchases"])
SEE, IMPORT = selectors.SEE, services.IMPORT
Standing = Annotated[str, one_of(*State.values)]
Overlap = Annotated[str, one_of("ask", "replace", "add")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Offset = Annotated[int, Field(ge=0, le=1 << 50)]
BODY = {
    "requestBody": {
        "required": True,
        "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class TableOut(Schema):
    """One table of a file: whether its columns were understood, and why not."""

    name: str
    left_out: bool
    understood: bool
    error: str | None


class UploadOut(Schema):
    """A file on its way. `questions`: what a person must answer before it can be taken in."""

    id: UUID
    name: str
    size: int
    received: int
    sha256: str
    organisation: str
    state: str
    source: str
    questions: list[str]
    tables: list[TableOut]
    job: UUID | None
    batch: str | None
    error: CodedOut | None
    begun_at: datetime


class BeginIn(Schema):
    """A file that is going to be sent in pieces."""

    organisation: Code
    name: Name
    size: Annotated[int, Field(ge=1, le=1 << 50)]


class ImportIn(Schema):
    """Answers to the questions of a file: lines that are there already, organisations not known, the unit of money."""

    overlap: Overlap = "ask"
    unplaced: bool = False
    unit: bool = False


@room.answers("POST", "/purchases/uploads", IMPORT, of=UploadOut, status=202, sends=BYTES, once=True, extra=BODY)
def upload_whole(request: AskingRequest, organisation: Code, name: Name) -> HttpResponseBase:
    """Send a whole file as the body; a job looks at it."""
    services.may(request.actor, IMPORT, organisation)
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise RefusedError("length_missing")
    file = receiving.streamed(name, int(length), request)
    digest = hashlib.file_digest(file.file, "sha256").hexdigest()  # type: ignore[arg-type]

    def carry_out() -> HttpResponse:
        made = services.receive_whole(actor=request.actor, organisation=organisation, file=file)
        return _sent(Upload.objects.get(pk=made.pk), 202)

    return idempotency.once(request, request.actor, digest, carry_out)


@room.answers("POST", "/purchases/uploads/pieces", IMPORT, of=UploadOut, status=201, sends=JSON, once=True)
def upload_begin(request: AskingRequest, body: BeginIn) -> HttpResponse:
    """Begin a file that is sent in pieces."""
    made = services.begin(actor=request.actor, organisation=body.organisation, name=body.name, size=body.size)
    return _sent(made, 201)


@room.answers("PUT", "/purchases/uploads/{uuid:key}/bytes", IMPORT, of=UploadOut, status=202, sends=BYTES, extra=BODY)
def upload_piece(request: AskingRequest, key: UUID, offset: Offset) -> HttpResponse:
    """Send the next piece, from the byte `offset` on; after the last one a job looks at the file."""
    found = selectors.upload(request.actor, key)
    services.receive(actor=request.actor, upload=found, offset=offset, source=request)
    return _sent(selectors.upload(request.actor, key), 202)


@room.answers("GET", "/purchases/uploads", SEE, of=Page[UploadOut])
def uploads(
    request: AskingRequest,
    response: HttpResponse,
    state: Standing | None = None,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> dict[str, Any]:
    """List files within reach, the newest first."""
    found = selectors.uploads(request.actor)
    found = found.filter(state=state) if state else found
    return listed(request, response, found, page, size, _shown)


@room.answers("GET", "/purchases/uploads/{uuid:key}", SEE, of=UploadOut)
def upload(request: AskingRequest, key: UUID) -> dict[str, Any]:
    """Return where a file stands."""
    return _shown(selectors.upload(request.actor, key))


@room.answers("POST", "/purchases/uploads/{uuid:key}/import", IMPORT, of=JobOut, status=202, sends=JSON, once=True)
def upload_import(request: AskingRequest, key: UUID, body: ImportIn) -> dict[str, Any]:
    """Take a file in that was looked at."""
    found = selectors.upload(request.actor, key)
    return job_shown(services.bring_in(actor=request.actor, upload=found, answers=body.model_dump()))


@room.answers("DELETE", "/purchases/uploads/{uuid:key}", IMPORT, of=None, status=204)
def upload_dismiss(request: AskingRequest, key: UUID) -> None:
    """Throw a file away that was not taken in."""
    services.dismiss(actor=request.actor, upload=selectors.upload(request.actor, key))


def _sent(one: Upload, status: int) -> HttpResponse:
    place = reverse("api:upload", args=[one.pk])
    told = UploadOut.model_validate(_shown(one)).model_dump(mode="json")
    return JsonResponse(told, status=status, headers={"Location": place}, json_dumps_params={"ensure_ascii": False})


def _shown(one: Upload) -> dict[str, Any]:
    imported = one.state == State.IMPORTED
    return {
        "id": one.pk,
        "name": one.name,
        "size": one.size,
        "received": one.size if imported else one.received,
        "sha256": one.sha256,
        "organisation": one.organisation,
        "state": one.state,
        "source": one.source,
        "questions": questions.open_questions(one, one.said) if one.state == State.READY else [],
        "tables": [_table(table) for table in one.seen.get("tables", ())],
        "job": one.job,
        "batch": one.batch or None,
        "error": _error(one),
        "begun_at": one.begun_at,
    }


def _table(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": table["name"],
        "left_out": bool(table["left_out"]),
        "understood": "understanding" in table,
        "error": table["error"]["code"] if "error" in table else None,
    }


def _error(one: Upload) -> dict[str, Any] | None:
    if not one.error:
        return None
    message = say_error(ChorokError(one.error, **one.error_params))
    return {"code": one.error, "message": message, "params": one.error_params}
