"""Open points: found in a run, seen to by an office until a day, closed by a person or by a later run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from chorok.core.errors import UsageError
from chorok.site.accounts.rights import Actor
from chorok.site.assessments.models import Material, OpenPoint, Project, Run
from chorok.site.assessments.screened import points_of
from chorok.site.audit.services import record

MAKE = "assessments.make"
OWNED_BY = {"proof": "green_purchase_officer"}
"""Who sees to a kind of point unless somebody says otherwise; the others are seen to by who plans the project."""


def sync(actor: Actor, project: Project, run: Run, materials: Sequence[Material]) -> tuple[int, int]:
    """Open what a run finds and close what it no longer finds; return how many of each. In the caller's transaction.

    `materials`: all of the run, kept already or still to be kept. What a person closed stays closed while the material
    has the same words.
    """
    known = {(one.kind, one.key): one for one in project.points.order_by("pk")}
    found: set[tuple[str, str]] = set()
    fresh, moved = [], []
    for one in materials:
        for kind in points_of(one, project):
            found.add((kind, one.key))
            point = known.get((kind, one.key))
            if point is None:
                fresh.append(_point(project, run, one, kind))
            elif point.closed_how == "run" or point.number != one.number:
                _open_again(point, one)
                moved.append(point)
    gone = [one for mark, one in known.items() if mark not in found and not one.closed_how]
    for point in gone:
        _close(point, actor, "run", run=run)
    OpenPoint.objects.bulk_create(fresh, 200)
    names = [*_CLOSING, "number", "version"]
    OpenPoint.objects.bulk_create(
        [*moved, *gone], 200, update_conflicts=True, unique_fields=["id"], update_fields=names
    )
    count(project, materials)
    return len(fresh), len(gone)


def _point(project: Project, run: Run, one: Material, kind: str) -> OpenPoint:
    owner = OWNED_BY.get(kind, "requester")
    called = (one.words or one.item_hint)[:600]
    return OpenPoint(
        project=project, kind=kind, key=one.key, material=called, number=one.number, owner=owner, found_in=run
    )


_CLOSING = ("closed_how", "closed_by", "closed_at", "closed_on", "closed_with", "closed_in")


def _open_again(point: OpenPoint, one: Material) -> None:
    point.number = one.number
    if point.closed_how == "run":
        _unclose(point)


def _unclose(point: OpenPoint) -> None:
    point.closed_how = point.closed_with = ""
    point.closed_by = point.closed_at = point.closed_on = point.closed_in = None
    point.version += 1


def _close(point: OpenPoint, actor: Actor, how: str, *, run: Run | None = None, words: str = "") -> None:
    point.closed_how, point.closed_with, point.closed_in = how, words, run
    point.closed_by_id = actor.user_id if how == "person" else None
    point.closed_at, point.closed_on = timezone.now(), actor.today
    point.version += 1


def count(project: Project, materials: Iterable[Material]) -> None:
    """Keep with each material how many points are open about it; one that is not kept yet is only told."""
    marks: dict[str, int] = {}
    for key in project.points.filter(closed_how="").values_list("key", flat=True):
        marks[key] = marks.get(key, 0) + 1
    changed = defaultdict(list)
    for one in materials:
        if one.open != marks.get(one.key, 0):
            one.open = marks.get(one.key, 0)
            changed[one.open].append(one.pk)
    for number, keys in changed.items():
        Material.objects.filter(pk__in=[key for key in keys if key]).update(open=number)


def _locked(actor: Actor, pk: int, version: int) -> OpenPoint:
    reach = actor.reach(MAKE)
    found = OpenPoint.objects.select_for_update().filter(pk=pk, project__organisation__in=reach).first()
    if found is None:
        raise Http404
    if found.version != version:
        raise UsageError("assessment_moved_on", seen=version, now=found.version)
    return found


def keep(actor: Actor, *, pk: int, version: int, owner: str, due_on: date | None, note: str) -> OpenPoint:
    """Say who sees to a point until when. Raises Http404, UsageError assessment_moved_on."""
    with transaction.atomic():
        point = _locked(actor, pk, version)
        point.owner, point.due_on, point.note = owner, due_on, note
        point.version += 1
        point.save()
        _told(actor, "assessments.point_kept", point, owner=owner, due=due_on.isoformat() if due_on else None)
    return point


def close(actor: Actor, *, pk: int, version: int, words: str) -> OpenPoint:
    """Close a point, saying with what. Raises as `keep`, UsageError assessment_closing_words, assessment_point."""
    with transaction.atomic():
        point = _locked(actor, pk, version)
        if point.closed_how:
            raise UsageError("assessment_point_closed")
        if not words.strip():
            raise UsageError("assessment_closing_words")
        _close(point, actor, "person", words=words.strip())
        point.save()
        _recount(point)
        _told(actor, "assessments.point_closed", point)
    return point


def reopen(actor: Actor, *, pk: int, version: int) -> OpenPoint:
    """Open a closed point again. Raises as `keep`."""
    with transaction.atomic():
        point = _locked(actor, pk, version)
        _unclose(point)
        point.save()
        _recount(point)
        _told(actor, "assessments.point_reopened", point)
    return point


def _recount(point: OpenPoint) -> None:
    run = point.project.runs.last()
    if run is not None:
        count(point.project, run.materials.all())


def _told(actor: Actor, action: str, point: OpenPoint, **facts: object) -> None:
    project = point.project
    record(
        actor, action, subject=("assessment", project.pk), organisation=project.organisation,
        point=point.pk, kind=point.kind, line=point.number, **facts,
    )  # fmt: skip
