"""Policies of screening: what each does, adopting one after a look at last year, the history, and ending it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core import periods
from chorok.core.errors import ChorokError
from chorok.core.measures.replay import Policy as Replayed
from chorok.core.screening import policy as policies
from chorok.core.screening.policy import Policy
from chorok.core.screening.situations import FIELDS, SITUATIONS, changed, outcomes
from chorok.ledger import replay
from chorok.ledger.figures import Question
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as site
from chorok.site.config.language import current, say, say_error
from chorok.site.screening import adopting, adoptions
from chorok.site.screening.adopting import ADOPT
from chorok.site.screening.models import Adoption
from chorok.site.screening.tuning import PolicyForm, refusal, title, told


@needs(ADOPT)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """Explain the policies side by side, and show who has adopted which."""
    presets = [policies.preset(one) for one in policies.names()]
    today = request.actor.today
    found = {one.id: outcomes(one, today) for one in presets}
    said = {one.id: told(one) for one in presets}
    context = {
        "presets": [(one.id, title(one), getattr(one, f"source_{current()}"), refusal(one)) for one in presets],
        "situations": [(name, [found[one.id][name] for one in presets]) for name in SITUATIONS],
        "fields": [(name, [said[one.id][name] for one in presets]) for name in FIELDS[1:]],
        "adoptions": [_row(one, today) for one in _in_reach(request)],
        "published": site.is_published(),
    }
    return render(request, "screening/rollout_policies.html", context)


def _in_reach(request: AskingRequest) -> Any:
    return Adoption.objects.filter(organisation__in=request.actor.reach(ADOPT)).order_by(
        "organisation", "-since", "-pk"
    )


def _row(one: Adoption, today: date) -> dict[str, Any]:
    begun, over = one.since <= today, one.until is not None and one.until <= today
    state = "over" if over else "in_force" if begun else "ahead"
    later = Adoption.objects.filter(organisation=one.organisation, since=one.since, pk__gt=one.pk).exists()
    return {
        "one": one,
        "title": title(adoptions.of(one).policy),
        "name": _named(one.organisation),
        "state": "replaced" if later else state,
        "tone": "good" if state == "in_force" and not later else "plain",
    }


def _named(code: str) -> str:
    return (site.names().show("organisation", code) if site.is_published() else None) or code


@needs(ADOPT)
@require_http_methods(["GET", "POST"])
def adopt(request: AskingRequest) -> HttpResponse:
    """Choose and tune a policy; show what it would change and would have met last year; adopt it."""
    if not site.is_published():
        return render(request, "goals/nothing_yet.html")
    given = {name: value for name, value in request.GET.items() if name in PolicyForm.base_fields}
    initial = {"since": request.actor.today, "definition": "national", "base": "strict", **given}
    form = PolicyForm(request.actor, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and request.POST.get("step") != "change":
        try:
            policy = form.policy()
            wished = {name: form.cleaned_data[name] for name in ("organisation", "since", "definition", "due_days")}
            adopting.check(request.actor, **wished)
            if request.POST.get("step") == "adopt":
                return _adopted(request, form, policy)
            return render(request, "screening/rollout_preview.html", {"form": form, **_preview(request, form, policy)})
        except ChorokError as error:
            form.add_error(None, say_error(error))
    context = {"form": form, "refusals": [text for one in policies.names() if (text := refusal(policies.preset(one)))]}
    return render(request, "screening/rollout_adopt.html", context, status=400 if form.errors else 200)


def _adopted(request: AskingRequest, form: PolicyForm, policy: Policy) -> HttpResponse:
    wished = {name: form.cleaned_data[name] for name in ("organisation", "since", "definition", "due_days", "reason")}
    made = adopting.adopt(request.actor, policy=policy, **wished)
    messages.success(
        request, say("site.screening.rollout.adopted", organisation=_named(made.organisation), since=made.since)
    )
    return redirect("screening:policy", made.pk)


def _preview(request: AskingRequest, form: PolicyForm, policy: Policy) -> dict[str, Any]:
    data, actor = form.cleaned_data, request.actor
    now = adoptions.in_force(actor.tree, data["organisation"], data["since"])
    return {
        "policy": title(policy),
        "version": policy.version,
        "name": _named(data["organisation"]),
        "data": data,
        "now": title(now.policy) if now.adoption else "",
        "refusal": refusal(policy),
        "changes": _compared(now.policy, policy),
        **_replayed(data["organisation"], policy, actor.today.year - 1),
    }


def _compared(before: Policy, after: Policy) -> list[tuple[str, str, str]]:
    """Return what two policies say differently: field, before, after."""
    was, now = told(before), told(after)
    return [(name, was[name], now[name]) for name in changed(before, after)]


def _replayed(organisation: str, policy: Policy, year: int) -> dict[str, Any]:
    """Return what last year's purchases would have met; the replay knows whether grounds are refused, not amounts."""
    name: Replayed = "strict" if policy.refuses == (2, 3, 4, 5) else "legal"
    published = site.published()
    query = urlencode({"organisation": organisation, "policy": str(name), "year": str(year)})
    told: dict[str, Any] = {"year": year, "query": query, "wholes": [], "made": True, "rule": name}
    if not replay.file_of(published, published.definition("national")).exists():
        return {**told, "made": False}
    question = Question((), period=periods.parse(str(year)), organisation=organisation)
    rows = replay.run(published, question, name).rows
    told["wholes"] = [(one.figure.currency, list(one.result.tallies.items()), one.result) for one in rows]
    return told


