"""Purchases that several lines fit, side by side; choosing, taking apart, and matching anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.acting import attempted
from chorok.site.config.language import say
from chorok.site.fulfilment import jobs, matching, selectors
from chorok.site.fulfilment.models import Match
from chorok.site.jobs.services import start


@needs(matching.DECIDE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """Show the lines that several purchases fit, and pairs that a person took apart."""
    mine = request.actor.reach(matching.DECIDE)
    choices = [one for one in selectors.choices(request.actor) if one[0].request.organisation in mine]
    apart = selectors.matches(request.actor).filter(state="apart", line__request__organisation__in=mine)
    return render(request, "fulfilment/matches.html", {"choices": choices, "apart": apart[:100]})


@needs(matching.DECIDE)
@require_POST
def choose(request: AskingRequest, pk: int) -> HttpResponse:
    """Take one of several purchases."""
    return _done(request, pk, matching.choose, "site.fulfilment.chosen")


@needs(matching.DECIDE)
@require_POST
def part(request: AskingRequest, pk: int) -> HttpResponse:
    """Take a purchase and a line apart."""
    return _done(request, pk, matching.part, "site.fulfilment.parted")


@needs(matching.DECIDE)
@require_POST
def join(request: AskingRequest, pk: int) -> HttpResponse:
    """Propose a pair again that was taken apart."""
    return _done(request, pk, matching.join, "site.fulfilment.joined")


def _done(request: AskingRequest, pk: int, act: Callable[..., Match], said: str) -> HttpResponse:
    if attempted(request, lambda: act(request.actor, pk=pk)):
        messages.success(request, say(said))
    back: Any = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(back, None) and back.startswith("/")
    return redirect(back if own else "fulfilment:matches")


@needs("screenings.report")
@require_POST
def run(request: AskingRequest) -> HttpResponse:
    """Match requests and purchases as a job."""
    job = start(request.actor, jobs.KIND, organisation=request.actor.places("screenings.report")[0])
    return redirect("jobs:show", job.pk)
