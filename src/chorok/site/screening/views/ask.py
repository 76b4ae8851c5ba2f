"""The purchaser's minute: one box, an answer at once, and a request made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from chorok.core.errors import ChorokError
from chorok.ledger.bought import Bought
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.addresses import whole
from chorok.site.config.language import say, say_error
from chorok.site.registry import selectors as registry
from chorok.site.screening import answers, asking, lastyear, saving
from chorok.site.screening.adoptions import InForce
from chorok.site.screening.asking import Pasted
from chorok.site.screening.forms import HeaderForm, Lines, PickForm, PlaceForm, asked_lines
from chorok.site.screening.models import Request
from chorok.site.screening.once import once
from chorok.site.screening.views.shown import error_of
from chorok.site.screening.writing import ASK, Header

BLANK = 3
"""Empty lines that a new request begins with, and that are added at a time."""


@needs(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: AskingRequest) -> HttpResponse:
    """Answer what was typed or pasted, without keeping anything."""
    posted = request.POST if request.method == "POST" else None
    place = PlaceForm(request.actor, posted)
    text = (posted or request.GET).get("text", "")
    context: dict[str, Any] = {"place": place, "text": text, "most": asking.MOST}
    if posted is not None and place.is_valid():
        context |= _answered(request, place, text)
    context.setdefault("rule", _rule(request, place))
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "screening/ask_answers.html" if partial else "screening/ask.html", context)


def _answered(request: AskingRequest, place: PlaceForm, text: str) -> dict[str, Any]:
    """Return what is said of the lines: of those corrected below, else of the text."""
    read, lines = _lines(request, text)
    if lines is not None and not lines.is_valid():
        return {"lines": lines, "rows": [(form, None) for form in lines.forms]}
    if not read.values:
        return {"nothing": True}
    data = place.cleaned_data
    header = Header("", kind=data["kind"], needed_by=data["needed_by"])
    try:
        looked = asking.look(
            request.actor, organisation=data["organisation"], header=header, lines=read.values, cut=read.cut
        )
    except ChorokError as error:
        return {"failed": error_of(error)}
    formset = asked_lines(extra=0)(initial=read.values, prefix="lines")
    shown = answers.shown(request.actor, looked.lines)
    return {
        "looked": looked,
        "rule": looked.rule,
        "lines": formset,
        "rows": list(zip(formset.forms, shown, strict=True)),
        "counted": _counted(shown),
        "data": data,
        "columns": [(name or "", ", ".join(cells)) for name, cells in read.columns],
        "fields": asking.FIELDS,
    }


def _lines(request: AskingRequest, text: str) -> tuple[Pasted, Lines | None]:
    if "lines-TOTAL_FORMS" not in request.POST:
        said = request.POST.getlist("column")
        return asking.read(text, [one if one in asking.FIELDS else None for one in said]), None
    lines: Lines = asked_lines()(request.POST, prefix="lines")
    if not lines.is_valid():
        return Pasted([], 0), lines
    return Pasted([form.values() for form in lines.wanted], 0), lines


def _counted(shown: Sequence[answers.Shown]) -> list[tuple[str, str, int]]:
    """Return how many lines are answered in which way: kind, tone, count."""
    counts = [(kind, tone, sum(one.kind == kind for one in shown)) for kind, tone in answers.TONES.items()]
    return [one for one in counts if one[2]]


def _rule(request: AskingRequest, place: PlaceForm) -> InForce | None:
    """Return what the chosen organisation, failing that the first, screens under."""
    known = [code for code, _ in place.fields["organisation"].choices]  # type: ignore[attr-defined]
    chosen = place.data.get("organisation") or (known[0] if known else "")
    return asking.rule(request.actor, chosen) if chosen in known else None


@needs(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new(request: AskingRequest) -> HttpResponse:
    """Fill in a request: with lines that were looked at, picked from last year, or none yet."""
    do = request.POST.get("do", "")
    if request.method != "POST":
        return _from_last_year(request) if "year" in request.GET else begin(request, request.GET.dict(), [])
    if do == "from":
        return _from(request)
    header, lines = HeaderForm(request.actor, None, request.POST), asked_lines()(request.POST, prefix="lines")
    if do == "more":
        return _new(request, header, asked_lines()(longer(request.POST), prefix="lines"))
    if not all([header.is_valid(), lines.is_valid()]):
        return _new(request, header, lines, status=400)
    try:
        made = saving.draft(request.actor, header=header, lines=[form.values() for form in lines.wanted])
    except ChorokError as error:
        messages.error(request, error_of(error))
        return _new(request, header, lines, status=400)
    return drafted(request, made)


def _from_last_year(request: AskingRequest) -> HttpResponse:
    """Begin a request with the products that were ticked."""
    _, place = _picking(request)
    try:
        picked = _picked(request, place)
    except ChorokError as error:
        messages.error(request, say_error(error))
        picked = []
    if not picked:
        messages.warning(request, say("site.screening.ask.none_picked"))
        return redirect(f"{reverse('screening:last_year')}?{request.GET.urlencode()}")
    return begin(request, {"organisation": place["organisation"]}, [lastyear.asked(one) for one in picked])


def _from(request: AskingRequest) -> HttpResponse:
    """Begin a request with the lines that stand below the box."""
    lines = asked_lines()(request.POST, prefix="lines")
    if not lines.is_valid():
        return _new(request, HeaderForm(request.actor, None, initial=_headed(request.POST)), lines, status=400)
    return begin(request, _headed(request.POST), [form.values() for form in lines.wanted])


def _headed(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: given[name] for name in ("organisation", "kind", "needed_by", "title") if given.get(name)}


def begin(request: HttpRequest, header: dict[str, str], values: Sequence[dict[str, Any]]) -> HttpResponse:
    """Show the form of a new request with lines filled in."""
    named = next((name for one in values if (name := _called(one))), "")
    title = say("site.screening.ask.title_of", first=named, more=len(values) - 1) if len(values) > 1 else named
    given = {"title": title[:200], **header}
    lines = asked_lines(extra=0 if values else BLANK)(initial=list(values), prefix="lines")
    return _new(request, HeaderForm(request.actor, None, initial=given), lines)  # type: ignore[attr-defined]


def _called(values: Mapping[str, Any]) -> str:
    """Return what a line is called: a mere number by the registry's name for it."""
    name, number = str(values.get("description") or ""), str(values.get("product_id") or "")
    if name or not number:
        return name
    listed = registry.known().catalogue.having("product", number)
    return next((str(row["product_name"]) for row in listed if row["product_name"]), number)


