"""Item groups: which there are, what belongs to each, what people should know of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config.language import say
from chorok.site.registry import groups, selectors, services
from chorok.site.registry.forms import GuideForm

COLUMNS = ("code", "name", "codes", "products", "certified", "mandatory", "since", "until")


@needs("registry.see")
@require_GET
def listed(request: AskingRequest) -> HttpResponseBase:
    """List the item groups."""
    known = selectors.known()
    rows = groups.listed(request.actor, known, request.GET.get("sort", "name"))
    if form := downloads.wanted(request):
        header = [say(f"site.registry.field.{name}") for name in COLUMNS]
        return downloads.sheet("item-groups", form, header, [[_cell(row[name]) for name in COLUMNS] for row in rows])
    return render(request, "registry/groups.html", {"rows": rows, "shared": groups.shared_codes(known)})


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else "Y" if value is True else "" if value is False else value


@needs("registry.see")
@require_GET
def group(request: AskingRequest, code: str) -> HttpResponse:
    """Show one item group."""
    found = groups.one(request.actor, selectors.known(), code)
    if found is None:
        raise Http404(code)
    return render(request, "registry/group.html", {"group": found, "may_change": request.actor.may("registry.change")})


@needs("registry.change")
@require_http_methods(["GET", "POST"])
def guide(request: AskingRequest, code: str) -> HttpResponse:
    """Write what people should know of an item group."""
    found = groups.one(request.actor, selectors.known(), code)
    if found is None:
        raise Http404(code)
    form = GuideForm(request.POST or None, instance=found["guide"])
    if request.method == "POST" and form.is_valid():
        services.write_guide(actor=request.actor, guide=form.save(commit=False))
        messages.success(request, say("site.registry.group.guide_kept", name=found["name"]))
        return HttpResponseRedirect(reverse("registry:group", args=[code]))
    return render(request, "registry/guide.html", {"group": found, "form": form})
