"""The list of periods, one period, and the steps on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from chorok.core.calendar.closing import STATES, Verb
from chorok.core.errors import ChorokError, UsageError
from chorok.ledger import closings
from chorok.ledger.closings import Differences
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as site
from chorok.site.config.language import current, say, say_error
from chorok.site.periods import rules, selectors, services, signing
from chorok.site.periods.forms import StepForm, SubmitForm
from chorok.site.periods.selectors import Closing
from chorok.site.periods.views.choosing import organisations, year_of

A_PAGE = 50
TONES = {"submitted": "info", "accepted": "good", "returned": "warn", "final": "good"}
VERBS: tuple[Verb, ...] = get_args(Verb)


@needs(rules.SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List periods by year, state and organisation."""
    if not site.is_published():
        return render(request, "periods/nothing_yet.html")
    wished = {name: request.GET.get(name, "") for name in ("state", "organisation")}
    years, last = selectors.years_of(request.actor), site.ledger().today.year - 1
    year = year_of(request.GET.get("year", ""), last)
    found = selectors.closings_of(request.actor, year, **wished)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, selectors.sent_share(one), TONES.get(one.standing.state, "plain")) for one in page]
    context = {
        "page": page,
        "rows": rows,
        "count": len(found),
        "year": year,
        "years": sorted({*years, year}, reverse=True),
        "states": STATES,
        **wished,
        "organisations": organisations(request.actor),
        "people": _people(found),
    }
    return render(request, "periods/index.html", context)


def _people(found: Iterable[Closing]) -> dict[str, str]:
    return signing.names(one.standing.last.by for one in found if one.standing.last)


@needs(rules.SEE)
@require_GET
def find(request: AskingRequest) -> HttpResponse:
    """Go to the period of an organisation that a form asks for."""
    organisation, period = request.GET.get("organisation", ""), request.GET.get("period", "").strip()
    try:
        label, _ = closings.period_of(period)
    except UsageError as error:
        messages.error(request, say_error(error))
        return redirect("periods:index")
    if organisation not in request.actor.reach(rules.SEE):
        raise Http404
    return redirect("periods:one", organisation, label)


def _found(request: AskingRequest, organisation: str, period: str) -> Closing:
    """Return a period in reach; what is not answers as what does not exist."""
    try:
        found = selectors.one(request.actor, organisation, period) if site.is_published() else None
    except UsageError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


@needs(rules.SEE)
@require_GET
def one(request: AskingRequest, organisation: str, period: str) -> HttpResponse:
    """Show a period: its state, what was sent, what has changed since, and every step."""
    closing = _found(request, organisation, period)
    steps = selectors.history(closing)
    context: dict[str, Any] = {
        "closing": closing,
        "tone": TONES.get(closing.standing.state, "plain"),
        "steps": steps,
        "people": signing.names(step.by for step in steps),
        "receiver": selectors.desk().name(rules.receiver(request.actor.tree, organisation, request.actor.today)),
        "own": _is_own(request, closing),
        **_sent(closing),
    }
    return render(request, "periods/one.html", context)


def _is_own(request: AskingRequest, closing: Closing) -> bool:
    """Tell whether who asks could judge the figures, had they not sent them."""
    waits = closing.standing.state in ("submitted", "accepted") and closing.standing.sent
    return bool(waits and request.actor.user_id in signing.parties(waits.by))


def _sent(closing: Closing) -> dict[str, Any]:
    """What was sent and what differs now; an error where it cannot be read, so that the steps still show."""
    try:
        record, differences = selectors.record(closing), selectors.differences(closing)
    except ChorokError as error:
        return {"unread": say_error(error)}
    if record is None or differences is None or closing.standing.sent is None:
        return {}
    return {
        "record": record,
        "definition": getattr(site.published().definition(record.definition), f"title_{current()}"),
        "shares": selectors.shares(record.total(), record.basis),
        "files": [*record.files, "figures.json"],
        "differences": differences,
        "items": _items(differences),
        "batches": list(differences.batches.items()),
        "causes": ", ".join(say(f"closing_cause.{cause}") for cause in differences.causes) or "–",
    }


def _items(found: Differences) -> list[dict[str, Any]]:
    names = site.names()
    return [
        {
            "name": names.show("item", item) or say("periods.no_group"),
            "currency": currency,
            "pairs": [("sent", before, before.share(found.step.basis)), ("now", now, now.share(found.step.basis))],
        }
        for (item, currency), (before, now) in found.items.items()
    ]


@needs(rules.SEE)
@require_GET
def download(request: AskingRequest, organisation: str, period: str, version: int, name: str) -> HttpResponseBase:
    """Hand out a file as it was sent."""
    try:
        file = selectors.file(_found(request, organisation, period), version, name)
    except ChorokError as error:
        messages.error(request, say_error(error))
        return redirect("periods:one", organisation, period)
    if file is None:
        raise Http404
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"{organisation}-{period}-{version}-{name}")


@needs(rules.SUBMIT, rules.ACCEPT)
@require_http_methods(["GET", "POST"])
def step(request: AskingRequest, organisation: str, period: str, verb: str) -> HttpResponse:
    """Ask before a step, and take it."""
    closing = _found(request, organisation, period)
    known = next((one for one in VERBS if one == verb), None)
    if known is None:
        raise Http404
    try:
        rules.hand(request.actor, organisation, known, closing.standing)
        form = _form(request, known, closing)
        if request.method == "POST" and form.is_valid():
            _take(request, closing, known, form.cleaned_data)
            return redirect("periods:one", organisation, closing.period)
    except PermissionDenied:
        raise
    except ChorokError as error:
        messages.error(request, say_error(error))
        return redirect("periods:one", organisation, closing.period)
    context = {"closing": closing, "verb": known, "form": form, "receiver": _receiver(request, organisation)}
    return render(request, "periods/step.html", context, status=400 if form.errors else 200)


def _receiver(request: AskingRequest, organisation: str) -> str:
    return selectors.desk().name(rules.receiver(request.actor.tree, organisation, request.actor.today))


def _form(request: AskingRequest, verb: Verb, closing: Closing) -> StepForm:
    data = request.POST if request.method == "POST" else None
    initial = {"version": closing.standing.sent.version if closing.standing.sent else None}
    if verb == "submit":
        return SubmitForm(verb, data, initial=initial, language=current())
    return StepForm(verb, data, initial=initial)


def _take(request: AskingRequest, closing: Closing, verb: Verb, data: dict[str, Any]) -> None:
    where = {"organisation": closing.organisation, "period": closing.period, "remarks": data["remarks"]}
    if verb == "submit":
        services.submit(request.actor, **where, definition=data["definition"], basis=data["basis"])
    else:
        services.take(request.actor, **where, verb=verb, version=data["version"])
    said = {"organisation": closing.name, "period": closing.period}
    messages.success(request, say(f"site.periods.done.{verb}", **said))
