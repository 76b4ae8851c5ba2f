"""The share at the end of the year: the months so far, carried forward as past years went on."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from chorok.core.errors import ChorokError
from chorok.core.measures.forecast import ENOUGH, PastYear
from chorok.core.money import percent, round_half_away, written
from chorok.ledger import forecasts
from chorok.ledger.forecasts import Asked, Outlook, Outlooks
from chorok.publications import charts
from chorok.publications.charts import Point
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config import ledger as site
from chorok.site.config.language import say, say_error
from chorok.site.config.written import unit_of
from chorok.site.goals.forms import items
from chorok.site.goals.words import grounds, named, page_say
from chorok.site.periods.views.choosing import organisations, year_of

SEE = "performance.see"
SHARES = ("so_far", "forecast", "forecast_low", "forecast_high", "open_low", "open_high")


@needs(SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponseBase:
    """Forecast a year for an organisation, and item group by item group."""
    if not site.is_published():
        return render(request, "goals/nothing_yet.html")
    wish = _wish(request)
    context: dict[str, Any] = {
        **wish,
        **_choices(request),
        "query": urlencode({**wish, "through": wish["through"] or ""}),
    }
    asked = Asked(wish["year"], (), wish["organisation"], wish["item"] or None, wish["through"])
    by_item = Asked(wish["year"], ("item",), wish["organisation"], wish["item"] or None, wish["through"])
    try:
        found, parts = (forecasts.outlooks(site.published(), one) for one in (asked, by_item))
    except ChorokError as error:
        return render(request, "goals/forecast.html", {**context, "wrong": say_error(error)}, status=400)
    if form := downloads.wanted(request):
        return _download(form, parts, wish)
    context |= {
        "found": [_shown(one, found) for one in found.found],
        "parts": [_part(one) for one in parts.found],
        "months": found.months,
        "remarks": _remarks(found),
        "grounds": grounds(found.answer, named(wish["organisation"])),
    }
    return render(request, "goals/forecast.html", context)


def _wish(request: AskingRequest) -> dict[str, Any]:
    scope = request.GET.get("organisation") or request.actor.places(SEE)[0]
    item = request.GET.get("item", "")
    if not request.actor.may(SEE, scope) or (item and item not in site.names().by_dimension["item"]):
        raise Http404
    months = request.GET.get("through", "")
    through = int(months) if months in {str(month) for month in range(1, 12)} else None
    year = year_of(request.GET.get("year", ""), site.ledger().today.year)
    return {"organisation": scope, "item": item, "year": year, "through": through}


def _choices(request: AskingRequest) -> dict[str, Any]:
    today = site.ledger().today.year
    return {
        "years": range(today, today - 8, -1),
        "organisations": organisations(request.actor, SEE),
        "items": items(),
        "throughs": range(1, 12),
    }


def _shown(one: Outlook, found: Outlooks) -> dict[str, Any]:
    made = one.forecast
    return {
        "one": one,
        "made": made,
        "past": [_past(made.so_far, past) for past in made.past],
        "chart": SafeString(_chart(one, found)),
        "said": _said(one, found),
        "interval": _interval(one),
    }


def _interval(one: Outlook) -> str:
    """What the forecast lies between: by past years, and with what is open on top."""
    made = one.forecast
    texts = [
        say(f"site.goals.forecast.{name}", low=_text(low), high=_text(high))
        for name, low, high in (("interval", made.low, made.high), ("open", made.open_low, made.open_high))
        if low is not None and high is not None
    ]
    return ", ".join(texts)


def _past(now: Any, past: PastYear) -> dict[str, Any]:
    used = past.reason is None
    return {
        "past": past,
        "carried": past.carried(now.green, now.denominator - now.green) if used else None,
        "green": round_half_away(past.green, 4) if past.green is not None else None,
        "rest": round_half_away(past.rest, 4) if past.rest is not None else None,
        "why": "" if used else say(f"past_reason.{past.reason}"),
    }


def _chart(one: Outlook, found: Outlooks) -> str:
    """Draw the shares of past years and the forecast of this one with its interval."""
    made, year = one.forecast, found.asked.year
    points = [_so(past) for past in made.past]
    low, high = (made.low, made.high) if made.low is not None else (made.open_low, made.open_high)
    end = made.share if made.share is not None else made.so_far.value
    points.append(
        Point(str(year), _hundred(end), _hundred(low), _hundred(high), one.aim, _text(end), open=made.state != "over")
    )
    title = say("site.goals.forecast.chart", organisation=named(found.asked.organisation or ""), year=year)
    return charts.trend(f"forecast-{one.currency}", title, say("site.goals.forecast.chart_what"), points)


def _so(past: PastYear) -> Point:
    """A past year, where the band has no width: it opens from the last of them."""
    value = _hundred(past.whole.value)
    return Point(str(past.year), value, value, value, text=_text(past.whole.value))


def _hundred(value: Fraction | None) -> Fraction | None:
    return None if value is None else value * 100


def _text(value: Fraction | None) -> str:
    rounded = percent(value)
    return "" if rounded is None else f"{rounded}%"


def _said(one: Outlook, found: Outlooks) -> list[str]:
    """Say how the forecast was made and what it is worth."""
    made, needed = one.forecast, one.needed
    said = [say("forecast.months", year=found.asked.year, months=found.months)] if found.months else []
    if made.used and made.share is not None:
        said.append(say("forecast.method"))
    if made.chance is not None:
        said.append(say("forecast.chance", years=len(made.used), chance=percent(made.chance, 0)))
    if needed is not None and one.aim is not None:
        amounts = {
            "amount": written(int(round_half_away(needed.total, 0)), one.currency),
            "currency": unit_of(one.currency),
        }
        shares = {"share": percent(needed.share), "expected": percent(needed.expected)}
        said.append(say(f"forecast.{needed.state}", aim=round_half_away(one.aim, 2), **shares, **amounts))
    elif made.state in ("forecast", "no_interval"):
        said.append(page_say("forecast.no_target", year=found.asked.year))
    return said


def _part(one: Outlook) -> dict[str, Any]:
    return {"one": one, "name": site.names().show("item", one.key[0]) or say("periods.no_group"), "made": one.forecast}


def _remarks(found: Outlooks) -> list[str]:
    """Say what there is too little of."""
    states = [one.forecast.state for one in found.found if not one.not_known]
    said = []
    if not found.months:
        said.append(page_say("forecast.nothing", year=found.asked.year))
    elif not found.found:
        said.append(page_say("forecast.nothing_such", year=found.asked.year))
    short = [state for state in ("no_data", "no_past") if state in states]
    said += [page_say(f"forecast.{state}", count=states.count(state)) for state in short]
    if "no_interval" in states:
        said.append(say("forecast.no_interval", count=states.count("no_interval"), enough=ENOUGH))
    if "over" in states and found.asked.through is None:
        said.append(page_say("forecast.over", year=found.asked.year))
    if found.without and found.months:
        months = "–".join(str(month) for month in sorted({found.without[0], found.without[-1]}))
        said.append(say("forecast.without", months=months, year=found.asked.year))
    return said


def _download(form: str, found: Outlooks, wish: dict[str, Any]) -> FileResponse:
    header = [say(f"column.{name}") for name in ("item_code", "item", "currency", *SHARES, "aim")]
    rows = []
    for one in found.found:
        made = one.forecast
        shares = (made.so_far.value, made.share, made.low, made.high, made.open_low, made.open_high)
        texts = [None if share is None else str(percent(share)) for share in shares]
        aim = None if one.aim is None else str(round_half_away(one.aim, 2))
        rows.append([one.key[0], _part(one)["name"], one.currency, *texts, aim])
    return downloads.sheet(f"forecast-{wish['organisation']}-{wish['year']}", form, header, rows)
