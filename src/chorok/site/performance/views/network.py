"""The page of a network, and the one on which a city releases its figures to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import UsageError
from chorok.core.organisations import CITY_KINDS
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger
from chorok.site.config.addresses import whole
from chorok.site.config.language import say
from chorok.site.performance import network as reading
from chorok.site.performance import sending, services
from chorok.site.performance.asking import answering
from chorok.site.performance.forms import ReleaseForm
from chorok.site.performance.models import Release
from chorok.site.performance.network import Network
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import read


def _network(request: AskingRequest) -> Network:
    code = reading.asked(request.actor, request.GET.get("network", "").strip())
    written = request.GET.get("year", "").strip() or str(request.actor.today.year - 1)
    year = whole(written)
    if year is None or not 1900 <= year <= 2999:
        raise UsageError("period_unknown", period=written)
    return Network(request.actor, ledger.names(), code, year)


@needs("network.see")
@require_GET
@answering
def network(request: AskingRequest) -> HttpResponse:
    """Show what the members of a network have released, side by side."""
    found = _network(request)
    called = [(code, found.names.show("organisation", code)) for code in reading.networks(request.actor)]
    context = {"network": found, "name": found.names.show("organisation", found.code), "networks": called,
               "query": f"network={found.code}&year={found.year}"}  # fmt: skip
    return render(request, "performance/network.html", context)


@needs("network.see")
@require_GET
@answering
def download(request: AskingRequest, name: str, form: str) -> HttpResponseBase:
    """Send a table of a network as a file."""
    found = _network(request)
    tables = {"network": found.table, "network-items": found.items, "network-years": found.over_years}
    if name not in tables:
        raise Http404
    return sending.table(tables[name], f"{name}-{found.code}-{found.year}", form)


@needs("figures.release")
@require_http_methods(["GET", "POST"])
@answering
def releases(request: AskingRequest) -> HttpResponse:
    """Show what a city has released, and release more."""
    actor, names = request.actor, ledger.names()
    reach = actor.reach(services.RIGHT)
    cities = sorted(code for code in reach if (row := actor.tree.get(code)) and row.kind in CITY_KINDS)
    if not cities:
        return render(request, "performance/no_city.html")
    years = sorted({year for code in cities for year in _years(request, code)}, reverse=True)
    called = [(code, names.show("organisation", code) or code) for code in cities]
    form = ReleaseForm(request.POST or None, cities=called, years=years)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = services.release(actor, city=given["city"], year=int(given["year"]), level=given["level"])
        city = names.show("organisation", made.city)
        messages.success(request, say("site.performance.release.done", city=city, year=made.year))
        return redirect("performance:releases")
    held = Release.objects.filter(city__in=cities).select_related("released_by", "revoked_by")
    rows = [(one, names.show("organisation", one.city)) for one in held.order_by("-released_at", "-pk")]
    return render(request, "performance/releases.html", {"form": form, "releases": rows})


def _years(request: AskingRequest, city: str) -> list[int]:
    return list(Reading(read(request.actor, {"organisation": city}, services.RIGHT)).years)


@needs("figures.release")
@require_http_methods(["GET", "POST"])
@answering
def revoke(request: AskingRequest, release_id: int) -> HttpResponse:
    """Ask, then take a release back."""
    found = Release.objects.filter(pk=release_id, revoked_at=None, city__in=request.actor.reach(services.RIGHT)).first()
    if found is None:
        raise Http404
    city = ledger.names().show("organisation", found.city)
    if request.method == "POST":
        services.revoke(request.actor, release_id=release_id)
        messages.success(request, say("site.performance.release.undone", city=city, year=found.year))
        return redirect("performance:releases")
    return render(request, "performance/revoke.html", {"release": found, "city": city})
