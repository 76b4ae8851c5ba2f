"""Long work: how far it is and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Schema

from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import PageNumber, PageSize, Room, listed, one_of
from chorok.site.api.schemas import CodedOut, Page
from chorok.site.jobs import selectors
from chorok.site.jobs.models import Job, State
from chorok.site.jobs.views import described

room = Room(tags=["jobs"])
SEE = "jobs.see"
Standing = Annotated[str, one_of(*State.values)]


class JobOut(Schema):
    """A job; `total` 0: it is not known how much there is to do. `upload` and `batch`: what it is about."""

    id: UUID
    kind: str
    state: str
    step: str
    done: int
    total: int
    organisation: str
    upload: str | None
    batch: str | None
    error: CodedOut | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@room.answers("GET", "/jobs", SEE, of=Page[JobOut])
def jobs(
    request: AskingRequest,
    response: HttpResponse,
    state: Standing | None = None,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> dict[str, Any]:
    """List one's own jobs, and those of others that one may see, the newest first."""
    found = selectors.visible(request.actor)
    found = found.filter(state=state) if state else found
    return listed(request, response, found, page, size, shown)


@room.answers("GET", "/jobs/{uuid:key}", SEE, of=JobOut)
def job(request: AskingRequest, key: UUID) -> dict[str, Any]:
    """Return one job."""
    return shown(selectors.find(request.actor, key))


def shown(one: Job) -> dict[str, Any]:
    """Return a job as it is told."""
    about = {**one.params, **one.result}
    error = None
    if one.state == State.FAILED:
        error = {"code": one.error, "message": described(one, {})["why"], "params": one.error_params}
    return {
        "id": one.pk,
        "kind": one.kind,
        "state": one.state,
        "step": one.step,
        "done": one.done,
        "total": one.total,
        "organisation": one.organisation,
        "upload": about.get("upload"),
        "batch": about.get("batch"),
        "error": error,
        "created_at": one.created_at,
        "started_at": one.started_at,
        "ended_at": one.ended_at,
    }
