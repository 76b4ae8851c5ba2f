"""Targets: what came of them, their revisions, setting one, and finding a number for one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import ChorokError
from chorok.core.measures import targets as measure
from chorok.core.measures.suggestions import green_needed
from chorok.core.measures.targets import MODES, Target
from chorok.ledger.targets import Row
from chorok.publications.target_words import as_set, because, bounded, number, said, whole
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as site
from chorok.site.config.language import say, say_error
from chorok.site.config.written import unit_of
from chorok.site.goals import selectors, services
from chorok.site.goals.forms import SuggestForm, TargetForm
from chorok.site.goals.words import grounds, named
from chorok.site.periods import signing
from chorok.site.periods.views.choosing import organisations, year_of

A_PAGE = 50
TONES = {"met": "good", "missed": "bad", "open": "warn", "running": "info"}
KEY = ("organisation", "year", "item", "basis", "definition")


@needs(selectors.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List targets with what came of them."""
    if not site.is_published():
        return render(request, "goals/nothing_yet.html")
    scope, year = request.GET.get("organisation", ""), year_of(request.GET.get("year", ""), 0) or None
    found = selectors.targets(request.actor, scope, year)
    page = Paginator(found.rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(row) for row in page],
        "count": len(found.rows),
        "organisation": scope,
        "year": year,
        "years": sorted({one.year for one in selectors.in_reach(request.actor)}, reverse=True),
        "organisations": organisations(request.actor, selectors.SEE),
        "may": request.actor.may(services.CHANGE),
        "grounds": [grounds(one) for one in found.asked if one.answer],
    }
    return render(request, "goals/targets.html", context)


def _row(row: Row) -> dict[str, Any]:
    target = row.target
    return {
        "row": row,
        "name": named(target.scope),
        "item": _item(target),
        "as_set": as_set(target, say),
        "aim": number(row.aim),
        "base": number(row.base),
        "result": bounded(row.result),
        "attained": number(row.attainment.ratio * 100) if row.attainment.ratio is not None else None,
        "gap": number(row.attainment.gap_closed * 100) if row.attainment.gap_closed is not None else None,
        "why": _why(row),
        "tone": TONES.get(row.standing, "plain"),
        "remarks": [said(remark, say) for remark in row.remarks],
        "revisions": len(row.history) - 1,
        "query": _query(**dict(zip(KEY, _key(target), strict=True))),
    }


def _query(**values: object) -> str:
    return urlencode({name: str(value or "") for name, value in values.items()})


def _key(target: Target) -> tuple[object, ...]:
    return target.scope, target.year, target.item, target.basis, target.definition


def _item(target: Target) -> str:
    return site.names().show("item", target.item) or say("word.all")


def _why(row: Row) -> str:
    """Why there is no attainment, or no closed gap; nothing where both are there or the year is ahead."""
    reasons = {row.attainment.ratio_reason, row.attainment.gap_reason} - {None}
    return "" if row.standing == "ahead" else "; ".join(sorted(say(f"attainment_reason.{one}") for one in reasons))


@needs(selectors.SEE)
@require_GET
def one(request: AskingRequest) -> HttpResponse:
    """Show one target with all its revisions."""
    year, wish = year_of(request.GET.get("year", ""), 0), {name: request.GET.get(name, "") for name in KEY}
    where = wish["organisation"], year, wish["item"] or None, wish["basis"], wish["definition"]
    row = selectors.target(request.actor, *where) if site.is_published() else None
    if row is None:
        raise Http404
    history = [{"target": one, "as_set": as_set(one, say)} for one in reversed(row.history)]
    target = row.target
    again = {name: value for name, value in wish.items() if value} | {"mode": target.mode}
    if target.base_year:
        again["base_year"] = str(target.base_year)
    context = {
        "shown": _row(row),
        "history": history,
        "people": signing.names(one.set_by for one in row.history if one.set_by),
        "may": request.actor.may(services.CHANGE, target.scope),
        "again": urlencode(again),
        "query": _query(organisation=target.scope, year=target.year, item=target.item),
    }
    return render(request, "goals/target.html", context)