@needs(ADOPT)
@require_GET
def show(request: AskingRequest, pk: int) -> HttpResponse:
    """Show one adoption: all that it says, and what it changed against the one before."""
    one = _found(request, pk)
    policy = adoptions.of(one).policy
    before = Adoption.objects.filter(organisation=one.organisation, pk__lt=one.pk).order_by("-since", "-pk").first()
    preset = policies.preset(policy.id) if policy.id in policies.names() else policy
    today = request.actor.today
    context = {
        **_row(one, today),
        "fields": list(told(policy).items()),
        "tuned": changed(preset, policy),
        "before": before,
        "changes": _compared(adoptions.of(before).policy, policy) if before else [],
        "situations": list(outcomes(policy, today).items()),
        "refusal": refusal(policy),
        "may_end": one.until is None or one.until > today,
    }
    return render(request, "screening/rollout_policy.html", context)


def _found(request: AskingRequest, pk: int) -> Adoption:
    found = _in_reach(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


class ReasonForm(forms.Form):
    """Why an adoption is taken back."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = say(f"site.screening.rollout.field.{name}")


class EndForm(ReasonForm):
    """When and why an adoption ends."""

    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ("until", "reason")


@needs(ADOPT)
@require_http_methods(["GET", "POST"])
def end(request: AskingRequest, pk: int) -> HttpResponse:
    """Ask from when and why, and end an adoption; one that has not begun is taken back."""
    one = _found(request, pk)
    if one.since > request.actor.today:
        return _taken_back(request, one)
    first = max(request.actor.today, one.since + timedelta(days=1))
    form = EndForm(request.POST or None, initial={"until": first})
    if request.method == "POST" and form.is_valid():
        try:
            adopting.end(request.actor, pk=pk, **form.cleaned_data)
        except ChorokError as error:
            form.add_error(None, say_error(error))
        else:
            messages.success(request, say("site.screening.rollout.ended"))
            return redirect("screening:policy", pk)
    context = {"form": form, "one": one, "name": _named(one.organisation)}
    return render(request, "screening/rollout_end.html", context, status=400 if form.errors else 200)


def _taken_back(request: AskingRequest, one: Adoption) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            adopting.take_back(request.actor, pk=one.pk, **form.cleaned_data)
        except ChorokError as error:
            form.add_error(None, say_error(error))
        else:
            messages.success(request, say("site.screening.rollout.taken_back", organisation=_named(one.organisation)))
            return redirect("screening:policies")
    context = {"form": form, "one": one, "name": _named(one.organisation), "ahead": True}
    return render(request, "screening/rollout_end.html", context, status=400 if form.errors else 200)
