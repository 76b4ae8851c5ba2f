"""Running a project again, and what changed between two runs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.errors import ChorokError
from chorok.core.screening.bills import Entry, Pair
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.assessments import selectors, services, shown
from chorok.site.assessments.forms import BillForm
from chorok.site.assessments.models import Run
from chorok.site.assessments.points import MAKE
from chorok.site.assessments.screened import expected_of
from chorok.site.assessments.views.telling import changeable, read_bill, tell_of, version_of
from chorok.site.config.addresses import whole
from chorok.site.config.language import say, say_error

A_PAGE = 50


@needs(MAKE)
@require_http_methods(["GET", "POST"])
def again(request: AskingRequest, pk: int) -> HttpResponse:
    """Screen a project again: the same bill, or the contract's."""
    project = changeable(request, pk)
    sent = request.method == "POST"
    same = request.POST.get("do") == "same"
    form = BillForm(request.POST if sent else None, request.FILES if sent else None, same=same)
    if sent and form.is_valid():
        made = _same(request, pk, form) if same else _new(request, pk, form)
        if made is not None:
            before = made.number - 1
            messages.success(request, say("site.assessments.ran", number=made.number))
            return redirect(reverse("assessments:compare", args=[pk]) + f"?before={before}&after={made.number}")
    version = version_of(request) if sent else project.version
    context = {"bill": form, "project": project, "version": version}
    return render(request, "assessments/run.html", context, status=400 if form.errors else 200)


def _same(request: AskingRequest, pk: int, form: BillForm) -> Run | None:
    try:
        return services.run(request.actor, pk=pk, version=version_of(request), bill=None)
    except ChorokError as error:
        form.add_error(None, say_error(error))
        return None


def _new(request: AskingRequest, pk: int, form: BillForm) -> Run | None:
    version = version_of(request)
    found = read_bill(form, lambda bill: services.run(request.actor, pk=pk, version=version, bill=bill))
    if found is None:
        return None
    tell_of(request, found[1])
    return found[0]


@needs(selectors.SEE)
@require_GET
def compare(request: AskingRequest, pk: int) -> HttpResponse:
    """Show what changed between two runs, line by line."""
    project = selectors.project(request.actor, pk)
    last = selectors.run(project)
    after = selectors.run(project, whole(request.GET.get("after", "")) or last.number)
    before = selectors.run(project, whole(request.GET.get("before", "")) or max(after.number - 1, 1))
    found = selectors.compared(before, after)
    every = request.GET.get("all") == "1"
    pairs = found.pairs if every else found.changed
    page = Paginator(pairs, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "runs": project.runs.order_by("number"),
        "found": found,
        "all": every,
        "page": page,
        "rows": [_row(one) for one in page],
        "sides": [
            {"run": one, "share": shown.share(expected_of(one)), "figures": shown.figures(one)}
            for one in (before, after)
        ],
        "closed": project.points.filter(closed_in=after),
        "opened": project.points.filter(found_in=after),
    }
    return render(request, "assessments/compare.html", context)


def _row(pair: Pair) -> dict[str, Any]:
    one = pair.after or pair.before
    assert one is not None
    return {
        "number": one.number,
        "words": one.words,
        "was": _side(pair.before),
        "now": _side(pair.after),
        "changes": [say(f"site.assessments.change_of.{code}") for code in pair.changes],
        "renamed": "material" in pair.changes,
    }


def _side(one: Entry | None) -> dict[str, Any] | None:
    if one is None:
        return None
    tone = shown.TONES.get(one.outcome, "plain")
    return {"one": one, "tone": tone, "certificates": ", ".join(one.certificates)}
