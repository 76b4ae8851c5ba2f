"""Rejected rows: what is wrong with each, mended on the page or in the file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import ChorokError
from chorok.ledger.batches import Batch
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as site
from chorok.site.config.language import say, say_error
from chorok.site.purchases import mending, rejected, selectors, services
from chorok.site.purchases.models import Mended
from chorok.site.purchases.rejected import Part, Row

PAGE = 20


def _part(batch: Batch, number: int) -> Part:
    found = next((one for one in rejected.parts(site.ledger(), batch) if one.number == number), None)
    if found is None:
        raise Http404
    return found


@needs(selectors.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: AskingRequest, batch: str, part: int) -> HttpResponse:
    """Show the rejected rows of a table; with POST keep what was mended, or send it."""
    found, _, home = selectors.batch(request.actor, batch)
    which = _part(found, part)
    page = Paginator(range(which.rows), PAGE).get_page(request.GET.get("page"))
    shown = rejected.rows(site.ledger(), found, which, max(page.start_index() - 1, 0), PAGE)
    if request.method == "POST":
        return _mend(request, found, home, which, shown, page.number)
    waiting = Mended.objects.filter(batch=found.id, part=part, upload=None).count()
    context = {
        "batch": found,
        "part": which,
        "parts": rejected.parts(site.ledger(), found),
        "page": page,
        "rows": shown,
        "waiting": waiting,
        "may_mend": found.state == "posted" and request.actor.may(services.IMPORT, home),
    }
    return render(request, "purchases/rejected.html", context)


def _mend(
    request: AskingRequest, found: Batch, home: str, part: Part, shown: list[Row], page: int
) -> HttpResponseRedirect:
    given: dict[str, Any] = {"actor": request.actor, "batch": found, "organisation": home, "part": part}
    back = reverse("purchases:rejected", args=[found.id, part.number]) + f"?page={page}"
    try:
        kept = mending.save(**given, changes=_changes(request, shown))
        if request.POST.get("do") == "send":
            return redirect("jobs:show", mending.send(**given).pk)
        messages.success(request, say("site.purchases.mend.kept", rows=kept))
    except ChorokError as error:
        messages.error(request, say_error(error))
    return redirect(back)


def _changes(request: AskingRequest, shown: list[Row]) -> dict[int, dict[str, str]]:
    """Return what was typed into rows and is not what stood there."""
    found: dict[int, dict[str, str]] = {}
    for row in shown:
        for cell in row.cells:
            typed = request.POST.get(f"r{row.number}-{cell.place}")
            if typed is not None and typed != cell.text and row.sent is None:
                found.setdefault(row.number, {})[cell.column] = typed
    return found


@needs(selectors.SEE)
@require_GET
def download(request: AskingRequest, batch: str, part: int) -> FileResponse:
    """Hand out the rejects file: to be mended in a spreadsheet and sent again like any file."""
    found, _, home = selectors.batch(request.actor, batch)
    which = _part(found, part)
    file = mending.downloaded(actor=request.actor, batch=found, organisation=home, part=which)
    name = say("site.purchases.mend.download_name", file=found.file.rpartition(".")[0] or found.file)
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"{name}.csv", content_type="text/csv")


@needs(selectors.SEE)
@require_GET
def received(request: AskingRequest, batch: str) -> HttpResponseBase:
    """Hand out the file as it was received."""
    found, _, home = selectors.batch(request.actor, batch)
    try:
        file = mending.received(actor=request.actor, opened=site.ledger(), batch=found, organisation=home)
    except ChorokError as error:
        messages.error(request, say_error(error))
        return redirect("purchases:account", batch=batch)
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=found.file, content_type="application/octet-stream"
    )
