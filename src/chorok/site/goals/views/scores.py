"""Scorecards: units ranked by a scheme, and how each point of one was reached."""

from __future__ import annotations

from typing import Any, cast

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from chorok.core import schemes
from chorok.core.errors import ChorokError
from chorok.core.measures import one_more
from chorok.core.measures.one_more import GREEN, GROUNDS, Step
from chorok.core.money import round_half_away, written
from chorok.core.schemes import Scheme
from chorok.ledger import scorecards
from chorok.ledger.scorecards import KINDS, Asked, Card, Kind, Unit
from chorok.publications import score_words as words
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config import ledger as site
from chorok.site.config.language import current, say, say_error
from chorok.site.config.written import unit_of, with_unit
from chorok.site.goals.words import grounds, named, page_say
from chorok.site.periods.views.choosing import organisations, year_of

SEE = "performance.see"
EXPORT = ("rank", "scored_unit_code", "scored_unit", "score", "score_low", "score_high", "known_weight", "currency")


@needs(SEE)
@require_GET
def index(request: AskingRequest) -> HttpResponseBase:
    """Score and rank units; with `unit` show how its points were reached, with `as` hand the table out."""
    if not site.is_published():
        return render(request, "goals/nothing_yet.html")
    wish = _wish(request)
    context: dict[str, Any] = {**wish, **_choices(request), "query": urlencode(wish)}
    try:
        card = _card(wish)
    except ChorokError as error:
        return render(request, "goals/scorecard.html", {**context, "wrong": say_error(error)}, status=400)
    if form := downloads.wanted(request):
        return _download(form, card)
    context |= {"card": card, "rows": [_row(card, unit) for unit in card.units], **_beside(card)}
    if asked := request.GET.get("unit"):
        context["shown"] = _explained(card, _unit(card, asked))
    return render(request, "goals/scorecard.html", context)


def _wish(request: AskingRequest) -> dict[str, Any]:
    """Return what is asked for; an organisation out of reach is not there."""
    scope = request.GET.get("organisation") or request.actor.places(SEE)[0]
    if not request.actor.may(SEE, scope):
        raise Http404
    kind = request.GET.get("kind", "")
    place = site.published().tree.get(scope)
    usual = "district" if place and place.kind in ("city", "province") else "organisation"
    return {
        "scheme": request.GET.get("scheme") if request.GET.get("scheme") in schemes.names() else "bsc",
        "year": year_of(request.GET.get("year", ""), site.ledger().today.year - 1),
        "organisation": scope,
        "kind": kind if kind in KINDS else usual,
    }


def _choices(request: AskingRequest) -> dict[str, Any]:
    today = site.ledger().today.year
    return {
        "schemes": [(name, _title(schemes.preset(name))) for name in schemes.names()],
        "kinds": KINDS,
        "years": range(today, today - 8, -1),
        "organisations": organisations(request.actor, SEE),
    }


def _title(one: Any) -> str:
    return str(getattr(one, f"title_{current()}"))


def _card(wish: dict[str, Any]) -> Card:
    asked = Asked(wish["year"], cast("Kind", wish["kind"]), wish["organisation"])
    return scorecards.card(site.published(), schemes.preset(wish["scheme"]), asked)


def _name(unit: Unit) -> str:
    return " ".join([named(unit.key[0]), *unit.key[1:]])


def _row(card: Card, unit: Unit) -> dict[str, Any]:
    scored, digits = unit.scored, card.scheme.digits
    return {
        "name": _name(unit),
        "code": "/".join(unit.key),
        "rank": scored.rank,
        "score": None if scored.score is None else round_half_away(scored.score, digits),
        "low": None if scored.low is None else round_half_away(scored.low, digits),
        "high": None if scored.high is None else round_half_away(scored.high, digits),
        "known": None if scored.score is None else words.plain(scored.known),
        "remark": "; ".join(_remarks(unit)),
    }


def _remarks(unit: Unit) -> list[str]:
    state = unit.scored.state
    said = [] if state in ("ranked", "below_floor") else [say(f"scorecard.state.{state}")]
    return said + [words.below(one, unit.currency, say) for one in unit.scored.below]


