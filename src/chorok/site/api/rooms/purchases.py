"""Imports of purchases: what became of each file, its rejected rows, and taking one out again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from ninja import Schema
from pydantic import Field

from chorok.ledger.batches import Account, Batch, Tally
from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import PageNumber, PageSize, Room, linked, listed
from chorok.site.api.rooms.jobs import JobOut
from chorok.site.api.rooms.jobs import shown as job_shown
from chorok.site.api.schemas import Page
from chorok.site.config import ledger
from chorok.site.config.language import say
from chorok.site.purchases import rejected, selectors, services
from chorok.site.purchases.selectors import SEE, Import

room = Room(tags=["purchases"])
BatchId = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Part = Annotated[int, Field(ge=0, le=10_000)]


class ImportOut(Schema):
    """An import, or a file on its way to be one (`on_its_way`: then `id` is that of the upload)."""

    id: str
    on_its_way: bool
    file: str
    state: str
    organisation: str
    source: str
    at: datetime | None
    lines: int | None
    rejected: int | None


class TallyOut(Schema):
    """A number of lines and their sum in smallest units."""

    lines: int
    amount: int


class ReasonOut(TallyOut):
    """What was rejected for one reason."""

    reason: str
    message: str


class AccountOut(Schema):
    """What became of one table, or of all: received = accepted + rejected, in lines and in money."""

    table: str
    received: TallyOut
    accepted: TallyOut
    rejected: TallyOut
    reasons: list[ReasonOut]
    aside: dict[str, int]


class ImportAccountOut(Schema):
    """The account of an import; `snapshot` is the state of the ledger that it made."""

    id: str
    file: str
    sha256: str
    source: str
    organisation: str
    state: str
    currency: str
    snapshot: int | None
    total: AccountOut
    tables: list[AccountOut]


class CellOut(Schema):
    """A cell of a rejected row."""

    column: str
    text: str
    wrong: bool


class RejectOut(Schema):
    """A rejected row: where it stood in the file, why it was rejected, its cells that mean something."""

    part: int
    row: int
    line: str
    reason: str
    message: str
    value: str
    cells: list[CellOut]


@room.answers("GET", "/purchases/imports", SEE, of=Page[ImportOut])
def imports(
    request: AskingRequest, response: HttpResponse, page: PageNumber = 1, size: PageSize = 50
) -> dict[str, Any]:
    """List imports within reach, files on their way first."""
    found = selectors.imports(request.actor)
    return listed(request, response, found, page, size, _listed)


@room.answers("GET", "/purchases/imports/{batch}", SEE, of=ImportAccountOut)
def import_account(request: AskingRequest, batch: BatchId) -> dict[str, Any]:
    """Return what became of one file."""
    found, _, home = selectors.batch(request.actor, batch)
    return {
        **{name: getattr(found, name) for name in ("id", "file", "sha256", "source", "state", "currency", "snapshot")},
        "organisation": home,
        "total": _account(found.total()),
        "tables": [_account(one) for one in found.accounts],
    }


@room.answers("GET", "/purchases/imports/{batch}/rejects", SEE, of=Page[RejectOut])
def import_rejects(
    request: AskingRequest,
    response: HttpResponse,
    batch: BatchId,
    part: Part = 0,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> dict[str, Any]:
    """List the rejected rows of one table of an import."""
    found, _, _ = selectors.batch(request.actor, batch)
    if part >= len(found.accounts):
        raise Http404
    which = next((one for one in rejected.parts(ledger.ledger(), found) if one.number == part), None)
    around = linked(request, response, which.rows if which else 0, page, size)
    return {**around, "items": _rejects(found, which, (page - 1) * size, size) if which else []}


@room.answers("POST", "/purchases/imports/{batch}/withdraw", services.UNDO, of=JobOut, status=202, once=True)
def import_withdraw(request: AskingRequest, batch: BatchId) -> dict[str, Any]:
    """Take an import's lines out of the ledger again; its record and its file stay."""
    found, _, home = selectors.batch(request.actor, batch, services.UNDO)
    return job_shown(services.undo(actor=request.actor, batch=found.id, organisation=home))


def _listed(one: Import) -> dict[str, Any]:
    return {
        "id": one.key,
        "on_its_way": one.on_its_way,
        "file": one.file,
        "state": one.state,
        "organisation": one.organisation,
        "source": one.source,
        "at": one.when,
        "lines": one.lines,
        "rejected": one.rejected,
    }


def _account(one: Account) -> dict[str, Any]:
    return {
        "table": one.table,
        "received": vars(one.received),
        "accepted": vars(one.accepted),
        "rejected": vars(one.refused),
        "reasons": [_reason(reason, tally) for reason, tally in sorted(one.rejected.items())],
        "aside": one.aside,
    }


def _reason(reason: str, tally: Tally) -> dict[str, Any]:
    return {**vars(tally), "reason": reason, "message": say(f"reject.{reason}.reason")}


def _rejects(batch: Batch, which: rejected.Part, since: int, count: int) -> list[dict[str, Any]]:
    return [
        {
            "part": which.number,
            "row": row.number,
            "line": row.line,
            "reason": row.reason,
            "message": say(f"reject.{row.reason}.reason"),
            "value": row.value,
            "cells": [{"column": one.column, "text": one.text, "wrong": one.wrong} for one in row.cells],
        }
        for row in rejected.rows(ledger.ledger(), batch, which, since, count)
    ]
