"""The pages of one figure, of the lines behind it, and of one line."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.ledger.drilldown import STATES
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.addresses import page_number
from chorok.site.config.language import say
from chorok.site.performance import figure as figures
from chorok.site.performance import lines as reading
from chorok.site.performance import sending
from chorok.site.performance.asking import answering, asked
from chorok.site.performance.explained import sentences
from chorok.site.performance.lines import Narrowed
from chorok.site.performance.reading import Reading
from chorok.site.performance.shown import money
from chorok.site.performance.views.dashboard import around


@needs("performance.see")
@require_GET
@answering
def figure(request: AskingRequest) -> HttpResponse:
    """Open a figure."""
    scope = asked(request)
    item, department = (request.GET.get(name, "").strip() or None for name in ("item", "department"))
    found = figures.opened(scope, item, department)
    called = [scope.name, scope.spoken, scope.names.show("item", item) if item else None, department]
    context = {
        **around(scope, found.reading, "figure"),
        "figure": found,
        "called": ", ".join(name for name in called if name),
    }
    return render(request, "performance/figure.html", context)


@needs("lines.see")
@require_GET
@answering
def lines(request: AskingRequest) -> HttpResponse:
    """Show the lines behind a figure, the biggest first."""
    scope = asked(request, reading.RIGHT)
    narrowed = Narrowed.of(scope, request.GET.dict())
    page = page_number(request)
    found = reading.some(narrowed, page)
    groups = scope.published.registry.item_groups()["code"].to_pylist()
    context = {
        **around(scope, Reading(scope), "lines", reading.RIGHT),
        "narrowed": narrowed,
        "found": found,
        "lines": reading.table(narrowed, found),
        "page": Paginator(range(found.lines), reading.PAGE).get_page(page),
        "states": [(state, say(f"state_of.{state}")) for state in STATES],
        "groups": sorted(((code, scope.names.show("item", code)) for code in groups), key=lambda one: one[1] or ""),
        "lines_query": narrowed.query(),
        "count": f"{found.lines:,}",
        "total": money(found.amount, narrowed.given["currency"]),
    }
    return render(request, "performance/lines.html", context)


@needs("lines.see")
@require_GET
@answering
def line(request: AskingRequest, line_id: int) -> HttpResponse:
    """Show one line: the row as it was received, and why it counts as it does."""
    scope = asked(request, reading.RIGHT)
    found = reading.one(scope, line_id)
    context = {"scope": scope, "line": found, "sentences": sentences(scope, found.told), "query": scope.query()}
    return render(request, "performance/line.html", context)


@needs("lines.see")
@require_GET
@answering
def download(request: AskingRequest, form: str) -> HttpResponseBase:
    """Send the lines behind a figure."""
    return sending.lines(Narrowed.of(asked(request, reading.RIGHT), request.GET.dict()), form)
