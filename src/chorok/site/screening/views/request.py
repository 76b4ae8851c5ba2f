"""One request: what is asked, what screening said, who did what, what comes next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.screening import selectors


@needs(selectors.SEE)
@require_GET
def show(request: AskingRequest, pk: int) -> HttpResponse:
    """Show one request."""
    return render(request, "screening/request.html", {"one": selectors.request(request.actor, pk)})
