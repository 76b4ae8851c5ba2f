"""The dashboard of an organisation: what its share is, how it came there, what moved it, who is below."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from chorok.core import definitions, periods
from chorok.core.measures import share
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import current, say
from chorok.site.performance import grounds, overview, trend
from chorok.site.performance.asking import answering, asked, choices
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import Scope


@needs("performance.see")
@require_GET
@answering
def dashboard(request: AskingRequest) -> HttpResponse:
    """Show an organisation's figures at a glance."""
    scope = asked(request)
    reading = Reading(scope)
    done = trend.events(scope)
    context = {
        **around(scope, reading, "dashboard"),
        "tiles": overview.tiles(reading),
        "chart": trend.chart(reading, {}, done),
        "trend": trend.table(reading, {}),
        "events": done,
    }
    return render(request, "performance/dashboard.html", context)


def around(scope: Scope, reading: Reading, here: str) -> dict[str, Any]:
    """Return what stands around every page of a scope: the question's form, the other pages, what figures rest on."""
    years = [str(year) for year in sorted(reading.years, reverse=True)]
    return {
        "scope": scope,
        "reading": reading,
        "query": scope.query(),
        "organisations": choices(scope),
        "definitions": [(name, _title(scope, name)) for name in definitions.names()],
        "bases": [(name, say(f"basis_of.{name}")) for name in share.BASES],
        "grains": [(name, say(f"site.performance.grain.{name}")) for name in periods.GRAINS],
        "years": years if scope.written in years else [scope.written, *years],
        "tabs": [
            {"label": say(f"site.performance.tab.{name}"), "url": f"{reverse(f'performance:{name}')}?{scope.query()}",
             "current": name == here}
            for name in TABS
        ],
        "facts": grounds.facts(reading),
        "remarks": grounds.remarks(reading),
    }  # fmt: skip


TABS = ("dashboard",)


def _title(scope: Scope, name: str) -> str:
    found = scope.published.definition(name)
    return found.title_ko if current() == "ko" else found.title_en
