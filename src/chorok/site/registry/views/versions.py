"""Versions of the registry: what changed, what that did to the figures, and the way back."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import UsageError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as ledgers
from chorok.site.registry import services, writing
from chorok.site.registry.models import RegistryState
from chorok.site.registry.states import shown_effect, sources
from chorok.site.registry.views.telling import refused

PAGE = 20


@needs("registry.see")
@require_GET
def versions(request: AskingRequest) -> HttpResponse:
    """List the states of the registry, newest first, and the sources it is made of."""
    page = Paginator(RegistryState.objects.filter(settled=True), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "sources": sources(),
        "outside": writing.changed_outside(ledgers.ledger()),
        "may_change": request.actor.may("registry.change"),
    }
    return render(request, "registry/versions.html", context)


@needs("registry.see")
@require_GET
def version(request: AskingRequest, number: int) -> HttpResponse:
    """Show one change: rows by table, and shares before and after of the cities that who asks may see."""
    state = get_object_or_404(RegistryState, pk=number, settled=True)
    context = {
        "state": state,
        "effect": shown_effect(request.actor, state),
        "sees_figures": request.actor.may("performance.see"),
        "may_restore": request.actor.may("registry.change") and services.can_restore(state),
    }
    return render(request, "registry/version.html", context)


@needs("registry.change")
@require_http_methods(["GET", "POST"])
def restore(request: AskingRequest, number: int) -> HttpResponse:
    """Ask first, then give a source's rows of before a change back."""
    state = get_object_or_404(RegistryState, pk=number, settled=True)
    if request.method == "GET":
        context = {"state": state, "tables": services.changed_tables(state)}
        return render(request, "registry/restore.html", context)
    try:
        job = services.restore(actor=request.actor, state=state)
    except UsageError as error:
        return refused(request, error, "registry:version", number)
    return HttpResponseRedirect(reverse("jobs:show", args=[job.pk]))


@needs("registry.change")
@require_http_methods(["GET", "POST"])
def take_over(request: AskingRequest) -> HttpResponse:
    """Ask first, then take over what was written past the site."""
    outside = writing.changed_outside(ledgers.ledger())
    if request.method == "GET" or not outside:
        return render(request, "registry/take_over.html", {"outside": outside})
    return HttpResponseRedirect(reverse("jobs:show", args=[services.take_over(actor=request.actor).pk]))
