"""One request: what is asked, what screening said, who did what, what comes next, and the acts on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.core.validators import MinValueValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from chorok.core.errors import ChorokError
from chorok.core.screening import workflow
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.audit.selectors import RIGHT as AUDIT
from chorok.site.config.addresses import whole
from chorok.site.config.language import say
from chorok.site.fulfilment import selectors as fulfilment
from chorok.site.screening import acts, adoptions, documents, offices, overdue, selectors, telling, turns
from chorok.site.screening.cases import case_of, light
from chorok.site.screening.fields import AmountField
from chorok.site.screening.models import Line, Request
from chorok.site.screening.turns import SIGN, Turn
from chorok.site.screening.views import pressing, shown
from chorok.site.screening.writing import ASK

A_PAGE = 50
QUICK = ("none_fits", "evidence_good", "evidence_missing", "reason_vague", "search_again", "green_fits")
"""Reasons that are offered as buttons, worded `site.screening.quick.<code>`."""


@needs(selectors.SEE)
@require_GET
def show(request: AskingRequest, pk: int) -> HttpResponse:
    """Show one request; `seen` names an older version, so that what changed since is told."""
    return page(request, pk, seen=whole(request.GET.get("seen", "")))


class GrantForm(forms.Form):
    """An agreed line as a framework contract (rules D11)."""

    number = forms.TypedChoiceField(coerce=int)
    reference = forms.CharField(max_length=120)
    amount = AmountField(validators=[MinValueValidator(1)])
    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, lines: Iterable[Line], **more: Any) -> None:
        super().__init__(*args, **more)
        currencies = {str(line.number): line.currency for line in lines}
        for name, field in self.fields.items():
            field.label = say(f"site.screening.framework.field.{name}")
        self.fields["amount"].label += f" ({', '.join(sorted(set(currencies.values())))})"  # type: ignore[operator]
        self.fields["amount"].currency = currencies.get(self.data.get("number", ""), "KRW")  # type: ignore[attr-defined]
        choices = [(int(number), say("site.screening.act.line", number=number)) for number in currencies]
        self.fields["number"].choices = choices  # type: ignore[attr-defined]


def page(
    request: AskingRequest,
    pk: int,
    status: int = 200,
    error: str = "",
    typed: str = "",
    seen: int | None = None,
    grant_form: GrantForm | None = None,
) -> HttpResponse:
    """Answer with the page of a request; an error is shown with what was typed, so that nothing is lost."""
    one = selectors.request(request.actor, pk)
    case, rule = case_of(one), adoptions.of_request(one)
    lines = Paginator(one.lines.all(), A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        **fulfilment.of_request(request.actor, one),
        "one": one,
        "tone": shown.tone(one.state),
        "where": name_of(request.actor, one.organisation),
        "requester": shown.name_of(one.requester),
        "requester_for": shown.name_of(one.requester_for) if one.requester_for_id else "",
        "total": shown.total(one) if one.lines.filter(amount__isnull=False).exists() else "",
        "page": lines,
        "lines": shown.lines(lines, one, rule.policy, case),
        "rule": rule,
        "steps": shown.steps(one),
        "moved_on": shown.moved_on(one, seen),
        "versions": shown.versions(one),
        "waits": [turn(request, one, found) for found in turns.turns(request.actor, one, case)],
        "waited": "" if shown.is_over(one) else shown.waited(one, timezone.now()),
        "overriding": turns.overriding(request.actor, one, case),
        "override": turns.override_of(one),
        "may_remind": _may_remind(request, one),
        "may_edit": _may_edit(request, one),
        "has_reasons": any(documents.needs_reasons(line) for line in light(one)),
        "grant_form": grant_form or _grant_form(request, one),
        "traces": request.actor.may(AUDIT, one.organisation),
        "quick": QUICK,
        "error": error,
        "typed": typed,
    }
    return render(request, "screening/request.html", context, status=status)


def turn(request: AskingRequest, one: Request, found: Turn) -> dict[str, Any]:
    """Return a stage that a request waits at, as pages show it."""
    waiting, today = found.waiting, request.actor.today
    barred = offices.barred(case_of(one), found.office) if not found.may else set[int]()
    return {
        "turn": found,
        "place": name_of(request.actor, waiting.place),
        "late": waiting.due_on < today,
        "due_today": waiting.due_on == today,
        "days_late": (today - waiting.due_on).days,
        "all": (*found.numbers, *found.emergencies),
        "approve": "cosigned" if found.stage == "cosign" else "check",
        "nobody": not found.may and not telling.takers(found.office, waiting.place, today, barred),
    }


def _may_edit(request: AskingRequest, one: Request) -> bool:
    """Tell whether the page offers to change the request: to who asked, and colleagues of the same organisation."""
    asked = {one.requester_id, one.requester_for_id} - {None}
    mine = request.actor.user_id in asked or any(held.behalf in asked for held in request.actor.why(ASK))
    return one.state not in workflow.ENDED and (mine or one.organisation in request.actor.places(ASK))


def _may_remind(request: AskingRequest, one: Request) -> bool:
    if one.state != "awaiting" or request.actor.user_id not in (one.requester_id, one.requester_for_id):
        return False
    today = [step for step in one.steps.all() if step.verb == "remind" and step.on == request.actor.today]
    return not any(step.by_id for step in today)


def _grant_form(request: AskingRequest, one: Request) -> GrantForm | None:
    """Return the form to enter a framework contract, with the lines that can be one; None where there is none."""
    if one.state not in ("passed", "approved", "overridden") or not request.actor.may(ASK, one.organisation):
        return None
    lines = [
        line
        for line in light(one)
        if line.item_group and line.outcome in ("pass_green", "needs_cosign") and not line.framework_id
    ]
    return GrantForm(lines=lines) if lines else None


@needs(SIGN)
@require_POST
def act(request: AskingRequest, pk: int) -> HttpResponse:
    """Check, sign, refuse, judge, override, send back or forward."""
    typed = request.POST.get("reason", "")
    try:
        wish = pressing.pressed(request.POST)
        done = acts.take(request.actor, pk, wish)
    except ChorokError as error:
        return page(request, pk, 409, shown.error_of(error), typed, whole(request.POST.get("version", "")))
    return _done(request, done, wish.verb)


def _done(request: AskingRequest, done: Request, verb: str) -> HttpResponse:
    state = say(f"site.screening.state.{done.state}")
    said = say(f"site.screening.verb.{verb}")
    messages.success(
        request, say("site.screening.request.done", number=done.number, title=done.title, verb=said, state=state)
    )
    return redirect(pressing.back(request, reverse("screening:request", args=[done.pk])))


@needs(ASK)
@require_POST
def remind(request: AskingRequest, pk: int) -> HttpResponse:
    """Ask again whom the request waits for."""
    try:
        done = overdue.remind(request.actor, pk=pk, version=pressing.number(request.POST.get("version")))
    except ChorokError as error:
        return page(request, pk, 409, shown.error_of(error))
    messages.success(request, say("site.screening.request.reminded"))
    return redirect("screening:request", done.pk)
