"""Inspecting deliveries: the list of what is to be looked at, the form, and taking an inspection back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import say, say_error
from chorok.site.fulfilment import selectors, services
from chorok.site.fulfilment.forms import InspectForm
from chorok.site.screening import adoptions
from chorok.site.screening import selectors as requests

A_PAGE = 50
LISTS = ("to_inspect", "open_points", "all")


@needs(selectors.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List lines: to be inspected, not proved, or all that may be bought."""
    which = request.GET.get("which", LISTS[0])
    which = which if which in LISTS else LISTS[0]
    everything = selectors.with_proof(selectors.lines(request.actor))
    found = {"to_inspect": selectors.to_inspect, "open_points": selectors.open_points}.get(which)
    rows = found(request.actor) if found else everything
    tabs = [{"label": say(f"site.fulfilment.{one}"), "url": f"?which={one}", "current": one == which} for one in LISTS]
    page = Paginator(rows.prefetch_related("inspections"), A_PAGE).get_page(request.GET.get("page"))
    context = {"tabs": tabs, "which": which, "page": page, "inspects": request.actor.may(services.INSPECT)}
    return render(request, "fulfilment/inspections.html", context)


@needs(services.INSPECT)
@require_http_methods(["GET", "POST"])
def inspect(request: AskingRequest, pk: int, number: int) -> HttpResponse:
    """Note what came with a delivery; the registry says at once whether it proves it."""
    found = requests.request(request.actor, pk)
    line = next((one for one in found.lines.all() if one.number == number), None)
    if line is None or not request.actor.may(services.INSPECT, found.organisation):
        raise Http404
    initial = {
        "proof": "certificate",
        "delivered_on": request.actor.today,
        "quantity": f"{line.quantity.normalize():f}" if line.quantity else None,
    }
    form = InspectForm(request.POST or None, initial={**initial, "amount": line.amount})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.inspect(request.actor, pk=pk, number=number, seen=form.seen())
        except ChorokError as error:
            form.add_error(None, say_error(error))
        else:
            said = (
                say(f"certificate_finding.{made.finding}")
                if made.finding
                else say(f"site.fulfilment.proof.{made.proof}")
            )
            tell = messages.success if made.passed else messages.warning
            tell(request, say(f"site.fulfilment.{'passed' if made.passed else 'not_passed'}", line=number, said=said))
            return redirect("fulfilment:request", pk)
    policy = adoptions.of_request(found).policy
    context = {"form": form, "one": found, "line": line, "policy": policy}
    return render(request, "fulfilment/inspect.html", context, status=400 if form.errors else 200)


@needs(services.INSPECT)
@require_POST
def undo(request: AskingRequest, pk: int) -> HttpResponse:
    """Take an inspection back."""
    try:
        found = services.undo(request.actor, pk=pk)
    except ChorokError as error:
        messages.error(request, say_error(error))
        return redirect("fulfilment:inspections")
    messages.success(request, say("site.fulfilment.undone", line=found.line.number))
    return redirect("fulfilment:request", found.line.request_id)
