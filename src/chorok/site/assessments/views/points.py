"""Open points of all projects within reach, and one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.assessments import points, selectors, shown
from chorok.site.assessments.forms import CloseForm, PointForm, PointsForm
from chorok.site.assessments.models import OpenPoint
from chorok.site.assessments.points import MAKE
from chorok.site.assessments.views.telling import changeable, version_of
from chorok.site.config.acting import attempted
from chorok.site.config.language import say, say_error

A_PAGE = 50
SORTS = {"project": "project__name", "kind": "kind", "owner": "owner", "due": "due_on", "material": "material"}


@needs(selectors.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List what is open in all projects, the most urgent first."""
    asked = request.GET.copy()
    asked.setdefault("state", "open")
    form = PointsForm.of(request.actor, asked)
    every = selectors.points(request.actor)
    found = _narrowed(every, form.wished(), request)
    page = Paginator(_ordered(found, request.GET.get("sort", "")), A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"one": one, "place": shown.named("organisation", one.project.organisation), "late": _late(one, request)}
        for one in page
    ]
    context = {"form": form, "page": page, "rows": rows, "any": bool(rows) or every.exists()}
    return render(request, "assessments/points.html", context)


def _ordered(found: QuerySet[OpenPoint], wish: str) -> QuerySet[OpenPoint]:
    column = SORTS.get(wish.removeprefix("-"), "due_on")
    first = F(column).desc(nulls_last=True) if wish.startswith("-") else F(column).asc(nulls_last=True)
    return found.order_by(first, "project", "number", "pk")


def _narrowed(found: QuerySet[OpenPoint], wished: dict[str, Any], request: AskingRequest) -> QuerySet[OpenPoint]:
    state = wished.get("state", "")
    found = found.exclude(closed_how="") if state == "closed" else found
    if state in ("open", "late"):
        found = found.filter(closed_how="")
    if state == "late":
        found = found.filter(due_on__lt=request.actor.today)
    if words := wished.get("q"):
        found = found.filter(Q(material__icontains=words) | Q(project__name__icontains=words))
    if organisation := wished.get("organisation"):
        found = found.filter(project__organisation=organisation)
    return found.filter(**{name: wished[name] for name in ("kind", "owner") if name in wished})


def _late(one: OpenPoint, request: AskingRequest) -> bool:
    return not one.closed_how and one.due_on is not None and one.due_on < request.actor.today


def _found(request: AskingRequest, pk: int) -> OpenPoint:
    found = selectors.points(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@needs(selectors.SEE)
@require_http_methods(["GET", "POST"])
def one(request: AskingRequest, pk: int) -> HttpResponse:
    """Show a point; with POST say who sees to it until when."""
    point = _found(request, pk)
    form = PointForm(request.POST or None, initial={name: getattr(point, name) for name in PointForm.base_fields})
    if request.method == "POST" and form.is_valid():
        changeable(request, point.project_id)
        try:
            points.keep(request.actor, pk=pk, version=version_of(request), **form.cleaned_data)
        except ChorokError as error:
            form.add_error(None, say_error(error))
        else:
            messages.success(request, say("site.assessments.point_kept"))
            return redirect("assessments:point", pk)
    return _page(request, point, form, CloseForm())


def _page(request: AskingRequest, point: OpenPoint, form: PointForm, closing: CloseForm) -> HttpResponse:
    run = selectors.run(point.project)
    line = run.materials.filter(key=point.key).first()
    context = {
        "point": point,
        "place": shown.named("organisation", point.project.organisation),
        "late": _late(point, request),
        "form": form,
        "closing": closing,
        "row": shown.material(line) if line else None,
        "may": request.actor.may(MAKE, point.project.organisation),
    }
    return render(request, "assessments/point.html", context, status=400 if form.errors or closing.errors else 200)


@needs(MAKE)
@require_POST
def close(request: AskingRequest, pk: int) -> HttpResponse:
    """Close a point, saying with what."""
    point = _found(request, pk)
    changeable(request, point.project_id)
    closing = CloseForm(request.POST)
    form = PointForm(initial={name: getattr(point, name) for name in PointForm.base_fields})
    if not closing.is_valid():
        return _page(request, point, form, closing)
    try:
        points.close(request.actor, pk=pk, version=version_of(request), words=closing.cleaned_data["words"])
    except ChorokError as error:
        closing.add_error("words", say_error(error))
        return _page(request, point, form, closing)
    messages.success(request, say("site.assessments.point_closed"))
    return redirect("assessments:point", pk)


@needs(MAKE)
@require_POST
def reopen(request: AskingRequest, pk: int) -> HttpResponse:
    """Open a closed point again."""
    point = _found(request, pk)
    changeable(request, point.project_id)
    if attempted(request, lambda: points.reopen(request.actor, pk=pk, version=version_of(request))):
        messages.success(request, say("site.assessments.point_reopened"))
    return redirect("assessments:point", pk)
