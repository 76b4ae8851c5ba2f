"""Projects: the list, a new one, one with its materials, changing it, putting it aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.assessments import selectors, services, shown
from chorok.site.assessments.clauses import definition_of, policy_of
from chorok.site.assessments.forms import BillForm, ListForm, MaterialsForm, ProjectForm
from chorok.site.assessments.models import Material, Project, Run
from chorok.site.assessments.points import MAKE
from chorok.site.assessments.views.telling import changeable, done, read_bill, version_of
from chorok.site.config import downloads
from chorok.site.config.language import current, say
from chorok.site.screening.writing import ASK

A_PAGE, MATERIALS = 25, 50
SORTS = {"name": "name", "organisation": "organisation", "stage": "stage", "open": "open_points", "on": "latest_on"}


@needs(selectors.SEE)
@require_GET
def listed(request: AskingRequest) -> HttpResponse:
    """List projects within reach."""
    form = ListForm.of(request.actor, request.GET)
    every = selectors.projects(request.actor)
    found = _narrowed(every, form.wished()).order_by(*_order(request))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [shown.row(*one) for one in selectors.with_runs(list(page))],
        "any": bool(page.object_list) or every.exists(),
        "may": request.actor.may(MAKE),
    }
    return render(request, "assessments/list.html", context)


def _order(request: AskingRequest) -> tuple[str, str]:
    wish = request.GET.get("sort", "")
    column = SORTS.get(wish.removeprefix("-"))
    return (f"-{column}" if wish.startswith("-") else column, "-pk") if column else ("-changed_at", "-pk")


def _narrowed(found: QuerySet[Project], wished: dict[str, Any]) -> QuerySet[Project]:
    if words := wished.pop("q", ""):
        found = found.filter(Q(name__icontains=words) | Q(reference__icontains=words) | Q(department__icontains=words))
    return found.filter(**{"aside": False, **wished})


@needs(MAKE)
@require_http_methods(["GET", "POST"])
def new(request: AskingRequest) -> HttpResponse:
    """Begin a project with its bill of materials."""
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ProjectForm.of(request.actor, *data[:1], initial={"stage": "planned", "kind": "works"})
    bill = BillForm(*data)
    if data and all([form.is_valid(), bill.is_valid()]):
        made = read_bill(bill, lambda read: services.make(
            request.actor, organisation=form.cleaned_data["organisation"], header=form.header, bill=read,
        ))  # fmt: skip
        if made is not None:
            messages.success(request, say("site.assessments.made", lines=made[0].sums["lines"]))
            return redirect("assessments:project", made[0].project_id)
    context = {"form": form, "bill": bill}
    return render(request, "assessments/new.html", context, status=400 if form.errors or bill.errors else 200)


@needs(selectors.SEE)
@require_GET
def show(request: AskingRequest, pk: int) -> HttpResponseBase:
    """Show a project: what it comes to, its materials, what is open."""
    project = selectors.project(request.actor, pk)
    run = selectors.run(project)
    form = MaterialsForm(request.GET)
    found = _of_run(run, form.wished())
    if as_file := downloads.wanted(request):
        return _sheet(project, found, as_file)
    page = Paginator(found, MATERIALS).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "place": shown.named("organisation", project.organisation),
        "run": run,
        "runs": project.runs.count(),
        "policy": getattr(policy_of(run), f"title_{current()}"),
        "definition": definition_of(run),
        "definition_title": getattr(definition_of(run), f"title_{current()}"),
        "figures": shown.figures(run),
        "form": form,
        "page": page,
        "rows": [shown.material(one) for one in page],
        "may": request.actor.may(MAKE, project.organisation) and not project.aside,
        "may_make": request.actor.may(MAKE, project.organisation),
        "may_ask": request.actor.may(ASK, project.organisation),
        "furnished": run.materials.filter(furnished=True, no_goods=False).count(),
        "requests": selectors.requests(request.actor, project),
    }
    return render(request, "assessments/project.html", context)


def _of_run(run: Run, wished: dict[str, Any]) -> QuerySet[Material]:
    found = run.materials.all()
    for word in wished.get("q", "").split():
        named = Q(description__icontains=word) | Q(specification__icontains=word)
        found = found.filter(named | Q(product_id=word) | Q(detail_code=word))
    narrowing: dict[str, dict[str, Any]] = {
        "open": {"open__gt": 0},
        "owed": {"obligation": "owed"},
        "furnished": {"furnished": True},
        "contracted": {"furnished": False, "no_goods": False},
    }
    return found.filter(**narrowing.get(wished.get("show", ""), {}))


COLUMNS = (
    "number", "description", "specification", "quantity", "unit", "amount", "currency", "supply", "item", "obligation",
    "verdict", "why", "needs", "certificates", "alternative", "maker", "model", "certificate", "price", "reach",
    "cost_difference", "cost", "open",
)  # fmt: skip


def _sheet(project: Project, found: QuerySet[Material], form: str) -> FileResponse:
    header = [say(f"site.assessments.column.{name}") for name in COLUMNS]
    return downloads.sheet(say("site.assessments.file", name=project.name), form, header, map(_cells, found))


def _cells(one: Material) -> list[Any]:
    told = shown.material(one)
    best = told["best"] or {}
    return [
        one.number, told["name"], one.specification, one.quantity, one.unit, one.amount, one.currency,
        say(f"site.assessments.supply.{'furnished' if one.furnished else 'contracted'}"), told["item"],
        say(f"site.assessments.owed.{one.obligation}"), say(f"screen_outcome.{one.outcome}"), " ".join(told["why"]),
        " ".join(told["needs"]), ", ".join(one.certificates), best.get("product_name"), best.get("maker"),
        best.get("model"), best.get("certificate_no"), best.get("price"), best.get("supply_area"), one.cost_difference,
        say(f"site.assessments.cost.{one.cost_code}"), one.open,
    ]  # fmt: skip


@needs(MAKE)
@require_http_methods(["GET", "POST"])
def change(request: AskingRequest, pk: int) -> HttpResponse:
    """Change what a project says about itself."""
    project = changeable(request, pk)
    initial = {name: getattr(project, name) for name in ProjectForm.base_fields}
    form = ProjectForm.of(request.actor, request.POST or None, initial=initial)
    form.fields["organisation"].disabled = True
    if request.method == "POST" and form.is_valid():
        return done(
            request,
            project,
            "site.assessments.changed",
            lambda: services.change(request.actor, pk=pk, version=version_of(request), header=form.header),
        )
    context = {"form": form, "project": project, "doing": "site.assessments.change"}
    return render(request, "assessments/form.html", context, status=400 if form.errors else 200)


@needs(MAKE)
@require_POST
def aside(request: AskingRequest, pk: int) -> HttpResponse:
    """Put a project aside, or take it up again."""
    project = changeable(request, pk)
    away = request.POST.get("aside") == "1"
    said = "site.assessments.put_aside" if away else "site.assessments.taken_up"
    return done(
        request,
        project,
        said,
        lambda: services.put_aside(request.actor, pk=pk, version=version_of(request), aside=away),
    )
