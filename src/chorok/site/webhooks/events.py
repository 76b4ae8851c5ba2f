"""What is told: which events a step of a request makes, and what a message says. No names of people, no free text."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from chorok.site.screening.models import Request, Step

STATES = (
    "passed", "rejected", "returned", "awaiting", "approved", "refused", "overridden", "recorded", "withdrawn",
    "closed",
)  # fmt: skip
"""States of a request whose beginning is told."""
EVENTS = ("screening.submitted", *(f"screening.{state}" for state in STATES))
TEST = "webhook.test"
"""What is sent to see whether messages arrive."""


def of(step: Step) -> tuple[str, ...]:
    """Return the events of a step, in order: that a request was handed in, and where it then stands."""
    reached = step.after in STATES and (step.after != step.before or step.verb == "submit")
    told = ("submitted",) if step.verb == "submit" else ()
    return tuple(f"screening.{name}" for name in (*told, *((step.after,) if reached else ())))


def body(event: str, key: UUID, request: Request, step: Step) -> str:
    """Return what a message about a request says, as JSON."""
    outcomes = Counter(request.lines.values_list("outcome", flat=True))
    path = reverse("api:screening", args=[request.pk])
    told = {name: getattr(request, name) for name in _TOLD}
    about = {
        "id": request.pk,
        **told,
        "policy": request.policy_version,
        "outcomes": dict(sorted(outcomes.items())),
        "href": urljoin(settings.SITE_URL, path) if settings.SITE_URL else path,
    }
    done = {"verb": step.verb, "office": step.office, "stage": step.stage, "before": step.before, "after": step.after,
            "lines": step.numbers}  # fmt: skip
    return _written(event, key, step.at, organisation=request.organisation, screening=about, step=done)


_TOLD = ("number", "version", "state", "kind", "document_no", "amount", "currency", "definition", "registry",
         "snapshot")  # fmt: skip


def trial_body(key: UUID, at: datetime, organisation: str) -> str:
    """Return what a test says, as JSON."""
    return _written(TEST, key, at, organisation=organisation)


def _written(event: str, key: UUID, at: datetime, **more: Any) -> str:
    said = {"event": event, "delivery": str(key), "at": at.isoformat(timespec="milliseconds"), **more}
    return json.dumps(said, ensure_ascii=False)
