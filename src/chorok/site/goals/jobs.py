"""Long work of this app."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from chorok.ledger import replay
from chorok.ledger.figures import Question, tree_of
from chorok.site.config.ledger import published
from chorok.site.jobs.models import Job
from chorok.site.jobs.services import Told, job_kind


def _link(job: Job) -> str:
    return f"{reverse('goals:replay')}?{job.params.get('query', '')}"


@job_kind("goals.replay", right="performance.see", link=_link, origin=_link)
def make_replay(job: Job, told: Told) -> dict[str, Any]:
    """Make the sums from which a replay is read; those that are there are left as they are."""
    told("replay", 0, 1)
    state = published()
    replay.build(state, state.definition("national"), tree_of(state, Question(())))
    told("replay", 1, 1)
    return {"snapshot": state.snapshot.number}
