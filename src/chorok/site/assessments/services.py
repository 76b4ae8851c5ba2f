"""The verbs of an assessment: begin, change, run again, mend lines, prove, ask to buy, put aside. One event each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from chorok.core.errors import BadInputError, UsageError
from chorok.core.screening.inspection import Delivered
from chorok.ledger.inspected import look_up
from chorok.site.accounts.rights import Actor
from chorok.site.assessments import points, reading, screened
from chorok.site.assessments.models import Material, Project, Run
from chorok.site.assessments.points import MAKE
from chorok.site.assessments.reading import Bill, checked
from chorok.site.audit.services import record
from chorok.site.screening import adoptions
from chorok.site.screening import services as requests
from chorok.site.screening.desk import desk
from chorok.site.screening.models import Request
from chorok.site.screening.writing import ASK, Wanted
from chorok.site.screening.writing import Header as RequestHeader
from chorok.sources.requests import MOST_LINES


@dataclass(frozen=True)
class Header:
    """What a project says about itself."""

    name: str
    kind: str
    stage: str = "planned"
    department: str = ""
    design_on: date | None = None
    contract_on: date | None = None
    reference: str = ""


def make(actor: Actor, *, organisation: str, header: Header, bill: Bill) -> Project:
    """Begin a project with its first bill. Raises Http404 out of reach, BadInputError for a bill without lines."""
    if not actor.may(MAKE, organisation):
        raise Http404
    with transaction.atomic():
        project = Project.objects.create(organisation=organisation, made_by_id=actor.person, **vars(header))
        run = _screened(actor, project, bill)
        _told(actor, "assessments.made", project, run)
    return project


def _screened(actor: Actor, project: Project, bill: Bill) -> Run:
    """Screen a bill as the project's newest run."""
    if not bill.lines:
        raise BadInputError("assessment_empty")
    if len(bill.lines) > MOST_LINES:
        raise BadInputError("assessment_too_long", lines=f"{len(bill.lines):,}", most=f"{MOST_LINES:,}")
    last = project.runs.last()
    run = Run(project=project, number=(last.number if last else 0) + 1, source=bill.source, made_by_id=actor.person)
    materials = [Material(**line) for line in bill.lines]
    if last is not None:
        _keep_proofs(last, materials)
    screened.screen(actor, project, run, materials)
    run.save()
    for one in materials:
        one.run = run
    points.sync(actor, project, run, materials)
    Material.objects.bulk_create(materials, 200)
    return run


def _keep_proofs(last: Run, materials: Sequence[Material]) -> None:
    """Give a proof that was shown to the material of the same words."""
    shown = {one.words: one for one in last.materials.exclude(proof_number="")}
    for one in materials:
        known = shown.get(one.words)
        if known is not None:
            one.proof_number, one.proof_on, one.proof_found = known.proof_number, known.proof_on, known.proof_found
            one.proof_by_id = known.proof_by_id


def locked(actor: Actor, pk: int, version: int, *, of_aside: bool = False) -> Project:
    """Return a project that the actor may change, kept from others until the transaction ends.

    Raises Http404 out of reach, PermissionDenied where it may only be seen, UsageError assessment_moved_on,
    assessment_aside for one that was put aside.
    """
    reach = actor.reach("assessments.see")
    found = Project.objects.select_for_update().filter(pk=pk, organisation__in=reach).first()
    if found is None:
        raise Http404
    if not actor.may(MAKE, found.organisation):
        raise PermissionDenied(MAKE)
    if found.version != version:
        raise UsageError("assessment_moved_on", seen=version, now=found.version)
    if found.aside and not of_aside:
        raise UsageError("assessment_aside")
    return found


def _moved(project: Project) -> None:
    project.version += 1
    project.save()


def newest(project: Project) -> Run:
    """Return the run that counts."""
    run = project.runs.last()
    if run is None:
        raise Http404
    return run


