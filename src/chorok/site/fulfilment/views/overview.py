"""What became of what was screened: where to look, one request, and purchases that skipped screening."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.ledger.followed import Skipped
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.audit.services import record
from chorok.site.config import downloads
from chorok.site.config import ledger as site
from chorok.site.config.language import say
from chorok.site.fulfilment import matching, selectors
from chorok.site.fulfilment.models import HOLDING
from chorok.site.screening import selectors as requests
from chorok.site.screening.models import Adoption

A_PAGE = 50
MOST = 500
"""Lines that a page lists of those that skipped screening; a file holds all."""


@needs(selectors.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """Show what waits: lines to inspect, open points, choices, and what was bought otherwise."""
    actor = request.actor
    page = Paginator(selectors.otherwise(actor), A_PAGE).get_page(request.GET.get("page"))
    context = {
        **selectors.owed(actor, actor.reach(selectors.SEE)),
        "chooses": actor.may(matching.DECIDE),
        "matched": selectors.matches(actor).filter(state__in=HOLDING).count(),
        "parts": selectors.in_part(actor),
        "page": page,
        "lines": actor.may(selectors.LINES),
        "runs": actor.may("screenings.report"),
        "published": site.is_published(),
    }
    return render(request, "fulfilment/index.html", context)


@needs(selectors.SEE)
@require_GET
def request(request: AskingRequest, pk: int) -> HttpResponse:
    """Show what became of one request."""
    found = requests.request(request.actor, pk)
    return render(request, "fulfilment/request.html", {"one": found, **selectors.of_request(request.actor, found)})


@needs(selectors.LINES)
@require_GET
def skipped(request: AskingRequest) -> HttpResponseBase:
    """List eligible purchases since adoption that no request was matched with, the biggest first."""
    reach = sorted(request.actor.reach(selectors.LINES))
    form = downloads.wanted(request)
    found = selectors.skipped(request.actor, reach, None if form else MOST)
    rows = sorted((row for one in found for row in one.rows), key=lambda row: (-row["amount"], row["line_id"]))
    if form:
        return _download(request, form, rows)
    page = Paginator([_shown(row) for row in rows[:MOST]], A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "most": MOST,
        "sums": _by_currency(found),
        "adopted": Adoption.objects.filter(organisation__in=reach).exists() or bool(found),
    }
    return render(request, "fulfilment/skipped.html", context)


def _by_currency(found: list[Skipped]) -> list[dict[str, Any]]:
    sums: dict[str, dict[str, Any]] = {}
    for row in (row for one in found for row in one.sums):
        into = sums.setdefault(row["currency"], {"currency": row["currency"], "lines": 0, "amount": 0, "all": 0})
        into["lines"] += row["skipped_lines"]
        into["amount"] += row["skipped"]
        into["all"] += row["lines"]
    return list(sums.values())


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = site.names()
    return {
        **row,
        "buyer": names.show("organisation", row["place"]),
        "item": names.show("item", row["item_group"]),
        "standing": say(f"site.fulfilment.state.{row['state']}"),
        "what": " ".join(part for part in (row["description"], row["specification"]) if part) or row["product_id"],
    }


COLUMNS = (
    "bought_on", "buyer", "department", "what", "item", "standing", "quantity", "unit", "amount", "currency",
    "supplier_name", "line_id",
)  # fmt: skip


def _download(request: AskingRequest, form: str, rows: list[dict[str, Any]]) -> HttpResponseBase:
    with transaction.atomic():
        record(
            request.actor, "lines.downloaded", subject=("snapshot", site.published().snapshot.number),
            organisation=request.actor.places(selectors.LINES)[0], form=form, narrowed=["skipped"],
        )  # fmt: skip
    header = [say(f"site.fulfilment.column.{name}") for name in COLUMNS]
    shown = (_shown(row) for row in rows)
    return downloads.sheet("skipped", form, header, [[row[name] for name in COLUMNS] for row in shown])
