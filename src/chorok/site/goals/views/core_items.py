"""Core items: candidates by a rule, and adopting them as a list."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import ChorokError
from chorok.core.measures.core_items import BY, PERCENTILE, Choice, Chosen, CoreItem, gain
from chorok.ledger import core_lists
from chorok.publications.target_words import bounded
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as site
from chorok.site.config.language import say, say_error
from chorok.site.goals import selectors, services
from chorok.site.goals.forms import FIRST_YEAR, LAST_YEAR, AdoptForm, CoreForm
from chorok.site.goals.selectors import Core
from chorok.site.goals.words import grounds, named
from chorok.site.periods import signing


@needs(selectors.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """Show the item groups to work on first, why, and what that would do."""
    if not site.is_published():
        return render(request, "goals/nothing_yet.html")
    usual = {
        "organisation": request.actor.places(selectors.SEE)[0],
        "year": site.ledger().today.year - 1,
        "by": "rule",
        "percentile": PERCENTILE,
        "reference": "city",
    }
    form = CoreForm.of(request.actor, request.GET.dict(), usual)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _candidates(request, form.cleaned_data)
    return render(request, "goals/core_items.html", context, status=400 if form.errors else 200)


def _candidates(request: AskingRequest, data: dict[str, Any]) -> dict[str, Any]:
    scope, year = data["organisation"], data["year"]
    by = next(one for one in BY if one == data["by"])
    choice = Choice(by, data["percentile"], data["top"])
    found = selectors.core(request.actor, scope, year, choice, data["reference"])
    currency = found.shares.currencies.get(scope, "KRW")
    chosen = [one.code for one in found.chosen.core]
    lists = selectors.core_lists_of(request.actor, scope)
    return {
        "rows": [_row(one, found) for one in found.chosen.items],
        "name": named(scope),
        "year": year,
        "aim_year": year + 1,
        "currency": currency,
        "together": _together(found.chosen),
        "rule": say(f"site.goals.rule.{by}", percentile=choice.percentile),
        "ungrouped": found.ungrouped.undetermined + found.ungrouped.unknown,
        "why_none": say(f"site.goals.why_none.{found.why_none}", year=year) if found.why_none else "",
        "running": year >= site.ledger().today.year,
        "grounds": [grounds(found.shares)] if found.shares.answer else [],
        "lists": [(one, [site.names().show("item", item) for item in one.items]) for one in lists],
        "people": signing.names(one.by for one in lists),
        "may": request.actor.may(services.CHANGE, scope),
        "adopt": urlencode({"organisation": scope, "year": year + 1, "rule": by, "items": ",".join(chosen)}),
    }


def _row(one: CoreItem, found: Core) -> dict[str, Any]:
    aim = found.aims.get(one.code)
    return {
        "one": one,
        "name": site.names().show("item", one.code),
        "share": bounded(one.share),
        "adopted": bool(found.adopted and one.code in found.adopted.items),
        "aim": aim,
        "gain": None if aim is None else gain(one.share, aim / 100, found.chosen.total.denominator),
    }


def _together(chosen: Chosen) -> dict[str, Any] | None:
    core = chosen.core
    if not core:
        return None
    effect = sum((one.effect for one in core), Fraction(0))
    return {
        "count": len(core),
        "weight": sum((one.weight for one in core), Fraction(0)),
        "effect": effect,
        "after": chosen.after(effect),
        "high": chosen.high_spend,
    }


@needs(services.CHANGE)
@require_http_methods(["GET", "POST"])
def adopt(request: AskingRequest) -> HttpResponse:
    """Adopt core items for an organisation's year as a dated list."""
    given = request.POST if request.method == "POST" else request.GET
    scope, rule, year = given.get("organisation", ""), given.get("rule", ""), given.get("year", "")
    if not site.is_published() or not request.actor.may(services.CHANGE, scope) or rule not in BY:
        raise Http404
    if not year.isascii() or not year.isdigit() or not FIRST_YEAR <= int(year[:5]) <= LAST_YEAR:
        raise Http404
    names = sorted(site.names().by_dimension["item"].items(), key=lambda pair: pair[1])
    wished = [code for code in request.GET.get("items", "").split(",") if code]
    form = AdoptForm(request.POST or None, choices={"items": names}, initial={"items": wished})
    if request.method == "POST" and form.is_valid() and _adopted(request, form, scope, int(year), rule):
        query = urlencode({"organisation": scope, "year": str(int(year) - 1)})
        return redirect(f"{reverse('goals:core_items')}?{query}")
    before = core_lists.in_force(site.ledger(), scope, int(year))
    context = {
        "form": form,
        "name": named(scope),
        "scope": scope,
        "year": year,
        "rule": rule,
        "before": [site.names().show("item", item) for item in before.items] if before else [],
    }
    return render(request, "goals/adopt.html", context, status=400 if form.errors else 200)


def _adopted(request: AskingRequest, form: AdoptForm, scope: str, year: int, rule: str) -> bool:
    data = form.cleaned_data
    try:
        services.adopt(
            request.actor, scope=scope, year=year, items=tuple(data["items"]), rule=rule, reason=data["reason"]
        )
    except ChorokError as error:
        form.add_error("reason" if error.code == "core_reason" else "items", say_error(error))
        return False
    messages.success(request, say("site.goals.adopted", organisation=named(scope), year=year, count=len(data["items"])))
    return True
