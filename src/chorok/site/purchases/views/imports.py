"""Imports in the ledger: the list, the account of one, undoing it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config import ledger as site
from chorok.site.config.language import say, say_error
from chorok.site.purchases import accounts, rejected, selectors, services
from chorok.site.purchases.forms import FilterForm
from chorok.site.purchases.selectors import Import

PAGE = 25


@needs(selectors.SEE)
@require_GET
def listed(request: AskingRequest) -> HttpResponseBase:
    """Show all imports within reach, narrowed, or hand the list out as a file."""
    every, names = selectors.imports(request.actor), selectors.names()
    form = FilterForm(every, names, request.GET)
    found = form.narrowed(every)
    if as_file := downloads.wanted(request):
        return _sheet(found, names, as_file)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "any": bool(every),
        "form": form,
        "may_import": request.actor.may(services.IMPORT),
        "names": names,
        "query": urlencode({name: value for name, value in form.cleaned_data.items() if value}),
    }
    return render(request, "purchases/list.html", context)


COLUMNS = ("file", "state", "organisation", "source", "lines", "amount", "currency", "rejected", "who", "when")


def _sheet(found: list[Import], names: Mapping[str, str], form: str) -> FileResponse:
    header = [say(f"site.purchases.column.{name}") for name in COLUMNS]
    return downloads.sheet(say("site.purchases.list.title"), form, header, (_cells(one, names) for one in found))


def _cells(one: Import, names: Mapping[str, str]) -> list[str | int | None]:
    when = timezone.localtime(one.when).strftime("%Y-%m-%d %H:%M") if one.when else None
    return [
        one.file, say(f"site.purchases.state.{one.state}"), names.get(one.organisation, one.organisation), one.source,
        one.lines, one.amount, one.currency, one.rejected, one.who, when,
    ]  # fmt: skip


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
    context = {
        "batch": found,
        "sent": sent,
        "home": home,
        "account": accounts.rows(found.total(), found.currency),
        "years": selectors.by_year(found),
        "home_name": selectors.names().get(home, home),
        "shares": selectors.shares_without(found, home) if found.state == "posted" else [],
    }
    return render(request, "purchases/undo.html", context)
