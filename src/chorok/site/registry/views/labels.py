"""Labels: what certification marks on offers stand for; one that was never seen waits for a person, once."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from chorok.core.errors import UsageError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.registry import selectors, services
from chorok.site.registry.labels import choices, listed
from chorok.site.registry.views.telling import refused

PAGE = 25


@needs("registry.see")
@require_http_methods(["GET", "POST"])
def labels(request: AskingRequest) -> HttpResponseBase:
    """Show labels, those that wait first, and take decisions on them."""
    if request.method == "POST":
        return _decide(request)
    known = selectors.known()
    rows = listed(known, open_only=request.GET.get("all") != "1")
    if form := downloads.wanted(request):
        columns = ("label", "basis", "seen", "source")
        return downloads.sheet("labels", form, columns, [[row[name] for name in columns] for row in rows])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "choices": choices(known),
        "all": request.GET.get("all") == "1",
        "may_change": request.actor.may("registry.change"),
        "waiting": sum(row["basis"] is None for row in listed(known, open_only=True)),
    }
    return render(request, "registry/labels.html", context)


def _decide(request: AskingRequest) -> HttpResponse:
    """Take what was chosen for each label of the page: fields `label-<n>` with `basis-<n>`."""
    allowed = {code for code, _ in choices(selectors.known())}
    decided = {
        request.POST[name]: basis
        for name in request.POST
        if name.startswith("label-") and (basis := request.POST.get(f"basis-{name[6:]}", "")) in allowed
    }
    try:
        job = services.decide_labels(actor=request.actor, decided=decided)
    except UsageError as error:
        return refused(request, error, "registry:labels")
    return HttpResponseRedirect(reverse("jobs:show", args=[job.pk]))
