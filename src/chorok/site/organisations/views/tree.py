"""The tree of a day, one organisation with its history, and the profile of a city."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import ChorokError
from chorok.core.organisations import Organisation
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import say, say_error
from chorok.site.organisations import profiles, reach, selectors
from chorok.site.organisations.forms import ProfileForm, day_of


@needs(reach.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """Show the tree as of a day, or what a search finds."""
    actor = request.actor
    on = day_of(request.GET.get("on", ""), actor.today)
    words = request.GET.get("q", "").strip()
    found, count = selectors.find(actor.tree, words, on) if words else ([], 0)
    may_change = actor.may(reach.CHANGE)
    context = {
        "on": on,
        "words": words,
        "found": [(row, selectors.called(row), _path(request, row.code)) for row in found],
        "count": count,
        "nodes": [] if words else selectors.nodes(actor.tree, on),
        "size": len(actor.tree.codes()),
        "problems": _problems(request) if may_change else [],
        "may_change": may_change,
        "unnamed": len(selectors.unnamed(actor)) if may_change else 0,
        "may_begin": reach.is_at_top(actor),
    }
    return render(request, "organisations/index.html", context)


def _problems(request: AskingRequest) -> list[str]:
    found = selectors.problems(request.actor.tree, request.actor.reach(reach.CHANGE))
    return [say(f"organisation.{one.code}", **one.params) for one in found]


def _path(request: AskingRequest, code: str) -> list[str]:
    above = request.actor.tree.ancestors(code, request.actor.today)
    return [name_of(request.actor, one) for one in reversed(above)]


@needs(reach.SEE)
@require_GET
def one(request: AskingRequest, code: str) -> HttpResponse:
    """Show an organisation: where it stands, what it was called, who is below it."""
    return _one(request, code, None)


def _one(request: AskingRequest, code: str, form: ProfileForm | None, status: int = 200) -> HttpResponse:
    actor = request.actor
    row = actor.tree.get(code, actor.today)
    if row is None:
        raise Http404
    may_change = actor.may(reach.CHANGE, code)
    has_profile = profiles.has_profile(actor, code) and profiles.may_see(actor, code)
    context: dict[str, Any] = {
        "row": row,
        "name": selectors.called(row),
        "there": actor.tree.valid_on(code, actor.today),
        "path": [(up, name_of(actor, up)) for up in reversed(actor.tree.ancestors(code, actor.today))],
        "below": _below(request, code),
        "history": [_history(request, one) for one in actor.tree.rows[code]],
        "aliases": sorted({alias for one in actor.tree.rows[code] for alias in one.aliases}),
        "may_change": may_change,
        "may_place": may_change and reach.may_place(actor, code),
        "has_profile": has_profile,
        "profiles": profiles.of(actor, code) if has_profile else [],
        "form": form or ProfileForm(),
        "changes": selectors.changes(actor).filter(organisation=code)[:20] if may_change else [],
    }
    return render(request, "organisations/one.html", context, status=status)


def _below(request: AskingRequest, code: str) -> list[tuple[str, str, str]]:
    tree, today = request.actor.tree, request.actor.today
    there = [child for child in tree.children(today).get(code, ()) if tree.valid_on(child, today)]
    rows = [row for child in there if (row := tree.get(child, today))]
    return sorted(((row.code, selectors.called(row), row.kind) for row in rows), key=lambda one: one[0])


def _history(request: AskingRequest, row: Organisation) -> dict[str, Any]:
    parent = name_of(request.actor, row.parent) if row.parent else ""
    return {"row": row, "name": selectors.called(row), "parent": parent}


@needs(reach.CHANGE)
@require_http_methods(["GET", "POST"])
def profile(request: AskingRequest, code: str) -> HttpResponse:
    """Write the profile of a year; who only looks, as after a change of language, is led to the organisation."""
    if request.method == "GET":
        return redirect("organisations:one", code)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _one(request, code, form, 422)
    try:
        profiles.put(request.actor, profile=form.profile(code))
    except ChorokError as error:
        form.add_error(None, say_error(error))
        return _one(request, code, form, 422)
    messages.success(request, say("site.organisations.said.profiled", year=form.cleaned_data["year"]))
    return redirect("organisations:one", code)
