"""Definitions: what counts as green, for whom, since when, and who says so."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.core import definitions
from chorok.site.accounts.rights import AskingRequest, needs


@needs("registry.see")
@require_GET
def listed(request: AskingRequest) -> HttpResponse:
    """List the definitions that come with the program."""
    every = [definitions.load(name) for name in definitions.names()]
    every.sort(key=lambda one: (one.kind != "national", one.id))
    return render(request, "registry/definitions.html", {"definitions": every, "day": request.actor.today})


@needs("registry.see")
@require_GET
def definition(request: AskingRequest, name: str) -> HttpResponse:
    """Show one definition with its bases, dates, source and change log."""
    if name not in definitions.names():
        raise Http404(name)
    found = definitions.load(name)
    inherited = found.extends.bases if found.extends else ()
    context = {"definition": found, "inherited": inherited, "day": request.actor.today}
    return render(request, "registry/definition.html", context)
