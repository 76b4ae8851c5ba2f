"""A form of a request becomes a request: what changed is saved and screened, and papers are kept with their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404

from chorok.site.accounts.rights import Actor
from chorok.site.screening import papers, services
from chorok.site.screening.forms import HeaderForm, LineForm, Lines
from chorok.site.screening.models import Line, Request
from chorok.site.screening.writing import Wanted


def draft(actor: Actor, *, header: HeaderForm, lines: Sequence[Mapping[str, Any]]) -> Request:
    """Keep a new request. Raises as `services.draft`."""
    place = header.cleaned_data["organisation"]
    return services.draft(actor, organisation=place, header=header.header(), lines=[Wanted(dict(one)) for one in lines])


def edit(actor: Actor, one: Request, version: int, header: HeaderForm, lines: Lines) -> Request:
    """Save what a form changed of a request; lines that it did not show stay as they are. Raises as `services.edit`."""
    shown = {form.line.pk: form for form in lines.forms if getattr(form, "line", None) is not None}
    stay = set(map(id, lines.wanted))
    kept = list(one.lines.all())
    wanted = [_wanted(shown.get(line.pk), line) for line in kept if line.pk not in shown or id(shown[line.pk]) in stay]
    fresh = [form for form in lines.wanted if getattr(form, "line", None) is None]
    wanted += [Wanted(_values(form)) for form in fresh]
    files = [
        (place, form.cleaned_data["paper"])
        for place, form in _places(kept, shown, stay)
        if form.cleaned_data.get("paper")
    ]
    with transaction.atomic():
        done = services.edit(actor, pk=one.pk, version=version, header=header.header(), lines=wanted)
        _attach(actor, done, files)
    return done


def _places(kept: Sequence[Line], shown: Mapping[int, LineForm], stay: set[int]) -> list[tuple[int, LineForm]]:
    """Return the forms of lines that stay with the number that each line then has."""
    left = [line for line in kept if line.pk not in shown or id(shown[line.pk]) in stay]
    return [(number, shown[line.pk]) for number, line in enumerate(left, 1) if line.pk in shown]


def _wanted(form: LineForm | None, line: Line) -> Wanted:
    return Wanted(_values(form) if form is not None and form.has_changed() else {}, line.pk)


def _values(form: LineForm) -> dict[str, Any]:
    values = form.values()
    file = form.cleaned_data.get("paper")
    return {**values, "evidence": papers.named(values.get("evidence", ""), file)} if file else values


def _attach(actor: Actor, one: Request, files: Sequence[tuple[int, UploadedFile[Any]]]) -> None:
    lines = {line.number: line for line in one.lines.all()} if files else {}
    for number, file in files:
        papers.attach(actor, line=lines[number], file=file)


def unswap(actor: Actor, one: Request, version: int, line: Line) -> Request:
    """Take back what was asked for before an alternative was taken. Raises Http404, and as `services.edit`."""
    before = line.swapped_from
    if before is None:
        raise Http404
    wanted = [Wanted({**before, "swapped_from": None} if row.pk == line.pk else {}, row.pk) for row in one.lines.all()]
    return services.edit(actor, pk=one.pk, version=version, header=services.header_of(one), lines=wanted)
