"""Roll-out of screening: who screens, how much of what is bought was screened, how requests fare, what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from chorok.core.money import percent
from chorok.core.screening.grounds import NUMBERS
from chorok.site.accounts.rights import Actor, AskingRequest, needs
from chorok.site.config import downloads
from chorok.site.config import ledger as site
from chorok.site.config.language import say
from chorok.site.screening import rollout
from chorok.site.screening.adopting import ADOPT
from chorok.site.screening.rollout import Effect, Row


@needs(rollout.REPORT)
@require_GET
def index(request: AskingRequest) -> HttpResponseBase:
    """Show how far screening is rolled out, and what it did: a sequence, not a cause."""
    actor = request.actor
    found = rollout.rows(actor)
    if form := downloads.wanted(request):
        return _download(form, found)
    standing = rollout.states(actor)
    context = {
        "rows": [_row(actor, row) for row in found],
        "districts": [(_named(city), adopted, whole) for city, adopted, whole in rollout.districts(actor, found)],
        "states": standing,
        "handed_in": sum(count for _, count in standing),
        "overdue": rollout.overdue(actor),
        "stages": rollout.stages(actor),
        "marks": NUMBERS,
        "departments": [{**row, "name": _department(row)} for row in rollout.departments(actor)],
        "effects": [_effect(one) for one in rollout.effects(actor)],
        "lines": actor.may("lines.see"),
    }
    return render(request, "screening/rollout.html", context)


def _named(code: str | None) -> str:
    return (site.names().show("organisation", code) if code and site.is_published() else None) or code or ""


def _row(actor: Actor, row: Row) -> dict[str, Any]:
    may = actor.may(ADOPT, row.code)
    return {**vars(row), "name": _named(row.code), "from": _named(row.above), "may_adopt": may}


def _department(row: dict[str, Any]) -> str:
    return " ".join(part for part in (_named(row["organisation"]), row["department"]) if part)


def _effect(one: Effect) -> dict[str, Any]:
    query = urlencode({"organisation": one.code, "period": str(one.last)})
    shares = [(year, _percent(share), mark) for year, share, mark in one.years]
    return {
        "name": _named(one.code),
        "years": shares,
        "sentences": one.sentences,
        "to": f"{reverse('performance:dashboard')}?{query}",
    }


def _percent(share: Any) -> str:
    return say("word.no_data") if share is None else f"{percent(share)}%"


COLUMNS = ("organisation", "policy", "since", "requests", "currency", "lines", "amount", "matched_lines", "matched",
           "skipped_lines", "skipped", "compliance")  # fmt: skip


def _download(form: str, found: list[Row]) -> HttpResponseBase:
    header = [say(f"site.screening.rollout.file.{name}") for name in COLUMNS]
    table = [
        [
            _named(row.code),
            row.policy,
            row.since,
            row.requests if row.policy else None,
            *(sums.get(name) for name in COLUMNS[4:-1]),
            percent(sums["rate"]) if sums.get("rate") is not None else None,
        ]
        for row in found
        for sums in (row.sums or ({},))
    ]
    return downloads.sheet("screening-rollout", form, header, table)
