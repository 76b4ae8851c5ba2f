"""The queue, as a page and as a file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from chorok.ledger import review
from chorok.ledger.review import ORDERS, Queue, Wanted
from chorok.publications import review_list
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.audit.services import record
from chorok.site.config import downloads
from chorok.site.config import ledger as site
from chorok.site.config.addresses import page_number
from chorok.site.config.language import current, say
from chorok.site.reviews import rules, selectors
from chorok.wording import knows

A_PAGE = 25
KEPT = ("q", "item", "why", "organisation", "sort")
"""What is asked of the queue, and kept from one product to the next."""
UNKNOWN = "-"
"""Asks for products whose item group is not known."""


@needs(rules.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List undetermined products, the biggest amount first."""
    if not site.is_published():
        return render(request, "reviews/nothing_yet.html")
    wanted = wanted_of(request)
    number = page_number(request)
    found = selectors.queue(request.actor, wanted, A_PAGE, (number - 1) * A_PAGE)
    page = Paginator(range(found.entries), A_PAGE).get_page(number)
    if page.number != number:
        found = selectors.queue(request.actor, wanted, A_PAGE, (page.number - 1) * A_PAGE)
    counted, groups = review.reasons(site.published(), selectors.within(request.actor, Wanted()))
    context = {
        "page": page,
        "found": found,
        "rows": rows_of(request, found, (page.number - 1) * A_PAGE),
        "why_choices": [(code, because(code), count) for code, count in counted.items()],
        "item_choices": [(code or UNKNOWN, _item(code), count) for code, count in groups.items()],
        "organisations": organisations(request),
        "asked": {name: request.GET.get(name, "") for name in KEPT},
        "narrowed": any(request.GET.get(name) for name in KEPT if name != "sort"),
        "query": kept(request),
        "tabs": tabs(request, "index"),
        "may_decide": request.actor.may(rules.DECIDE),
    }
    return render(request, "reviews/index.html", context)


def wanted_of(request: AskingRequest) -> Wanted:
    """Return which products a request asks for; an organisation out of reach answers as one that is not there."""
    sort = request.GET.get("sort", "-amount")
    order = sort.removeprefix("-")
    item, place = request.GET.get("item", ""), request.GET.get("organisation", "")
    if place and place not in request.actor.reach(rules.SEE):
        raise Http404
    return Wanted(
        organisations=request.actor.tree.subtree(place, request.actor.today) if place else None,
        item=None if not item else "" if item == UNKNOWN else item,
        why=request.GET.get("why") or None,
        words=request.GET.get("q", ""),
        order=order if order in ORDERS else "amount",  # type: ignore[arg-type]
        descending=sort.startswith("-") or order not in ORDERS,
    )


def kept(request: HttpRequest) -> str:
    """Return what is asked of the queue as a query, to go on from product to product with it."""
    query = request.GET.copy()
    for name in list(query):
        if name not in KEPT or not query[name]:
            query.pop(name)
    return query.urlencode()


def rows_of(request: AskingRequest, found: Queue, start: int) -> list[dict[str, Any]]:
    """Return rows as the page shows them: where they stand, in words, and whether somebody is at it."""
    open_ones = selectors.open_of(request.actor, [row["product_key"] for row in found.rows])
    return [
        {
            **row,
            "at": at,
            "name": name_of_product(row),
            "item": _item(row["item_group"]),
            "because": because(row["why"]),
            "open": open_ones.get(row["product_key"]),
        }
        for at, row in enumerate(found.rows, start)
    ]


def name_of_product(row: dict[str, Any]) -> str:
    """Return what the file calls a product; its number when it calls it nothing."""
    words = " ".join(row[name] for name in ("description", "specification") if row[name])
    return words or row["product_id"] or f"P{row['product_key']}"


def because(code: str | None) -> str:
    """Return why a product is undetermined, in words."""
    if code and knows(f"because.{code}", current()):
        return say(f"because.{code}")
    return code or say("site.reviews.why_unknown")


def _item(code: str | None) -> str:
    return site.names().show("item", code) or say("site.reviews.group_unknown")


def organisations(request: AskingRequest) -> list[tuple[str, str]]:
    """Return the organisations in reach, by name."""
    pairs = [(code, name_of(request.actor, code)) for code in request.actor.reach(rules.SEE)]
    return sorted(pairs, key=lambda pair: pair[1])


def tabs(request: AskingRequest, now: str) -> list[dict[str, Any]]:
    """Return the ways through this room, with how much waits behind each."""
    counts = {"waiting": selectors.waiting(request.actor).count(), "ready": selectors.ready(request.actor).count()}
    names = ["index", "waiting", "ready", "history"]
    names += ["policy"] if request.actor.may(rules.POLICY) else []
    names += ["upload"] if request.actor.may(rules.DECIDE) else []
    return [
        {
            "label": say(f"site.reviews.tab.{name}") + (f" ({counts[name]})" if name in counts else ""),
            "url": reverse(f"reviews:{name}"),
            "current": name == now,
        }
        for name in names
    ]


@needs(rules.SEE)
@require_GET
def export(request: AskingRequest, ending: str) -> HttpResponseBase:
    """Send the queue as a file that can be filled in and sent back."""
    found = selectors.queue(request.actor, wanted_of(request), None)
    rows = [review_list.row(one, because(one["why"])) for one in found.rows]
    places = request.actor.places(rules.SEE)
    with transaction.atomic():
        record(request.actor, "reviews.exported", organisation=places[0], products=found.products, lines=found.lines)
    return downloads.sheet(say("site.reviews.file_name"), ending, review_list.COLUMNS, rows)
