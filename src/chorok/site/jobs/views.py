"""How far a job is, and the list of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from chorok import wording
from chorok.core.errors import ChorokError, UsageError
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import language, ledger
from chorok.site.config.language import say, say_error
from chorok.site.jobs import kinds, selectors, services
from chorok.site.jobs.forms import Filter
from chorok.site.jobs.models import Job, State

A_PAGE = 30
TONES = {State.QUEUED: "plain", State.RUNNING: "info", State.DONE: "good", State.FAILED: "bad", State.CANCELLED: "warn"}


@needs("jobs.see")
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List own jobs, and those of others that one may see."""
    form = Filter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    shown = selectors.visible(request.actor)
    page = Paginator(shown.filter(state=state) if state else shown, A_PAGE).get_page(request.GET.get("page"))
    people = User.objects.in_bulk([job.actor_id for job in page if job.actor_id])
    rows = [described(job, people) for job in page]
    return render(request, "jobs/index.html", {"page": page, "rows": rows, "form": form, "filtered": bool(state)})


@needs("jobs.see")
@never_cache
@require_GET
def show(request: AskingRequest, job_id: UUID) -> HttpResponse:
    """Show how far a job is; asked by htmx every second, only that part."""
    job = selectors.find(request.actor, job_id)
    part = request.headers.get("HX-Request") == "true"
    return render(request, "jobs/_state.html" if part else "jobs/show.html", described(job))


@needs("jobs.see")
@require_http_methods(["GET", "POST"])
def cancel(request: AskingRequest, job_id: UUID) -> HttpResponse:
    """Take one's own job out of the queue, after asking."""
    job = selectors.find(request.actor, job_id)
    if job.actor_id != request.actor.user_id or job.state != State.QUEUED:
        messages.warning(request, say_error(UsageError("job_not_queued")))
        return redirect("jobs:show", job.pk)
    if request.method == "GET":
        return render(request, "jobs/cancel.html", described(job))
    try:
        services.cancel(request.actor, job)
    except ChorokError as error:
        messages.warning(request, say_error(error))
    else:
        messages.success(request, say("site.jobs.cancelled"))
    return redirect("jobs:show", job.pk)


def described(job: Job, people: Mapping[int, User] | None = None) -> dict[str, Any]:
    """Return a job with what a page says of it; `people`: those who started jobs, when they were read already."""
    if people is None:
        people = User.objects.in_bulk([job.actor_id] if job.actor_id else [])
    who = people.get(job.actor_id or 0)
    return {
        "job": job,
        "title": kind_said(job.kind),
        "state_said": say(f"site.jobs.state.{job.state}"),
        "tone": TONES[State(job.state)],
        "step": _step(job),
        "share": _share(job),
        "known": job.total > 1,
        "organisation": _organisation(job.organisation),
        "who": str(who) if who else "",
        "why": _why(job),
        "link": _address(job),
    }


def kind_said(name: str) -> str:
    """Return a kind in words; one of an app that is gone stands for itself."""
    code = f"site.job.{name}"
    return say(code) if wording.knows(code, language.current()) else name


def _step(job: Job) -> str:
    for code in (f"site.step.{job.step}", f"step.{job.step}"):
        if job.step and wording.knows(code, language.current()):
            return say(code)
    return say("site.jobs.waits" if job.state == State.QUEUED else "site.jobs.works")


def _share(job: Job) -> str:
    """Return the whole percent that is done."""
    return str(min(100, 100 * job.done // job.total)) if job.total > 1 else ""


def _why(job: Job) -> str:
    if job.state != State.FAILED:
        return ""
    code = job.error if wording.knows(f"error.{job.error}", language.current()) else "job_unexpected"
    try:
        return say(f"error.{code}", **{"reference": str(job.pk)[:8], **job.error_params})
    except KeyError:
        return say("error.job_unexpected", reference=str(job.pk)[:8])


def _address(job: Job) -> str:
    """Return where the result is shown, or where to begin again."""
    try:
        kind = kinds.kind(job.kind)
    except KeyError:
        return ""
    if job.state == State.DONE:
        return kind.link(job) if kind.link else ""
    return kind.origin(job) if kind.origin and job.state in {State.FAILED, State.CANCELLED} else ""


def _organisation(code: str) -> str:
    if not code or not ledger.is_published():
        return code
    return ledger.names().show("organisation", code) or code
