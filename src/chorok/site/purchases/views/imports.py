"""Imports in the ledger: the list, the account of one, undoing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as site
from chorok.site.config.language import say_error
from chorok.site.purchases import accounts, rejected, selectors, services

PAGE = 25


@needs(selectors.SEE)
@require_GET
def listed(request: AskingRequest) -> HttpResponse:
    """Show all imports within reach."""
    page = Paginator(selectors.imports(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_import": request.actor.may(services.IMPORT), "names": selectors.names()}
    return render(request, "purchases/list.html", context)


@needs(selectors.SEE)
@require_GET
def account(request: AskingRequest, batch: str) -> HttpResponse:
    """Show what became of one file: lines in = accepted + rejected."""
    found, sent, home = selectors.batch(request.actor, batch)
    context = {
        "batch": found,
        "sent": sent,
        "home": home,
        "home_name": selectors.names().get(home, home),
        "account": accounts.rows(found.total(), found.currency),
        "sheets": [(one, accounts.rows(one, found.currency)) for one in found.accounts],
        "may_undo": found.state == "posted" and request.actor.may(services.UNDO, home),
        "parts": rejected.parts(site.ledger(), found),
        "figures": _figures(home),
    }
    return render(request, "purchases/account.html", context)


def _figures(home: str) -> str:
    """Return where the figures of an organisation are shown."""
    try:
        return f"{reverse('performance:dashboard')}?organisation={home}"
    except NoReverseMatch:
        return ""


@needs(services.UNDO)
@require_http_methods(["GET", "POST"])
def undo(request: AskingRequest, batch: str) -> HttpResponse:
    """Say what goes away, ask, and take an import's lines out."""
    found, sent, home = selectors.batch(request.actor, batch, services.UNDO)
    if request.method == "POST":
        try:
            return redirect("jobs:show", services.undo(actor=request.actor, batch=found.id, organisation=home).pk)
        except ChorokError as error:
            messages.error(request, say_error(error))
            return redirect("purchases:account", batch=batch)
    context = {"batch": found, "sent": sent, "home": home, "account": accounts.rows(found.total(), found.currency)}
    return render(request, "purchases/undo.html", context)
