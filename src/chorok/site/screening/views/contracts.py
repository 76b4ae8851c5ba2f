"""Framework contracts: entered from an agreed line, and what is left of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from chorok.core.errors import ChorokError
from chorok.core.money import written
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import say
from chorok.site.screening import frameworks, selectors
from chorok.site.screening.models import Framework
from chorok.site.screening.screened import left
from chorok.site.screening.views import shown
from chorok.site.screening.views.request import GrantForm, page
from chorok.site.screening.writing import ASK

A_PAGE = 50


@needs(selectors.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List the framework contracts in reach, with what is left of each."""
    listed = Paginator(frameworks.within(request.actor), A_PAGE).get_page(request.GET.get("page"))
    rows = [_row(request, one) for one in listed]
    return render(request, "screening/request_contracts.html", {"page": listed, "rows": rows})


def _row(request: AskingRequest, one: Framework) -> dict[str, Any]:
    return {
        "one": one,
        "where": name_of(request.actor, one.organisation),
        "item": shown.named("item", one.item_group),
        "amount": f"{written(one.amount, one.currency)} {one.currency}",
        "left": f"{written(left(one), one.currency)} {one.currency}",
        "over": one.until < request.actor.today,
    }


@needs(ASK)
@require_POST
def grant(request: AskingRequest, pk: int) -> HttpResponse:
    """Enter an agreed line as a framework contract."""
    one = selectors.request(request.actor, pk)
    form = GrantForm(request.POST, lines=one.lines.all())
    if not form.is_valid():
        return page(request, pk, 422, grant_form=form)
    wish = form.cleaned_data
    try:
        made = frameworks.grant(request.actor, pk=pk, **wish)
    except ChorokError as error:
        return page(request, pk, 409, shown.error_of(error), grant_form=form)
    messages.success(request, say("site.screening.framework.done", reference=made.reference))
    return redirect("screening:frameworks")
