"""Changing the tree: a form, then what it does, then the change itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.core.errors import ChorokError
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import Actor, AskingRequest, needs
from chorok.site.config.language import say, say_error
from chorok.site.organisations import filing, forms, reach, selectors, services
from chorok.site.organisations.models import State, TreeChange

A_PAGE = 25
MOST_NAMES = 30
"""Names that are asked about at once."""
MOST_ROWS = 300
"""Rows of a preview that are shown; the rest is counted."""

Act = Callable[[Actor, str, Any], TreeChange]


def _create(actor: Actor, code: str, form: forms.CreateForm) -> TreeChange:
    return services.create(actor, new=form.new(), parent=code, on=form.cleaned_data["on"])


def _split(actor: Actor, code: str, form: forms.SplitForm) -> TreeChange:
    given = form.cleaned_data
    return services.split(actor, code=code, parts=form.new(), on=given["on"], ends=given["ends"])


VERBS: dict[str, tuple[type[forms.Worded], Act]] = {
    "create": (forms.CreateForm, _create),
    "rename": (forms.RenameForm, lambda actor, code, form: services.rename(actor, code=code, **form.cleaned_data)),
    "move": (forms.MoveForm, lambda actor, code, form: services.move(actor, code=code, **form.cleaned_data)),
    "end": (forms.EndForm, lambda actor, code, form: services.end(actor, code=code, **form.cleaned_data)),
    "merge": (forms.MergeForm, lambda actor, code, form: services.merge(actor, into=code, **form.cleaned_data)),
    "split": (forms.SplitForm, _split),
}


@needs(reach.CHANGE)
@require_http_methods(["GET", "POST"])
def change(request: AskingRequest, code: str, verb: str) -> HttpResponse:
    """Ask what is to change about an organisation; then show what that does."""
    actor = request.actor
    if verb not in VERBS or not actor.may(reach.CHANGE, code) or actor.tree.get(code) is None:
        raise Http404
    make, act = VERBS[verb]
    form = make(actor, code, request.POST if request.method == "POST" else None, initial={"on": actor.today})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("organisations:draft", act(actor, code, form).pk)
        except ChorokError as error:
            form.add_error(None, told(error))
    context = {"form": form, "code": code, "verb": verb, "name": name_of(actor, code)}
    return render(request, "organisations/change.html", context, status=422 if form.is_bound else 200)


@needs(reach.CHANGE)
@require_http_methods(["GET", "POST"])
def begin(request: AskingRequest) -> HttpResponse:
    """Ask for an organisation that has none above it: the network itself, or the one city of an installation."""
    if not reach.is_at_top(request.actor):
        raise Http404
    form = forms.CreateForm(
        request.actor, "", request.POST if request.method == "POST" else None, initial={"on": request.actor.today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create(request.actor, new=form.new(), parent=None, on=form.cleaned_data["on"])
            return redirect("organisations:draft", made.pk)
        except ChorokError as error:
            form.add_error(None, told(error))
    context = {"form": form, "code": "", "verb": "create", "name": ""}
    return render(request, "organisations/change.html", context, status=422 if form.is_bound else 200)


@needs(reach.CHANGE)
@require_http_methods(["GET", "POST"])
def called(request: AskingRequest) -> HttpResponse:
    """Ask which organisations names in files mean: those asked for, else all that fit none; then show the change."""
    bought = selectors.unnamed(request.actor)
    written = (request.GET.getlist("name") or list(bought))[:MOST_NAMES]
    form = forms.CalledForm(request.actor, written, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("organisations:draft", services.also_called(request.actor, names=form.names()).pk)
        except ChorokError as error:
            form.add_error(None, told(error))
    context = {"form": form, "written": written, "hidden": 0 if request.GET.get("name") else len(bought) - len(written)}
    return render(request, "organisations/called.html", context, status=422 if form.is_bound else 200)


def told(error: ChorokError) -> str:
    """Return an error in words; a slip that a change would bring is said as `Tree.check` says it."""
    if error.code == "tree_unsound":
        return say("error.tree_unsound", problem=say(f"site.organisations.slip.{error.params['problem']}"),
                   code=error.params["code"])  # fmt: skip
    return say_error(error)


@needs(reach.CHANGE)
@require_http_methods(["GET", "POST"])
def upload(request: AskingRequest) -> HttpResponse:
    """Ask for a list; then show what it would change."""
    form = forms.ImportForm(
        request.actor,
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            taken = _taken(request, form)
        except ChorokError as error:
            form.add_error("file", told(error))
        else:
            for code, params in taken.notes:
                messages.info(request, say(f"site.organisations.note.{code}", **params))
            if taken.change:
                return redirect("organisations:draft", taken.change.pk)
            messages.success(request, say("site.organisations.said.nothing_new"))
            return redirect("organisations:import")
    status = 422 if form.is_bound else 200
    return render(request, "organisations/import.html", {"form": form}, status=status)


def _taken(request: AskingRequest, form: forms.ImportForm) -> filing.Taken:
    given = form.cleaned_data
    with tempfile.TemporaryDirectory() as work:
        file = Path(work) / Path(given["file"].name).name
        with file.open("wb") as handle:
            for chunk in given["file"].chunks():
                handle.write(chunk)
        chosen = given["chosen"].split(",")
        return filing.take(request.actor, file=file, parent=given["parent"], chosen=chosen)


@needs(reach.CHANGE)
@require_GET
def draft(request: AskingRequest, pk: int) -> HttpResponse:
    """Show what a draft does, row by row and in the figures, before anybody confirms it."""
    found = services.own_draft(request.actor, pk)
    old = {(row["code"], row["valid_from"] or ""): row for row in found.before}
    new = {(row["code"], row["valid_from"] or ""): row for row in found.after}
    differing = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
    context = {
        "change": found,
        "pairs": [(old.get(key), new.get(key)) for key in differing[:MOST_ROWS]],
        "hidden": max(0, len(differing) - MOST_ROWS),
        "effects": selectors.effects(request.actor, found) if found.state == State.DRAFT else [],
        "name": name_of(request.actor, found.organisation),
        "names": {
            row["parent"]: name_of(request.actor, row["parent"])
            for row in (*found.before, *found.after)
            if row["parent"]
        },
        "is_draft": found.state == State.DRAFT,
    }
    return render(request, "organisations/draft.html", context)


@needs(reach.CHANGE)
@require_POST
def confirm(request: AskingRequest, pk: int) -> HttpResponse:
    """Make a draft the state of the tree."""
    try:
        job = services.apply(request.actor, pk=pk)
    except ChorokError as error:
        messages.error(request, told(error))
        return redirect("organisations:draft", pk)
    return redirect("jobs:show", job.pk)


@needs(reach.CHANGE)
@require_POST
def discard(request: AskingRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    services.discard(request.actor, pk=pk)
    messages.info(request, say("site.organisations.said.discarded"))
    return redirect("organisations:index")


@needs(reach.CHANGE)
@require_GET
def changes(request: AskingRequest) -> HttpResponse:
    """List what was changed, the newest first."""
    page = Paginator(selectors.changes(request.actor), A_PAGE).get_page(request.GET.get("page"))
    undone = set(TreeChange.objects.filter(undoes__in=[one.pk for one in page], state=State.APPLIED)
                 .values_list("undoes_id", flat=True))  # fmt: skip
    rows = [(one, name_of(request.actor, one.organisation), one.pk in undone) for one in page]
    return render(request, "organisations/changes.html", {"page": page, "rows": rows})


@needs(reach.CHANGE)
@require_POST
def undo(request: AskingRequest, pk: int) -> HttpResponse:
    """Draft the way back from a change."""
    found = selectors.changes(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        return redirect("organisations:draft", services.undo(request.actor, change=found).pk)
    except ChorokError as error:
        messages.error(request, told(error))
        return redirect("organisations:changes")