def _beside(card: Card) -> dict[str, Any]:
    """What a reader of the scores should know."""
    scheme, year = card.scheme, card.asked.year
    remarks = []
    if shared := words.dropped_by_all(card):
        remarks.append(page_say("scorecard.dropped_by_all", indicators=", ".join(map(_title, shared))))
    if not scheme.covers(year):
        remarks.append(say("scorecard.not_in_force", since=scheme.in_force_from, year=year))
    if not scheme.checker:
        remarks.append(say("scorecard.unchecked"))
    if year >= site.ledger().today.year:
        remarks.append(say("scorecard.running", year=year, day=site.ledger().today))
    kind = say(f"unit_kind.{card.asked.kind}")
    for currency, amount in card.outside.items():
        outside = {"amount": written(amount, currency), "currency": unit_of(currency), "kind": kind}
        remarks.append(say("scorecard.outside", **outside))
    source = getattr(scheme, f"source_{current()}")
    said = [
        say("scorecard.scheme", title=_title(scheme), since=scheme.in_force_from, source=source),
        getattr(scheme, f"note_{current()}"),
        say(f"scorecard.how.{card.asked.kind}", year=year),
        say("scorecard.reading"),
        grounds(card.answer, named(card.asked.organisation or "")),
    ]
    return {"remarks": remarks, "said": said, "scheme_title": _title(scheme)}


def _unit(card: Card, asked: str) -> Unit:
    found = next((unit for unit in card.units if "/".join(unit.key) == asked), None)
    if found is None:
        raise Http404
    return found


def _explained(card: Card, unit: Unit) -> dict[str, Any]:
    """How each point was reached, and what one more would take."""
    steps = [] if unit.facts is None else list(one_more.steps(card.scheme, unit.facts, card.best, unit.scored))
    return {
        **_row(card, unit),
        "parts": [_part(card, unit, part) for part in unit.scored.parts],
        "steps": [_step(card.scheme, step, unit) for step in steps],
    }


def _part(card: Card, unit: Unit, part: Any) -> dict[str, Any]:
    digits, value, kind = card.scheme.digits, part.value, part.indicator.measured_in
    counts = part.weight is not None
    missing = None if value.value is not None else say(f"value_reason.{value.reason}")
    return {
        "title": _title(part.indicator),
        "value": missing or words.value(value.value, kind, unit.currency, say),
        "between": ""
        if missing or value.low == value.high
        else "–".join(words.value(one, kind, unit.currency, say) for one in (value.low, value.high)),
        "band": words.band(part.indicator, say),
        "weight": words.weight(part),
        "points": round_half_away(part.points, digits) if counts else None,
        "low": round_half_away(part.low, digits) if counts else None,
        "high": round_half_away(part.high, digits) if counts else None,
        "source": words.source(card, unit.facts, part, site.names(), page_say),
    }


def _step(scheme: Scheme, step: Step, unit: Unit) -> str:
    """What one more point takes by one lever."""
    indicator = next((one for one in scheme.indicators if one.effort == step.lever), None)
    lever = _title(indicator) if indicator else say(f"lever.{step.lever}")
    if step.change is None:
        return say("scorecard.most" if step.gain else "scorecard.all_there", lever=lever, gain=words.plain(step.gain))
    if indicator or step.lever not in (GREEN, GROUNDS):
        change = words.value(words.away(step.change), indicator.measured_in if indicator else "percent", "", say)
        return say("scorecard.more", lever=lever, change=f"{'+' if step.change > 0 else ''}{change}")
    amount = with_unit(written(int(step.change), unit.currency), unit.currency)
    share = "" if step.share is None else words.plain(words.away(step.share))
    return say(f"scorecard.more_{step.lever}", amount=amount, share=share)


def _download(form: str, card: Card) -> FileResponse:
    header = [say(f"column.{name}") for name in EXPORT]
    rows = []
    for unit in card.units:
        row = _row(card, unit)
        numbers = [None if row[name] is None else str(row[name]) for name in ("score", "low", "high", "known")]
        rows.append([row["rank"], row["code"], row["name"], *numbers, unit.currency])
    return downloads.sheet(f"scorecard-{card.scheme.id}-{card.asked.year}", form, header, rows)
