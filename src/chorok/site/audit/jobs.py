"""Verifying the chain as a job: over a long chain it takes a few seconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from chorok.site.audit.verifying import Finding, examined
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import Told, job_kind

KIND = "audit.verify"
MOST_KEPT = 200
"""So many findings are kept with the result; how many there were in all is kept too."""


def _link(job: Job) -> str:
    return reverse("audit:verified", args=[job.pk])


def _origin(_job: Job) -> str:
    return reverse("audit:index")


@job_kind(KIND, right="audit.see", link=_link, origin=_origin)
def run(_job: Job, told: Told) -> dict[str, Any]:
    """Verify; keep what was found."""
    told("verifying", 0, 0)
    report = examined()
    return {
        "events": report.events,
        "hash": report.hash,
        "faults": len(report.problems),
        "problems": _kept(report.problems),
        "remarks": _kept(report.remarks),
    }


def _kept(findings: Iterable[Finding]) -> list[list[Any]]:
    return [[one.code, one.params] for one in list(findings)[:MOST_KEPT]]
