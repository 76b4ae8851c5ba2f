"""What falls due: a list by month, a file for calendars, and noting what was done."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.calendar import duties
from chorok.core.calendar.duties import Duty
from chorok.core.errors import ChorokError
from chorok.publications import ics
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config import ledger as site
from chorok.site.config.language import current, say, say_error
from chorok.site.periods import calendar, rules, selectors, signing
from chorok.site.periods.calendar import Shown
from chorok.site.periods.forms import NoteForm, QuestionForm
from chorok.site.periods.views.choosing import organisations, year_of

TONES = {"late": "bad", "due_soon": "warn", "sent": "info", "done_late": "good", "done": "good"}
ALARM = 7
"""Days before a due day on which a calendar that takes the file reminds."""


def _wish(request: AskingRequest) -> dict[str, Any]:
    year = year_of(request.GET.get("year", ""), site.ledger().today.year)
    return {"year": year, **{name: request.GET.get(name, "") for name in ("state", "organisation")}}


@needs(rules.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List what falls due in a year, by month."""
    if not site.is_published():
        return render(request, "periods/nothing_yet.html")
    wish = _wish(request)
    found = calendar.due(request.actor, **wish)
    counted = [(state, sum(one.duty.state == state for one in found)) for state in duties.STATES]
    context = {
        **wish,
        "months": [(month, list(rows)) for month, rows in groupby(_rows(found), key=lambda row: row["duty"].due.month)],
        "counted": [(state, TONES.get(state, "plain"), count) for state, count in counted if count],
        "count": len(found),
        "years": range(site.ledger().today.year + 1, site.ledger().today.year - 6, -1),
        "filters": tuple(calendar.STATES),
        "organisations": organisations(request.actor),
        "askable": organisations(request.actor, rules.SUBMIT),
        "people": signing.names(one.duty.by for one in found if one.duty.by),
        "query": urlencode(wish),
        "before": [one for one in selectors.desk().sets.values() if _begins_in(one, wish["year"])],
    }
    return render(request, "periods/calendar.html", context)


def _begins_in(found: Any, year: int) -> bool:
    return found.in_force_from is not None and found.in_force_from.year >= year


def _rows(found: list[Shown]) -> list[dict[str, Any]]:
    spoken = current()
    return [
        {
            "duty": one.duty,
            "name": one.name,
            "title": one.duty.rule.title(spoken),
            "role": one.duty.rule.role(spoken),
            "to": one.duty.rule.to(spoken),
            "source": one.duty.rule.source(spoken),
            "tone": TONES.get(one.duty.state, "plain"),
            "notable": one.may and not one.duty.rule.closes and one.duty.done_on is None,
            "closing": one.duty.rule.closes,
        }
        for one in found
    ]


@needs(rules.SEE)
@require_GET
def ics_file(request: AskingRequest) -> HttpResponse:
    """Hand out what the list shows as a calendar file."""
    if not site.is_published():
        raise Http404
    found = [one.duty for one in calendar.due(request.actor, **_wish(request))]
    text = ics.text(found, selectors.desk().name, current(), site.ledger().today, ALARM)
    return downloads.text("chorok-due.ics", text, "text/calendar")


@needs(rules.SUBMIT)
@require_http_methods(["GET", "POST"])
def done(request: AskingRequest, organisation: str, rule: str, period: str) -> HttpResponse:
    """Note that a duty was done."""
    try:
        found = calendar.owed(request.actor, rule, organisation, period) if site.is_published() else None
    except ChorokError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    rules.holding(request.actor, rules.SUBMIT, organisation)
    duty, desk = found
    form = NoteForm(request.POST or None, initial={"on": site.ledger().today})
    if request.method == "POST" and form.is_valid() and _noted(request, duty, form):
        return redirect("periods:calendar")
    context = {"form": form, "duty": duty, "name": desk.name(organisation), "duty_title": duty.rule.title(current())}
    return render(request, "periods/duty_done.html", context, status=400 if form.errors else 200)


def _noted(request: AskingRequest, duty: Duty, form: NoteForm) -> bool:
    where: dict[str, Any] = {"rule": duty.rule.id, "organisation": duty.organisation, "period": duty.period}
    try:
        calendar.note_done(request.actor, **where, **form.cleaned_data)
    except ChorokError as error:
        form.add_error("on", say_error(error))
        return False
    messages.success(request, say("site.periods.calendar.noted", what=duty.rule.title(current()), period=duty.period))
    return True


@needs(rules.SUBMIT)
@require_http_methods(["GET", "POST"])
def question(request: AskingRequest, organisation: str) -> HttpResponse:
    """Note that a question on a change of the results came in."""
    if not site.is_published() or organisation not in request.actor.reach(rules.SUBMIT):
        raise Http404
    today = site.ledger().today
    form = QuestionForm(request.POST or None, initial={"on": today, "period": today.year - 1})
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "period": str(form.cleaned_data["period"])}
        try:
            due = calendar.note_question(request.actor, organisation=organisation, **data)
        except ChorokError as error:
            form.add_error(None, say_error(error))
        else:
            messages.success(request, say("site.periods.calendar.asked", due=due))
            return redirect("periods:calendar")
    context = {"form": form, "name": selectors.desk().name(organisation)}
    return render(request, "periods/question.html", context, status=400 if form.errors else 200)
