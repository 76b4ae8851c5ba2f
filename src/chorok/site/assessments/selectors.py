"""Projects and what is open about them, as the actor may read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from chorok.core.screening import bills
from chorok.core.screening.bills import Entry, Pair
from chorok.site.accounts.rights import Actor
from chorok.site.assessments.models import Material, OpenPoint, Project, Run
from chorok.site.screening import selectors as screening
from chorok.site.screening.models import Request

SEE = "assessments.see"


def projects(actor: Actor) -> QuerySet[Project]:
    """Return the projects within reach with `latest` (their newest run) and `open_points`, the newest first."""
    latest = Run.objects.filter(project=OuterRef("pk")).order_by("-number")
    return (
        Project.objects.filter(organisation__in=actor.reach(SEE))
        .annotate(latest=Subquery(latest.values("pk")[:1]), latest_on=Subquery(latest.values("on")[:1]))
        .annotate(open_points=Count("points", filter=Q(points__closed_how="")))
    )


def with_runs(found: list[Project]) -> list[tuple[Project, Run]]:
    """Return projects with their newest runs, in order."""
    runs = Run.objects.in_bulk([cast("Any", one).latest for one in found])
    return [(one, runs[cast("Any", one).latest]) for one in found]


def project(actor: Actor, pk: int) -> Project:
    """Return a project within reach. Raises Http404."""
    found = projects(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def run(project: Project, number: int | None = None) -> Run:
    """Return a run of a project, the newest for None. Raises Http404."""
    found = project.runs.last() if number is None else project.runs.filter(number=number).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Compared:
    """Two runs line by line."""

    before: Run
    after: Run
    pairs: list[Pair]

    @property
    def changed(self) -> list[Pair]:
        """The lines that are not as they were."""
        return [one for one in self.pairs if one.changes]

    @property
    def registry(self) -> bool:
        """Whether the registry was another one."""
        return self.before.registry != self.after.registry

    @property
    def rules(self) -> bool:
        """Whether policy or definition were others."""
        sides = [(one.policy_version, one.definition) for one in (self.before, self.after)]
        return sides[0] != sides[1]


def compared(before: Run, after: Run) -> Compared:
    """Compare two runs."""
    sides = [[_entry(one) for one in run.materials.all()] for run in (before, after)]
    return Compared(before, after, bills.compared(*sides))


def _entry(one: Material) -> Entry:
    price = one.alternatives[0].get("price") if one.alternatives else None
    return Entry(
        one.number,
        one.words or one.item_hint,
        cast("Any", one.outcome),
        one.quantity,
        one.amount,
        one.furnished,
        one.item_group,
        tuple(one.certificates),
        one.alternative,
        price,
    )


def points(actor: Actor) -> QuerySet[OpenPoint]:
    """Return the points of all projects within reach that were not put aside."""
    reach = actor.reach(SEE)
    return OpenPoint.objects.filter(project__organisation__in=reach, project__aside=False).select_related("project")


def requests(actor: Actor, project: Project) -> QuerySet[Request]:
    """Return the purchase requests that came of a project, as far as the actor may see them."""
    return screening.requests(actor).filter(project=project.pk)
