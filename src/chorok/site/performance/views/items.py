"""The pages of item groups, of what could have been bought green, and of two figures side by side; tables as files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.core.measures.drivers import Change, Undefined
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import say
from chorok.site.performance import aims, below, beside, movers, potential, quality, sending, trend
from chorok.site.performance import items as reading_items
from chorok.site.performance.asking import answering, asked
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import Scope
from chorok.site.performance.shown import Table
from chorok.site.performance.views.dashboard import around, level_of


@needs("performance.see")
@require_GET
@answering
def items(request: AskingRequest) -> HttpResponse:
    """Show the share by item group, sorted and filtered, and the core items."""
    scope = asked(request)
    reading = Reading(scope)
    words, sort = request.GET.get("words", ""), request.GET.get("sort", "")
    table = reading_items.table(reading).fitting(words).sorted(sort)
    context = {
        **around(scope, reading, "items"),
        "items": table,
        "core": reading_items.core(reading),
        "words": words,
        "sort": sort,
    }
    return render(request, "performance/items.html", context)


@needs("performance.see")
@require_GET
@answering
def what_could_be(request: AskingRequest) -> HttpResponse:
    """Show what had a certified alternative."""
    scope = asked(request)
    reading = Reading(scope)
    lines = request.GET.get("lines") == "biggest"
    context = {
        **around(scope, reading, "potential"),
        "potential": potential.read(reading, lines=lines),
        "with_lines": f"?{scope.query(lines='biggest')}#biggest",
        "may_see": not lines and scope.organisation in scope.actor.reach("lines.see"),
    }
    return render(request, "performance/potential.html", context)


@needs("performance.see")
@require_GET
@answering
def compare(request: AskingRequest) -> HttpResponse:
    """Show two organisations or two periods side by side."""
    scope = asked(request)
    other = beside.other(scope, request.GET.get("organisation_2", ""), request.GET.get("period_2", ""))
    left, right = Reading(scope), Reading(other)
    found = beside.apart(left, right)
    context = {
        **around(scope, left, "compare"),
        "other": other,
        "beside": beside.table(left, right),
        "movers": movers.Told(scope, found, apart=other.organisation != scope.organisation)
        if isinstance(found, Change)
        else None,
        "unmoved": say(f"site.performance.movers.why_not.{found.why}", at=found.at)
        if isinstance(found, Undefined)
        else say("site.performance.compare.same")
        if found is None
        else None,
    }
    return render(request, "performance/compare.html", context)


@needs("performance.see")
@require_GET
@answering
def download(request: AskingRequest, name: str, form: str) -> HttpResponseBase:
    """Send a table of a page as a file."""
    scope = asked(request)
    table = table_of(name, scope, request.GET.dict())
    return sending.table(table, f"{name}-{scope.organisation}-{scope.written}", form)


def table_of(name: str, scope: Scope, given: dict[str, str]) -> Table:
    """Return a table by its name, as the page with the same address has it. Raises Http404 for another name."""
    reading = Reading(scope)
    if name == "compare":
        return beside.table(
            reading, Reading(beside.other(scope, given.get("organisation_2", ""), given.get("period_2", "")))
        )
    makers: dict[str, Any] = {
        "trend": lambda: trend.table(reading, aims.wholes(aims.rows(scope))),
        "targets": lambda: aims.table(scope, aims.rows(scope)),
        "items": lambda: reading_items.table(reading).fitting(given.get("words", "")).sorted(given.get("sort", "")),
        "core": lambda: _core(reading),
        "movers": lambda: _movers(reading),
        "below": lambda: _below(reading, given.get("level", "")),
        "potential": lambda: potential.read(reading).items,
        "quality": lambda: quality.table(reading),
        "missing": lambda: quality.missing(reading),
        "rejects": lambda: quality.rejects(reading),
    }
    if name not in makers:
        raise Http404
    found: Table = makers[name]()
    return found


def _core(reading: Reading) -> Table:
    found = reading_items.core(reading)
    if found is None:
        raise Http404
    return found.table


def _movers(reading: Reading) -> Table:
    found = movers.over_time(reading)
    if not isinstance(found, Change):
        raise Http404
    return movers.Told(reading.scope, found).table


def _below(reading: Reading, wish: str) -> Table:
    level = level_of(wish, reading)
    return below.table(reading, level, reading.below(level))
