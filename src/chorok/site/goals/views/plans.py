"""Action plans: the list, one plan, its steps, and its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as site
from chorok.site.config.acting import attempted
from chorok.site.config.language import say, say_error
from chorok.site.goals import selectors, services
from chorok.site.goals.forms import CloseForm, PlanForm, StepForm
from chorok.site.goals.models import ActionPlan, PlanState, PlanStep
from chorok.site.goals.words import named
from chorok.site.periods.views.choosing import organisations

A_PAGE = 30
TONES = {"open": "info", "done": "good", "dropped": "plain"}
STEP_TONES = {"done": "good", "late": "bad", "due": "info", "ahead": "plain"}


@needs(selectors.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List action plans with how far they are."""
    wished = {name: request.GET.get(name, "") for name in ("state", "organisation")}
    found = selectors.plans(request.actor).filter(**{name: value for name, value in wished.items() if value})
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(plan, named_or_code(plan.organisation), _about(plan), TONES[plan.state]) for plan in page],
        "states": PlanState.values,
        **wished,
        "organisations": organisations(request.actor, selectors.SEE) if site.is_published() else [],
        "may": request.actor.may(services.CHANGE),
    }
    return render(request, "goals/plans.html", context)


def named_or_code(code: str) -> str:
    """Return the name of an organisation; its code before anything is published."""
    return named(code) if site.is_published() else code


def _about(plan: ActionPlan) -> str:
    item = site.names().show("item", plan.item or None) if site.is_published() else plan.item
    return item or say("word.all")


def _found(request: AskingRequest, number: int) -> Any:
    return get_object_or_404(selectors.plans(request.actor), pk=number)


@needs(selectors.SEE)
@require_GET
def one(request: AskingRequest, number: int) -> HttpResponse:
    """Show a plan with its steps."""
    plan = _found(request, number)
    may = request.actor.may(services.CHANGE, plan.organisation)
    steps = [
        {
            "step": step,
            "owner": named_or_code(step.owner),
            "standing": (standing := step.standing(request.actor.today)),
            "tone": STEP_TONES[standing],
            "may": may or request.actor.may(services.CHANGE, step.owner),
        }
        for step in plan.steps.all()
    ]
    context = {
        "plan": plan,
        "name": named_or_code(plan.organisation),
        "about": _about(plan),
        "tone": TONES[plan.state],
        "steps": steps,
        "may": may,
        "open": plan.state == PlanState.OPEN,
    }
    return render(request, "goals/plan.html", context)


@needs(services.CHANGE)
@require_http_methods(["GET", "POST"])
def make(request: AskingRequest) -> HttpResponse:
    """Begin a plan."""
    if not site.is_published():
        return render(request, "goals/nothing_yet.html")
    given = {name: value for name, value in request.GET.items() if name in PlanForm.base_fields}
    form = PlanForm.of(request.actor, request.POST or None, initial={"year": site.ledger().today.year + 1, **given})
    if request.method == "POST" and form.is_valid():
        plan = services.make_plan(request.actor, **form.cleaned_data)
        messages.success(request, say("site.goals.plan_made"))
        return redirect("goals:plan", plan.pk)
    return _form(request, form, "site.goals.plan_new")


@needs(services.CHANGE)
@require_http_methods(["GET", "POST"])
def change(request: AskingRequest, number: int) -> HttpResponse:
    """Change what a plan says; whose it is stays."""
    plan = _changeable(request, number)
    initial = {name: getattr(plan, name) for name in PlanForm.base_fields}
    form = PlanForm.of(request.actor, request.POST or None, initial=initial)
    form.fields["organisation"].disabled = True
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "organisation"}
        return _done(
            request, plan, "site.goals.plan_changed", lambda: services.change_plan(request.actor, plan, **data)
        )
    return _form(request, form, "site.goals.plan_change", plan)


@needs(services.CHANGE)
@require_http_methods(["GET", "POST"])
def close(request: AskingRequest, number: int) -> HttpResponse:
    """Close a plan, saying what came of it."""
    plan = _changeable(request, number)
    form = CloseForm(request.POST or None, initial={"state": PlanState.DONE})
    if request.method == "POST" and form.is_valid():
        data = {"state": PlanState(form.cleaned_data["state"]), "outcome": form.cleaned_data["outcome"]}
        try:
            services.close_plan(request.actor, plan, **data)
        except ChorokError as error:
            form.add_error("state", say_error(error))
        else:
            messages.success(request, say("site.goals.plan_closed"))
            return redirect("goals:plan", plan.pk)
    return _form(request, form, "site.goals.plan_close", plan)


@needs(services.CHANGE)
@require_POST
def reopen(request: AskingRequest, number: int) -> HttpResponse:
    """Open a closed plan again."""
    plan = _changeable(request, number)
    return _done(request, plan, "site.goals.plan_reopened", lambda: services.reopen_plan(request.actor, plan))


@needs(services.CHANGE)
@require_http_methods(["GET", "POST"])
def step(request: AskingRequest, number: int, step: int | None = None) -> HttpResponse:
    """Add a step, or change one."""
    plan = _changeable(request, number)
    found = get_object_or_404(PlanStep, pk=step, plan=plan) if step else None
    inside = request.actor.tree.subtree(plan.organisation, request.actor.today) | {plan.organisation}
    owners = [(code, named_or_code(code)) for code in sorted(inside)]
    initial = {name: getattr(found, name) for name in StepForm.base_fields} if found else {"owner": plan.organisation}
    form = StepForm(request.POST or None, choices={"owner": owners}, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        return _done(
            request, plan, "site.goals.step_written", lambda: services.write_step(request.actor, plan, found, **data)
        )
    return _form(request, form, "site.goals.step_change" if found else "site.goals.step_new", plan)


@needs(services.CHANGE)
@require_POST
def step_done(request: AskingRequest, number: int, step: int) -> HttpResponse:
    """Note a step as done, or as not done after all."""
    plan = _found(request, number)
    found = get_object_or_404(PlanStep, pk=step, plan=plan)
    done = request.POST.get("done") == "1"
    said = "site.goals.step_done" if done else "site.goals.step_undone"
    return _done(request, plan, said, lambda: services.step_done(request.actor, plan, found, done=done))


@needs(services.CHANGE)
@require_http_methods(["GET", "POST"])
def drop_step(request: AskingRequest, number: int, step: int) -> HttpResponse:
    """Ask before a step is taken out, and take it out."""
    plan = _changeable(request, number)
    found = get_object_or_404(PlanStep, pk=step, plan=plan)
    if request.method == "POST":
        return _done(request, plan, "site.goals.step_dropped", lambda: services.drop_step(request.actor, plan, found))
    return render(request, "goals/drop_step.html", {"plan": plan, "step": found})


def _changeable(request: AskingRequest, number: int) -> ActionPlan:
    """Return a plan that the actor may change: 404 out of reach, 403 where it may only be seen."""
    plan: ActionPlan = _found(request, number)
    if not request.actor.may(services.CHANGE, plan.organisation):
        raise PermissionDenied(services.CHANGE)
    return plan


def _done(request: AskingRequest, plan: ActionPlan, said: str, act: Any) -> HttpResponse:
    if attempted(request, act):
        messages.success(request, say(said))
    return redirect("goals:plan", plan.pk)


def _form(request: AskingRequest, form: Any, title: str, plan: ActionPlan | None = None) -> HttpResponse:
    context = {"form": form, "doing": title, "plan": plan}
    return render(request, "goals/form.html", context, status=400 if form.errors else 200)
