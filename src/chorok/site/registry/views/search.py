"""Searching products as somebody types."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.ledger.catalogue import Hits
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.registry import selectors
from chorok.site.registry.forms import SearchForm
from chorok.site.registry.selectors import Known
from chorok.site.registry.templatetags.registry import basis_name

LONGEST = 200
"""Letters of a search that are read."""


@needs("registry.see")
@require_GET
def search(request: AskingRequest) -> HttpResponse:
    """Show the search, or for htmx its results alone."""
    known = selectors.known()
    form = _form(request, known)
    text = request.GET.get("q", "")[:LONGEST]
    asked = form.asked(text)
    number = page_number(request)
    hits = known.search(request.actor, asked, number)
    context = {
        "form": form,
        "asked": asked,
        "hits": hits,
        "page": page_of(hits, number),
        "all": known.catalogue.rows.num_rows,
    }
    alone = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "registry/_results.html" if alone else "registry/search.html", context)


def page_number(request: AskingRequest) -> int:
    """Return the page that is asked for; what is no number is the first."""
    wished = request.GET.get("page", "1")
    return max(1, int(wished)) if wished.isdecimal() and len(wished) < 7 else 1


def page_of(hits: Hits, number: int) -> Page[Any]:
    """Return a page whose rows are there already; only its numbers are needed."""
    pages = Paginator(range(hits.total), selectors.PAGE)
    return pages.page(min(number, pages.num_pages))


def _form(request: AskingRequest, known: Known) -> SearchForm:
    codes = known.catalogue.counts("group")
    return SearchForm(
        request.GET,
        groups=sorted(((code, known.names.get(code, code)) for code in codes), key=lambda one: one[1]),
        bases=[(basis, basis_name(basis)) for basis in known.catalogue.bases],
        near=bool(selectors.homes(request.actor)),
    )
