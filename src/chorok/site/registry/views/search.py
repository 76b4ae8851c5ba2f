"""Searching products as somebody types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.ledger.catalogue import Hits
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config.addresses import page_number
from chorok.site.config.language import say
from chorok.site.registry import selectors
from chorok.site.registry.forms import SearchForm
from chorok.site.registry.selectors import Known, Search
from chorok.site.registry.templatetags.registry import basis_name

LONGEST = 200
"""Letters of a search that are read."""


MOST = 100_000
"""Rows that are handed out as one file."""

COLUMNS = {
    "product": "title",
    "model": "model",
    "product_id": "product_id",
    "maker": "supplier_name",
    "supplier_no": "supplier_no",
    "seat": "seat",
    "group": "group",
    "detail_code": "detail_code",
    "basis": "basis",
    "certificate": "certificate_no",
    "state": "state",
    "valid_from": "valid_from",
    "valid_until": "valid_until",
    "revoked_on": "revoked_on",
    "source": "source",
}
"""Columns of the file: wording of the head -> what of a row."""


@needs("registry.see")
@require_GET
def search(request: AskingRequest) -> HttpResponseBase:
    """Show the search, or for htmx its results alone."""
    known = selectors.known()
    form = _form(request, known)
    text = request.GET.get("q", "")[:LONGEST]
    asked = form.asked(text)
    if as_file := downloads.wanted(request):
        return _file(request, known, asked, as_file)
    number = page_number(request)
    hits = known.search(request.actor, asked, number)
    context = {
        "form": form,
        "asked": asked,
        "hits": hits,
        "page": page_of(hits, number),
        "all": known.catalogue.rows.num_rows,
        "may_change": request.actor.may("registry.change"),
    }
    alone = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "registry/_results.html" if alone else "registry/search.html", context)


def _file(request: AskingRequest, known: Known, asked: Search, form: str) -> HttpResponseBase:
    """Hand out what was found, unless it is too much for one file."""
    hits = known.every(request.actor, asked, MOST)
    if hits.total > MOST:
        messages.error(request, say("site.registry.file.too_many", n=f"{hits.total:,}", most=f"{MOST:,}"))
        query = request.GET.copy()
        del query["as"]
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
    header = [say(f"site.registry.field.{name}") for name in COLUMNS]
    return downloads.sheet("products", form, header, (_cells(row) for row in hits.rows))


def _cells(row: dict[str, Any]) -> list[Any]:
    worded = {"state": say(f"site.registry.state.{row['state']}"), "basis": basis_name(row["basis"])}
    return [worded.get(name) or row[name] for name in COLUMNS.values()]


def page_of(hits: Hits, number: int) -> Page[Any]:
    """Return a page whose rows are there already; only its numbers are needed."""
    pages = Paginator(range(hits.total), selectors.PAGE)
    return pages.page(min(number, pages.num_pages))


def _form(request: AskingRequest, known: Known) -> SearchForm:
    codes = known.catalogue.keys("group")
    return SearchForm(
        request.GET,
        groups=sorted(((code, known.names.get(code, code)) for code in codes), key=lambda one: one[1]),
        bases=[(basis, basis_name(basis)) for basis in known.catalogue.bases],
        near=bool(selectors.homes(request.actor)),
    )
