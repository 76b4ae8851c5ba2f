"""The list of one's own requests."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.core.screening.workflow import STATES
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config.language import say
from chorok.site.purchases.selectors import names
from chorok.site.screening import mine
from chorok.site.screening.writing import ASK

PAGE = 25


@needs(ASK)
@require_GET
def listed(request: AskingRequest) -> HttpResponseBase:
    """Show one's own requests, narrowed, or hand the list out as a file."""
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:100]
    state = state if state in STATES else ""
    found = mine.of(request.actor, state=state, words=words, sort=request.GET.get("sort", ""))
    found = found.prefetch_related("waiting")
    if as_file := downloads.wanted(request):
        header = [say(f"site.screening.ask.column.{name}") for name in mine.COLUMNS]
        rows = [mine.cells(one) for one in mine.shown(found, names())]
        return downloads.sheet(say("site.screening.ask.mine"), as_file, header, rows)
    counts = mine.counts(request.actor)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "page": page,
        "rows": mine.shown(page.object_list, names()),
        "any": bool(counts),
        "counts": [(one, counts[one]) for one in STATES if counts.get(one)],
        "state": state,
        "words": words,
        "query": kept.urlencode(),
    }
    return render(request, "screening/mine.html", context)
