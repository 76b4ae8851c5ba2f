"""The whole record of a request for an auditor: on one page, and as a file that can be checked elsewhere."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.audit.selectors import RIGHT
from chorok.site.audit.services import record
from chorok.site.audit.wordings import action_said, finding_said, person_said
from chorok.site.config import downloads
from chorok.site.fulfilment import selectors as fulfilment
from chorok.site.screening import adoptions, documents, dossier, selectors
from chorok.site.screening.cases import case_of
from chorok.site.screening.dossier import Act, Dossier
from chorok.site.screening.models import Paper
from chorok.site.screening.tuning import title, told
from chorok.site.screening.views import shown
from chorok.site.screening.views.request import A_PAGE


@needs(RIGHT)
@require_GET
def show(request: AskingRequest, pk: int) -> HttpResponse:
    """Show a request from need to delivery: every act, on what it rests, and whether the audit bears it out."""
    one = selectors.request(request.actor, pk)
    found, rule = dossier.of(request.actor, one), adoptions.of_request(one)
    page = Paginator(one.lines.all(), A_PAGE).get_page(request.GET.get("page"))
    context = {
        **fulfilment.of_request(request.actor, one),
        "one": one,
        "tone": shown.tone(one.state),
        "where": name_of(request.actor, one.organisation),
        "requester": shown.name_of(one.requester),
        "total": shown.total(one),
        "page": page,
        "rows": shown.lines(page, one, rule.policy, case_of(one)),
        "acts": [_act(request, act, found) for act in found.acts],
        "whole": found.whole,
        "events": sum(act.event is not None for act in found.acts),
        "findings": [finding_said(each.code, each.params) for each in found.findings],
        "astray": [_act(request, act, found) for act in found.astray],
        "adoption": rule.adoption,
        "policy": title(rule.policy),
        "fields": list(told(rule.policy).items()),
        "papers": Paper.objects.filter(line__request=one).select_related("line", "added_by").order_by("pk"),
        "has_reasons": any(documents.needs_reasons(line) for line in one.lines.all()),
    }
    return render(request, "screening/dossier.html", context)


def _act(request: AskingRequest, act: Act, found: Dossier) -> dict[str, Any]:
    """Return an act in words; a step without an event is told by the step alone."""
    event, step, lent = act.event, act.step, act.delegation
    by, behalf = (step.by_id, step.behalf_id) if step else (event.actor_id, event.on_behalf) if event else (None, None)
    people = found.people | {user.pk: str(user) for user in (step.by, step.behalf) if user} if step else found.people
    facts = event.told if event else {}
    return {
        "event": event,
        "step": step,
        "at": event.at if event else step.at if step else None,
        "action": action_said(event.action if event else f"screening.{step.verb}" if step else ""),
        "who": person_said(by, event.via if event else "system", people),
        "behalf": person_said(behalf, "", people) if behalf else "",
        "lent": lent,
        "lent_at": name_of(request.actor, lent.membership.organisation) if lent else "",
        "lines": shown.numbers(step.numbers) if step else facts.get("line", ""),
        "facts": {
            name: facts[name] for name in ("policy", "registry", "finding", "document", "form") if facts.get(name)
        },
    }


@needs(RIGHT)
@require_GET
def download(request: AskingRequest, pk: int) -> HttpResponse:
    """Send all that is kept of a request with its events, so that their hashes can be computed again elsewhere."""
    one = selectors.request(request.actor, pk)
    with transaction.atomic():
        record(
            request.actor, "screening.exported", subject=("screening", one.pk), organisation=one.organisation,
            document="record", form="json", version=one.version,
        )  # fmt: skip
    made = dossier.written(request.actor, one, dossier.of(request.actor, one))
    text = json.dumps(made, ensure_ascii=False, indent=1)
    return downloads.text(f"{one.number}-record.json", text, "application/json")
