"""Lists on their way into the registry: uploaded, previewed, confirmed or dismissed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.core.errors import UsageError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config.language import say
from chorok.site.registry import formats, services
from chorok.site.registry.forms import UploadForm
from chorok.site.registry.models import ListFile
from chorok.site.registry.views.telling import refused

PAGE = 20


@needs("registry.change")
@require_http_methods(["GET", "POST"])
def lists(request: AskingRequest) -> HttpResponse:
    """Show what was brought in, and take in another list."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given, today=request.actor.today)
    if form.is_valid():
        _, job = services.upload(actor=request.actor, **form.cleaned_data)
        return HttpResponseRedirect(reverse("jobs:show", args=[job.pk]))
    page = Paginator(ListFile.objects.select_related("result"), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "formats": formats.known(), "templates": formats.templates()}
    return render(request, "registry/lists.html", context)


@needs("registry.change")
@require_GET
def one(request: AskingRequest, key: UUID) -> HttpResponse:
    """Show what would become of a list, or what became of it."""
    file = get_object_or_404(ListFile, pk=key)
    if file.state == ListFile.State.POSTED:
        return HttpResponseRedirect(reverse("registry:version", args=[file.result_id]))
    return render(request, "registry/list.html", {"file": file, "preview": formats.preview(file)})


@needs("registry.change")
@require_POST
def confirm(request: AskingRequest, key: UUID) -> HttpResponse:
    """Put a previewed list into the registry."""
    file = get_object_or_404(ListFile, pk=key)
    try:
        job = services.confirm(actor=request.actor, file=file)
    except UsageError as error:
        return refused(request, error, "registry:list", key)
    return HttpResponseRedirect(reverse("jobs:show", args=[job.pk]))


@needs("registry.change")
@require_POST
def dismiss(request: AskingRequest, key: UUID) -> HttpResponse:
    """Put a list aside."""
    file = get_object_or_404(ListFile, pk=key)
    try:
        services.dismiss(actor=request.actor, file=file)
    except UsageError as error:
        return refused(request, error, "registry:list", key)
    messages.success(request, say("site.registry.list.dismissed", name=file.name))
    return HttpResponseRedirect(reverse("registry:lists"))


@needs("registry.change")
@require_GET
def template(request: AskingRequest, name: str) -> HttpResponseBase:
    """Hand out an empty file with the headers of a plain template."""
    header = formats.header(name)
    if header is None:
        raise Http404(name)
    return downloads.sheet(name, downloads.wanted(request) or "xlsx", header, [])
