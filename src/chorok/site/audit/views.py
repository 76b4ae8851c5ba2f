"""The audit: searched, read, exported, verified."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.audit import export, heads, selectors
from chorok.site.audit.forms import SearchForm
from chorok.site.audit.jobs import KIND
from chorok.site.audit.models import Event
from chorok.site.audit.recording import record
from chorok.site.audit.selectors import RIGHT, Search
from chorok.site.audit.wordings import action_said, finding_said, person_said, subject_said
from chorok.site.config import downloads, ledger
from chorok.site.config.addresses import whole
from chorok.site.config.language import say
from chorok.site.jobs import selectors as jobs
from chorok.site.jobs.models import State
from chorok.site.jobs.services import start

A_PAGE = 50


@needs(RIGHT)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List events, newest first; a page goes on where the one before ended."""
    form = SearchForm(request.GET, tree=request.actor.tree)
    search = form.search() if form.is_valid() else None
    events = selectors.found(request.actor, search) if search else Event.objects.none()
    before = whole(request.GET.get("before", ""))
    if before is not None:
        events = events.filter(seq__lt=before)
    shown = list(events[: A_PAGE + 1])
    _reading(request, ("audit", "list"), search)
    query = {name: str(value) for name, value in request.GET.items() if name != "before" and value}
    rows = _rows(shown[:A_PAGE])
    said = {
        "form": form,
        "rows": rows,
        "older": urlencode({**query, "before": str(shown[A_PAGE - 1].seq)}) if len(shown) > A_PAGE else "",
        "paged": bool(before),
        "searched": bool(query),
        "query": urlencode(query),
    }
    return render(request, "audit/index.html", said)


def _rows(events: list[Event]) -> list[dict[str, Any]]:
    people = selectors.people(events)
    return [_row(event, people) for event in events]


def _row(event: Event, people: dict[int, str]) -> dict[str, Any]:
    return {
        "event": event,
        "action": action_said(event.action),
        "subject": subject_said(event.subject_kind),
        "who": person_said(event.actor_id, event.via, people),
        "behalf": person_said(event.on_behalf, "", people) if event.on_behalf else "",
        "via": say(f"site.audit.via.{event.via}") if event.via else "",
        "organisation": _organisation(event.organisation),
    }


def _organisation(code: str) -> str:
    if not code or not ledger.is_published():
        return code
    return ledger.names().show("organisation", code) or code


@needs(RIGHT)
@require_GET
def show(request: AskingRequest, seq: int) -> HttpResponse:
    """Show one event with its facts and its place in the chain."""
    event = selectors.find(request.actor, seq)
    _reading(request, ("event", seq))
    facts = json.dumps(event.told, ensure_ascii=False, indent=2, sort_keys=True)
    nearby = selectors.visible(request.actor).filter(seq__in=[seq - 1, seq + 1]).values_list("seq", flat=True)
    row = _row(event, selectors.people([event]))
    return render(request, "audit/event.html", {**row, "facts": facts, "nearby": sorted(nearby)})


@needs(RIGHT)
@require_GET
def download(request: AskingRequest, form: str) -> HttpResponseBase:
    """Send all events that fit the search, as CSV or JSON, with what is needed to compute their hashes again."""
    if form not in export.FORMS:
        raise Http404
    asked = SearchForm(request.GET, tree=request.actor.tree)
    search: Search | None = asked.search() if asked.is_valid() else None
    if search is None:
        return redirect(f"/audit/?{request.GET.urlencode()}")
    with transaction.atomic():
        record(request.actor, "audit.exported", subject=("audit", form), search=_said(search))
    events = selectors.found(request.actor, search)
    return export.sent(events, form)


@needs(RIGHT)
@require_GET
def head(request: AskingRequest) -> HttpResponse:
    """Send the newest event's place and hash, to be kept elsewhere."""
    now = heads.current()
    text = heads.written(now)
    with transaction.atomic():
        record(request.actor, "audit.head_exported", subject=("event", now.seq), hash=now.hash)
    return downloads.text(f"chorok-audit-head-{now.seq}.txt", text, "text/plain")


@needs(RIGHT)
@require_POST
def verify(request: AskingRequest) -> HttpResponse:
    """Verify the chain in the background."""
    places = request.actor.places(RIGHT)
    return redirect("jobs:show", start(request.actor, KIND, organisation=places[0] if places else "").pk)


@needs(RIGHT)
@require_GET
def verified(request: AskingRequest, job_id: UUID) -> HttpResponse:
    """Show what a verification found."""
    job = jobs.find(request.actor, job_id)
    if job.kind != KIND:
        raise Http404
    if job.state != State.DONE:
        return redirect("jobs:show", job.pk)
    problems = [finding_said(code, params) for code, params in job.result["problems"]]
    remarks = [finding_said(code, params) for code, params in job.result["remarks"]]
    return render(request, "audit/verified.html", {"job": job, "problems": problems, "remarks": remarks})


def _reading(request: AskingRequest, subject: tuple[str, object], search: Search | None = None) -> None:
    """An administrator's reading of the audit is an event itself (rules section 5)."""
    if selectors.reads_as_administrator(request.actor):
        with transaction.atomic():
            record(request.actor, "audit.read", subject=subject, search=_said(search) if search else {})


def _said(search: Search) -> dict[str, str]:
    """What an event says of a search: of a person the id or nothing, since events hold no names."""
    named = {name: str(value) for name, value in vars(search).items() if value and name != "who"}
    return {**named, "who": search.who} if whole(search.who) is not None else named
