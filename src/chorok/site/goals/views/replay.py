"""Past purchases under a screening policy: what would have been stopped, and what the share would be."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from chorok.core import periods
from chorok.core.errors import ChorokError
from chorok.core.measures.replay import OUTCOMES, POLICIES
from chorok.core.money import Share, percent
from chorok.ledger import replay as replays
from chorok.ledger.figures import Question, resolve
from chorok.ledger.replay import Row, Wanted
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config import ledger as site
from chorok.site.config.language import say, say_error
from chorok.site.goals.words import grounds, named
from chorok.site.jobs.services import start
from chorok.site.periods.views.choosing import organisations, year_of

SEE, LINES = "performance.see", "lines.see"
A_PAGE = 50
DEFINITION = "national"


@needs(SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponseBase:
    """Show what a policy would have done; before the sums are made, offer to make them."""
    if not site.is_published():
        return render(request, "goals/nothing_yet.html")
    wish = _wish(request)
    context: dict[str, Any] = {**wish, **_choices(request), "query": urlencode(wish)}
    if not is_made():
        return render(request, "goals/replay.html", {**context, "unmade": True})
    try:
        rows, answer = _run(wish)
    except ChorokError as error:
        return render(request, "goals/replay.html", {**context, "wrong": say_error(error)}, status=400)
    if form := downloads.wanted(request):
        return _download(form, rows, wish)
    registry = site.published().registry
    context |= {
        "wholes": _wholes(wish),
        "rows": [_row(row) for row in rows],
        "grounds": grounds(answer, named(wish["organisation"])),
        "no_certificates": not registry.table("certificates").num_rows,
        "no_offers": not registry.table("offers").num_rows,
        "lines": request.actor.may(LINES, wish["organisation"]),
    }
    return render(request, "goals/replay.html", context)


def is_made() -> bool:
    """Tell whether the sums of the newest state are there."""
    published = site.published()
    return replays.file_of(published, published.definition(DEFINITION)).exists()


def _wish(request: AskingRequest) -> dict[str, Any]:
    scope = request.GET.get("organisation") or request.actor.places(SEE)[0]
    if not request.actor.may(SEE, scope):
        raise Http404
    policy = request.GET.get("policy", "")
    return {
        "organisation": scope,
        "policy": policy if policy in POLICIES else POLICIES[0],
        "year": year_of(request.GET.get("year", ""), site.ledger().today.year - 1),
    }


def _choices(request: AskingRequest) -> dict[str, Any]:
    today = site.ledger().today.year
    return {
        "policies": POLICIES,
        "years": range(today, today - 8, -1),
        "organisations": organisations(request.actor, SEE),
    }


def _question(wish: dict[str, Any], by: tuple[str, ...]) -> Question:
    period = periods.parse(str(wish["year"]))
    return Question(by, definition=DEFINITION, period=period, organisation=wish["organisation"])


def _run(wish: dict[str, Any]) -> tuple[list[Row], Any]:
    found = replays.run(site.published(), _question(wish, ("item",)), replays.policy_of(wish["policy"]))
    met = [row for row in found.rows if row.result.was.denominator or row.result.was.unknown]
    return sorted(met, key=lambda row: -row.result.tallies["stopped"].amount), found.answer


def _wholes(wish: dict[str, Any]) -> list[dict[str, Any]]:
    found = replays.run(site.published(), _question(wish, ()), replays.policy_of(wish["policy"]))
    return [
        {
            "currency": row.figure.currency,
            "was": row.result.was,
            "stopped": row.result.stopped,
            "at_most": row.result.at_most,
            "tallies": [(name, row.result.tallies[name]) for name in OUTCOMES],
        }
        for row in found.rows
        if row.result.was.denominator or row.result.was.unknown
    ]


def _row(row: Row) -> dict[str, Any]:
    told, item = row.result, row.figure.keys[0]
    return {
        "name": site.names().show("item", item) or say("periods.no_group"),
        "item": item,
        "currency": row.figure.currency,
        "told": told,
        "stopped": told.tallies["stopped"],
        "questioned": told.tallies["questioned"],
        "grounded": told.tallies["grounded"],
    }


def _download(form: str, rows: list[Row], wish: dict[str, Any]) -> FileResponse:
    header = [say(f"column.{name}") for name in ("item_code", "item", "currency", "eligible", "green")]
    header += [say(f"outcome.{name}") for name in OUTCOMES]
    header += [say(f"column.share_{name}") for name in ("was", "stopped", "at_most")]
    table = [
        [
            row.figure.keys[0],
            site.names().show("item", row.figure.keys[0]),
            row.figure.currency,
            row.result.was.denominator,
            row.result.was.green,
            *(row.result.tallies[name].amount for name in OUTCOMES),
            *(_percent(share) for share in (row.result.was, row.result.stopped, row.result.at_most)),
        ]
        for row in rows
    ]
    return downloads.sheet(f"replay-{wish['policy']}-{wish['organisation']}-{wish['year']}", form, header, table)


def _percent(share: Share) -> str | None:
    rounded = percent(share.value)
    return None if rounded is None else str(rounded)


@needs(SEE)
@require_POST
def make(request: AskingRequest) -> HttpResponse:
    """Make the sums as a job."""
    if not site.is_published():
        raise Http404
    job = start(
        request.actor, "goals.replay", organisation=request.actor.places(SEE)[0], query=request.POST.get("query", "")
    )
    return redirect("jobs:show", job.pk)


@needs(LINES)
@require_GET
def lines(request: AskingRequest) -> HttpResponse:
    """List the biggest lines of an outcome, or one with what stood against it."""
    if not site.is_published():
        raise Http404
    wish = _wish(request)
    if not request.actor.may(LINES, wish["organisation"]):
        raise Http404
    outcome = request.GET.get("outcome", "stopped")
    item, number = request.GET.get("item") or None, request.GET.get("line", "").removeprefix("L")
    if outcome not in OUTCOMES or (number and not (number.isascii() and number.isdigit() and len(number) < 19)):
        raise Http404
    period = periods.parse(str(wish["year"]))
    policy = replays.policy_of(wish["policy"])
    outcomes = OUTCOMES if number else (outcome,)
    wanted = Wanted(policy, period, wish["organisation"], item, outcomes, DEFINITION, int(number) if number else None)
    found = replays.lines(site.published(), wanted, A_PAGE)
    if number and not found.rows:
        raise Http404
    context = {
        **wish,
        "outcome": outcome,
        "outcomes": OUTCOMES,
        "item": item or "",
        "item_name": site.names().show("item", item) if item else "",
        "count": f"{found.lines:,}",
        "amounts": list(found.amounts.items()),
        "rows": [_line(row) for row in found.rows],
        "name": named(wish["organisation"]),
        "query": urlencode({**wish, "item": item or ""}),
        "one": bool(number),
        "against": replays.against(site.published(), found.rows[0], DEFINITION, A_PAGE) if number else None,
    }
    return render(request, "goals/replay_lines.html", context)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    code = resolve(site.published().tree, row["organisation"])
    item = site.names().show("item", row["item_group"])
    return {**row, "buyer": named(code) if code else row["organisation"], "item_name": item}