@needs(services.CHANGE)
@require_http_methods(["GET", "POST"])
def set_target(request: AskingRequest) -> HttpResponse:
    """Set a target or revise one."""
    if not site.is_published():
        return render(request, "goals/nothing_yet.html")
    today = site.ledger().today
    given = {name: value for name, value in request.GET.items() if name in TargetForm.base_fields}
    initial = {"year": today.year + 1, "definition": "national", "set_on": today, **given}
    form = TargetForm.of(request.actor, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _set(request, form):
        return redirect("goals:targets")
    return render(request, "goals/set_target.html", {"form": form}, status=400 if form.errors else 200)


def _set(request: AskingRequest, form: TargetForm) -> bool:
    try:
        found = services.set_target(request.actor, target_of(form.cleaned_data))
    except ChorokError as error:
        form.add_error(FIELDS.get(error.code), say_error(error))
        return False
    target = found.target
    about = {"organisation": named(target.scope), "item": _item(target), "year": target.year}
    messages.success(request, say("site.goals.target_set", **about, value=as_set(target, say)))
    for remark in found.remarks:
        messages.warning(request, said(remark, say))
    return True


FIELDS = {
    "target_value_bad": "value",
    "target_unit": "value",
    "target_share_range": "value",
    "target_aim_range": "value",
    "target_base_missing": "base_year",
    "target_base_late": "base_year",
    "target_base_no_data": "base_year",
    "target_reason": "reason",
    "target_set_later": "set_on",
}
"""Where an error belongs."""


def target_of(data: dict[str, Any]) -> Target:
    """Return the target that a form says. Raises UsageError for values that cannot be read."""
    mode = next(mode for mode in MODES if mode == data["mode"])
    return Target(
        scope=data["organisation"],
        year=data["year"],
        value=measure.read_value(data["value"], mode),
        mode=mode,
        item=data["item"] or None,
        base_year=data["base_year"],
        base_value=measure.read_value(data["base_value"], "absolute") if data["base_value"] else None,
        set_on=data["set_on"],
        reason=data["reason"],
        basis=data["basis"],
        definition=data["definition"],
    )


@needs(selectors.SEE)
@require_GET
def suggest(request: AskingRequest) -> HttpResponse:
    """Suggest targets, each way with its reasoning."""
    if not site.is_published():
        return render(request, "goals/nothing_yet.html")
    places, year = request.actor.places(selectors.SEE), site.ledger().today.year + 1
    form = SuggestForm.of(request.actor, request.GET.dict(), {"organisation": places[0], "year": year})
    context: dict[str, Any] = {"form": form, "may": False}
    if form.is_valid():
        context |= _advice(request, **form.cleaned_data)
    return render(request, "goals/suggest.html", context, status=400 if form.errors else 200)


def _advice(request: AskingRequest, organisation: str, item: str, year: int) -> dict[str, Any]:
    advice, shares = selectors.advice(request.actor, organisation, year, item or None, "eligible", "national")
    currency, names = shares.currencies.get(organisation, "KRW"), site.names()
    rows = [
        {
            "method": one.method,
            "value": number(one.value),
            "green": None if one.value is None or advice.base is None else whole(green_needed(one.value, advice.base)),
            "because": because(one, currency, names, say, unit_of(currency)),
            "query": _query(
                organisation=organisation,
                year=year,
                item=item,
                mode="absolute",
                value=number(one.value),
                base_year=advice.base_year,
            ),
        }
        for one in advice.suggestions
    ]
    return {
        "rows": rows,
        "currency": currency,
        "base": bounded(advice.base),
        "base_year": advice.base_year,
        "name": named(organisation),
        "item_name": names.show("item", item or None) or say("word.all"),
        "year": year,
        "may": request.actor.may(services.CHANGE, organisation),
        "grounds": [grounds(shares)] if shares.answer else [],
    }
