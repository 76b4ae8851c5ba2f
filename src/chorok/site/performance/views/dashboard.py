"""The dashboard of an organisation: what its share is, how it came there, what moved it, who is below."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from chorok.core import definitions, periods
from chorok.core.errors import UsageError
from chorok.core.measures import share
from chorok.core.measures.drivers import Change, Undefined
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import current, say
from chorok.site.performance import aims, below, grounds, movers, overview, quality, trend
from chorok.site.performance.asking import answering, asked, choices
from chorok.site.performance.reading import LEVELS, Reading
from chorok.site.performance.scope import SEE, Scope

TABS = ("dashboard", "items", "potential", "compare", "quality")


@needs("performance.see")
@require_GET
@answering
def dashboard(request: AskingRequest) -> HttpResponse:
    """Show an organisation's figures at a glance."""
    scope = asked(request)
    reading = Reading(scope)
    targets, done = aims.rows(scope), trend.events(scope)
    wholes = aims.wholes(targets)
    level = level_of(request.GET.get("level", ""), reading)
    found = reading.below(level)
    context = {
        **around(scope, reading, "dashboard"),
        "tiles": overview.tiles(reading),
        "chart": trend.chart(reading, wholes, done),
        "trend": trend.table(reading, wholes),
        "events": [(one.on, say(f"site.performance.event.{one.kind}"), one.what, one.source) for one in done],
        "targets": aims.table(scope, targets),
        **told(scope, reading),
        "level": level,
        "levels": [_level(scope, one, one == level) for one in LEVELS],
        "below": below.table(reading, level, found),
        "below_chart": below.chart(reading, level, found),
    }
    return render(request, "performance/dashboard.html", context)


def _level(scope: Scope, level: str, current_one: bool) -> dict[str, Any]:
    label = say(f"site.performance.level.{level}")
    return {"label": label, "url": f"?{scope.query(level=level)}#below", "current": current_one}


def level_of(wish: str, reading: Reading) -> str:
    """Return what is to be shown below an organisation. Raises UsageError for what there is not."""
    if wish and wish not in LEVELS:
        raise UsageError("dimension_unknown", dimension=wish, known=", ".join(LEVELS))
    return wish or reading.level


def told(scope: Scope, reading: Reading) -> dict[str, Any]:
    """Return what moved the share since a year before, or why that cannot be told."""
    found = movers.over_time(reading)
    if isinstance(found, Change):
        return {"movers": movers.Told(scope, found)}
    if isinstance(found, Undefined):
        return {"unmoved": say(f"site.performance.movers.why_not.{found.why}", at=found.at)}
    return {"unmoved": say("site.performance.movers.no_step")}


@needs("performance.see")
@require_GET
@answering
def data_quality(request: AskingRequest) -> HttpResponse:
    """Show what is open, rejected or missing."""
    scope = asked(request)
    reading = Reading(scope)
    tables = {"open": quality.table(reading), "missing": quality.missing(reading), "rejects": quality.rejects(reading)}
    return render(request, "performance/quality.html", {**around(scope, reading, "quality"), **tables})


def around(scope: Scope, reading: Reading, here: str, right: str = SEE) -> dict[str, Any]:
    """Return what stands around every page of a scope: the question's form, the other pages, what figures rest on."""
    years = [str(year) for year in sorted(reading.years, reverse=True)]
    return {
        "scope": scope,
        "reading": reading,
        "query": scope.query(),
        "organisations": choices(scope, right),
        "definitions": [(name, _title(scope, name)) for name in definitions.names()],
        "bases": [(name, say(f"basis_of.{name}")) for name in share.BASES],
        "grains": [(name, say(f"site.performance.grain.{name}")) for name in periods.GRAINS],
        "years": years if scope.written in years else [scope.written, *years],
        "tabs": [_tab(scope, name, name == here) for name in TABS] if right == SEE else [],
        "facts": grounds.facts(reading),
        "remarks": grounds.remarks(reading),
    }


def _tab(scope: Scope, name: str, current_one: bool) -> dict[str, Any]:
    url = f"{reverse(f'performance:{name}')}?{scope.query()}"
    return {"label": say(f"site.performance.tab.{name}"), "url": url, "current": current_one}


def _title(scope: Scope, name: str) -> str:
    found = scope.published.definition(name)
    return found.title_ko if current() == "ko" else found.title_en
