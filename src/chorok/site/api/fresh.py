"""Answers that stay as they are until something is published: who has them already is told so without any work."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.http import HttpResponse
from django.http.response import HttpResponseBase

import chorok
from chorok.site.accounts.rights import Actor, AskingRequest
from chorok.site.config import language, ledger
from chorok.site.registry.models import RegistryState


def unless_known(request: AskingRequest, actor: Actor, carry_out: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return 304 when the caller names the present state of what is asked for, else the answer with its mark."""
    mark = f'W/"{_mark(request, actor)}"'
    if mark in {one.strip() for one in request.headers.get("If-None-Match", "").split(",")}:
        return HttpResponse(status=304, headers={"ETag": mark})
    response = carry_out()
    if response.status_code == 200:
        response["ETag"] = mark
    return response


def _mark(request: AskingRequest, actor: Actor) -> str:
    """Return what an answer hangs on, hashed: the question, who asks with which rights, and all that is written."""
    scopes = "*" if actor.scopes is None else ",".join(sorted(actor.scopes))
    asked = (request.path, request.META.get("QUERY_STRING", ""), language.current())
    who = (str(actor.user_id), scopes, repr(actor.held), actor.today.isoformat())
    return hashlib.sha256("\n".join((*asked, *who, *_written())).encode()).hexdigest()[:32]


def _written() -> Iterator[str]:
    """Yield the state of the ledger and of what lies beside its snapshots: records of the office, the registry."""
    found = ledger.ledger()
    yield chorok.__version__
    yield str(found.path)
    yield str(ledger.published().snapshot.number) if ledger.is_published() else "-"
    yield str(RegistryState.objects.values_list("pk", "settled").first())
    for file in sorted(found.path.glob("*.toml")):
        yield f"{file.name} {_changed(file)}"


def _changed(file: Path) -> str:
    told = file.stat()
    return f"{told.st_mtime_ns} {told.st_size}"
