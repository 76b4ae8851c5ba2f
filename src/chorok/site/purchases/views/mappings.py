"""Saved mappings: the list, changing one, handing it out, forgetting it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config.language import say, say_error
from chorok.site.purchases import mappings, selectors, services
from chorok.site.purchases.forms import TableForm
from chorok.site.purchases.models import Mapping
from chorok.site.purchases.selectors import names


def _find(request: AskingRequest, key: int) -> Mapping:
    found = selectors.mappings(request.actor).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@needs(selectors.SEE)
@require_GET
def listed(request: AskingRequest) -> HttpResponse:
    """Show the mappings within reach."""
    context = {
        "mappings": selectors.mappings(request.actor),
        "names": names(),
        "may_import": request.actor.may(services.IMPORT),
    }
    return render(request, "purchases/mappings.html", context)


@needs(selectors.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: AskingRequest, key: int) -> HttpResponse:
    """Show a mapping; with POST change it."""
    found = _find(request, key)
    form = TableForm(mappings.as_table(found), request.POST or None, prefix="t0", naming="name")
    if request.method == "POST" and form.is_valid():
        profile = form.profile(found.organisation)
        name = mappings.title_of(form.cleaned_data)
        try:
            if profile:
                mappings.change(actor=request.actor, saved=found, name=name, profile=profile)
                messages.success(request, say("site.purchases.mapping.saved", name=name))
                return redirect("purchases:mappings")
        except ChorokError as error:
            form.add_error("save_as", say_error(error))
    context = {
        "mapping": found,
        "form": form,
        "may_change": request.actor.may(services.IMPORT, found.organisation),
        "place": names().get(found.organisation, found.organisation),
    }
    return render(request, "purchases/mapping.html", context, status=400 if form.errors else 200)


@needs(selectors.SEE)
@require_GET
def download(request: AskingRequest, key: int) -> HttpResponse:
    """Hand a mapping out as the file that `chorok import --profile` takes."""
    found = _find(request, key)
    return downloads.text(f"{found.name}.toml", found.profile, "application/toml")


@needs(services.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: AskingRequest, key: int) -> HttpResponse:
    """Ask, and forget a mapping."""
    found = _find(request, key)
    if request.method == "POST":
        mappings.delete(actor=request.actor, saved=found)
        messages.success(request, say("site.purchases.mapping.deleted", name=found.name))
        return redirect("purchases:mappings")
    return render(request, "purchases/mapping_delete.html", {"mapping": found})
