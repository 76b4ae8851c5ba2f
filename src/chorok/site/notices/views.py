"""The list of notes; opening one marks it as read."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import language
from chorok.site.notices import selectors, services

A_PAGE = 30


@needs("home.see")
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List the notes of who asks."""
    page = Paginator(selectors.own(request.actor), A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, selectors.sentence(one, language.current())) for one in page]
    waits = selectors.waiting(request.actor.user_id or 0)
    return render(request, "notices/index.html", {"page": page, "rows": rows, "waits": waits})


@needs("home.see")
@require_GET
def follow(request: AskingRequest, number: int) -> HttpResponse:
    """Mark a note as read and go where it leads."""
    found = get_object_or_404(selectors.own(request.actor), pk=number)
    services.mark_seen(request.actor, found)
    return redirect(found.url if _inside(request, found.url) else "notices:index")


def _inside(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


@needs("home.see")
@require_POST
def mark_all(request: AskingRequest) -> HttpResponse:
    """Mark all notes as read."""
    services.mark_seen(request.actor)
    return redirect("notices:index")