def _new(request: HttpRequest, header: HeaderForm, lines: Any, status: int = 200) -> HttpResponse:
    return render(request, "screening/ask_new.html", {"header": header, "lines": lines}, status=status)


def longer(given: Any) -> Any:
    """Return a posted form with room for more lines."""
    data = given.copy()
    count = str(given.get("lines-TOTAL_FORMS", "0"))
    data["lines-TOTAL_FORMS"] = str(min(int(count) if count.isdecimal() else 0, 990) + BLANK)
    return data


def drafted(request: HttpRequest, made: Request) -> HttpResponse:
    """Say what was kept, and lead to it."""
    messages.success(request, say("site.screening.ask.drafted", number=made.number, lines=made.lines.count()))
    return redirect("screening:edit", pk=made.pk)


@needs(ASK)
@require_safe
def last_year(request: AskingRequest) -> HttpResponse:
    """Show what the organisation bought before, by product, to pick from; what was ticked stays from page to page."""
    form, place = _picking(request)
    page = min(max(whole(request.GET.get("page", "")) or 1, 1), 10_000)
    context: dict[str, Any] = {"form": form, "most": asking.MOST}
    try:
        picked = _picked(request, place)
        rows, count = lastyear.products(request.actor, **place, words=form.cleaned_data["words"], page=page)
    except ChorokError as error:
        return render(request, "screening/ask_last.html", {**context, "failed": say_error(error)})
    shown = {one.key for one in rows}
    context |= {
        "rows": rows,
        "count": count,
        "page": Paginator(range(count), lastyear.PAGE).get_page(page),
        "picked": {one.key for one in picked},
        "elsewhere": [one for one in picked if one.key not in shown],
        "cut": len(request.GET.getlist("product")) > asking.MOST,
    }
    return render(request, "screening/ask_last.html", context)


def _picking(request: AskingRequest) -> tuple[PickForm, dict[str, Any]]:
    """Return the form of what to pick from, and the organisation and year that it says."""
    form = PickForm(request.actor, request.GET.dict())
    if not form.is_valid():
        form = PickForm(request.actor, {})
        form.is_valid()
    return form, {"organisation": form.cleaned_data["organisation"], "year": int(form.cleaned_data["year"])}


def _picked(request: AskingRequest, place: dict[str, Any]) -> list[Bought]:
    """Return the products that were ticked."""
    keys = [text for text in dict.fromkeys(request.GET.getlist("product")) if re.fullmatch("[0-9]{1,19}", text)]
    return lastyear.picked(request.actor, **place, keys=[int(text) for text in keys[: asking.MOST]])