def change(actor: Actor, *, pk: int, version: int, header: Header) -> Project:
    """Change what a project says about itself; a stage decides what is open. Raises as `locked`."""
    with transaction.atomic():
        project = locked(actor, pk, version)
        was, before = project.stage, (project.kind, project.contract_on)
        for name, value in vars(header).items():
            setattr(project, name, value)
        _moved(project)
        run = newest(project)
        materials = list(run.materials.all())
        if before != (project.kind, project.contract_on):
            _again(actor, project, run, materials)
        else:
            points.sync(actor, project, run, materials)
        _told(actor, "assessments.changed", project, run, before=was, after=project.stage)
    return project


def run(actor: Actor, *, pk: int, version: int, bill: Bill | None) -> Run:
    """Screen the project again under today's registry: a new bill, or None for the same. Raises as `locked`."""
    with transaction.atomic():
        project = locked(actor, pk, version)
        given = bill or reading.lines_of(newest(project).materials.all())
        made = _screened(actor, project, given)
        _moved(project)
        _told(actor, "assessments.run", project, made, same=bill is None)
    return made


def mend(actor: Actor, *, pk: int, version: int, changes: Mapping[int, Mapping[str, Any]]) -> Project:
    """Change fields of lines of the newest run, by their number, and screen it again.

    Raises as `locked`; BadInputError for values that cannot be kept; Http404 for a line that there is not.
    """
    with transaction.atomic():
        project = locked(actor, pk, version)
        found = newest(project)
        materials = list(found.materials.all())
        if set(changes) - {one.number for one in materials}:
            raise Http404
        changed = [one for one in materials if changes.get(one.number)]
        for one in changed:
            _set(one, changes[one.number])
        if changed:
            _again(actor, project, found, materials, changed)
        _moved(project)
        _told(actor, "assessments.mended", project, found, changed=sorted(changes)[:200])
    return project


def _set(one: Material, changes: Mapping[str, Any]) -> None:
    line = checked({name: getattr(one, name) for name in reading.FIELDS} | dict(changes), one.number)
    words = one.words
    for name, value in line.items():
        setattr(one, name, value)
    if words != one.words:
        one.proof_number = one.proof_found = ""
        one.proof_on = one.proof_by = None


def split(actor: Actor, *, pk: int, version: int, number: int, parts: Bill) -> Project:
    """Put several lines in the place of one, such as a lump sum. Raises as `mend`."""
    with transaction.atomic():
        project = locked(actor, pk, version)
        found = newest(project)
        materials = list(found.materials.all())
        place = next((at for at, one in enumerate(materials) if one.number == number), None)
        if place is None:
            raise Http404
        old = materials[place]
        fresh = [Material(**{**line, "furnished": line["furnished"] or old.furnished}) for line in parts.lines]
        _again(actor, project, found, [*materials[:place], *fresh, *materials[place + 1 :]])
        _moved(project)
        _told(actor, "assessments.split", project, found, line=number, into=len(fresh))
    return project


def remove(actor: Actor, *, pk: int, version: int, number: int) -> Project:
    """Take a line out of the newest run. Raises as `mend`, BadInputError where it is the last one."""
    with transaction.atomic():
        project = locked(actor, pk, version)
        found = newest(project)
        materials = list(found.materials.all())
        kept = [one for one in materials if one.number != number]
        if len(kept) == len(materials):
            raise Http404
        if not kept:
            raise BadInputError("assessment_empty")
        _again(actor, project, found, kept)
        _moved(project)
        _told(actor, "assessments.removed", project, found, line=number)
    return project


def _again(
    actor: Actor, project: Project, found: Run, materials: list[Material], changed: Sequence[Material] | None = None
) -> None:
    """Screen these lines as those of a run; `changed`: the only ones that are not as they were."""
    keys = {one.pk: one.key for one in materials}
    done = screened.screen(actor, project, found, materials, changed)
    found.save()
    if len(done) < len(materials):
        known = {one.pk for one in done}
        moved = [one for one in materials if one.pk in known or one.key != keys[one.pk]]
        Material.objects.bulk_update(moved, [one.name for one in Material._meta.concrete_fields[1:]], 100)
        points.sync(actor, project, found, materials)
        return
    found.materials.all().delete()
    for one in materials:
        one.pk, one.run = None, found
        one._state.adding = True
    points.sync(actor, project, found, materials)
    Material.objects.bulk_create(materials, 200)


def prove(actor: Actor, *, pk: int, version: int, number: int, certificate: str, on: date) -> Material:
    """Keep the certificate that a contractor showed for a material, checked against the registry of that day.

    Raises as `locked`; UsageError assessment_proof_future, assessment_proof_of for a material that needs none.
    """
    with transaction.atomic():
        project = locked(actor, pk, version)
        one = newest(project).materials.filter(number=number).first()
        if one is None:
            raise Http404
        if on > actor.today:
            raise UsageError("assessment_proof_future", on=on, today=actor.today)
        if not one.contracted or one.obligation != "owed":
            raise UsageError("assessment_proof_of", line=number)
        source = desk(adoptions.in_force(actor.tree, project.organisation, on).definition).source
        delivered = Delivered(on, item_group=one.item_group, detail_code=one.detail_code)
        one.proof_number, one.proof_on = certificate.strip()[:100], on
        one.proof_found = look_up(source.listed, source.judge, certificate, delivered).finding
        one.proof_by_id = actor.user_id
        return _proved(actor, project, one, "assessments.proved")


def unprove(actor: Actor, *, pk: int, version: int, number: int) -> Material:
    """Take a proof back. Raises as `locked`."""
    with transaction.atomic():
        project = locked(actor, pk, version)
        one = newest(project).materials.filter(number=number).first()
        if one is None:
            raise Http404
        one.proof_number = one.proof_found = ""
        one.proof_on = one.proof_by = None
        return _proved(actor, project, one, "assessments.unproved")


def _proved(actor: Actor, project: Project, one: Material, action: str) -> Material:
    one.save()
    _moved(project)
    points.sync(actor, project, one.run, list(one.run.materials.all()))
    _told(actor, action, project, one.run, line=one.number, found=one.proof_found)
    one.refresh_from_db()
    return one


def request(actor: Actor, *, pk: int, version: int) -> Request:
    """Draft a purchase request of the government-furnished materials; it names the project.

    Raises as `locked`; PermissionDenied for who may not ask; UsageError assessment_nothing_furnished.
    """
    with transaction.atomic():
        project = locked(actor, pk, version)
        if not actor.may(ASK, project.organisation):
            raise PermissionDenied(ASK)
        lines = list(newest(project).materials.filter(furnished=True, no_goods=False))
        if not lines:
            raise UsageError("assessment_nothing_furnished")
        header = RequestHeader(
            project.name, "goods", project.department, project.contract_on, project=project.pk,
            document_no=project.reference,
        )  # fmt: skip
        wanted = [Wanted(_wanted(one)) for one in lines]
        made = requests.draft(actor, organisation=project.organisation, header=header, lines=wanted)
        _told(actor, "assessments.requested", project, newest(project), request=made.pk)
    return made


def _wanted(one: Material) -> dict[str, Any]:
    return {name: getattr(one, name) for name in reading.FIELDS if name != "no_goods"}


def put_aside(actor: Actor, *, pk: int, version: int, aside: bool) -> Project:
    """Put a project aside, or take it up again; nothing is lost. Raises as `locked`."""
    with transaction.atomic():
        project = locked(actor, pk, version, of_aside=True)
        project.aside = aside
        _moved(project)
        _told(actor, "assessments.put_aside" if aside else "assessments.taken_up", project, newest(project))
    return project


def _told(actor: Actor, action: str, project: Project, made: Run, **facts: object) -> None:
    record(
        actor, action, subject=("assessment", project.pk), organisation=project.organisation,
        run=made.number, lines=made.sums.get("lines"), policy=made.policy_version, registry=made.registry, **facts,
    )  # fmt: skip
