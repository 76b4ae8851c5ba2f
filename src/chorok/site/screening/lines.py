"""Lines of a draft are taken away and put back, doubled, and taken over into a new request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from chorok.site.accounts.rights import Actor
from chorok.site.config.language import say
from chorok.site.screening import services
from chorok.site.screening.models import Framework, Line, Paper, Request
from chorok.site.screening.screened import plain
from chorok.site.screening.writing import ASKED, Header, Wanted

PROVING = ("evidence", "proof")
"""What belongs to one line alone: documents that show what it says."""
SAYING = ("ground", "statement", "difference", "emergency", "needed_by")
"""What is said of one purchase, at its time."""
_KEPT = ("name", "sha256", "size", "added_by_id")


def noted(lines: Collection[Line]) -> list[dict[str, Any]]:
    """Return lines as they can be put back: number, values and papers, in values that a session holds."""
    return [
        {
            "number": line.number,
            "values": {name: plain(_value(line, name)) for name in ASKED},
            "papers": [{name: getattr(paper, name) for name in _KEPT} for paper in line.papers.all()],
        }
        for line in lines
    ]


def put_back(actor: Actor, one: Request, version: int, rows: Sequence[Mapping[str, Any]]) -> Request:
    """Put lines back where they stood, with their papers. Raises as `services.edit`."""
    wanted = [Wanted({}, line.pk) for line in one.lines.all()]
    for row in rows:
        wanted.insert(row["number"] - 1, Wanted(_values(row["values"])))
    fresh = dict(zip(_new(wanted), rows, strict=True))
    with transaction.atomic():
        done = services.edit(actor, pk=one.pk, version=version, header=services.header_of(one), lines=wanted)
        lines = {line.number: line for line in done.lines.all()}
        Paper.objects.bulk_create(
            [Paper(line=lines[place], **paper) for place, row in fresh.items() for paper in row["papers"]]
        )
    return done


def _new(wanted: Sequence[Wanted]) -> list[int]:
    return [number for number, one in enumerate(wanted, 1) if one.was is None]


def double(actor: Actor, one: Request, version: int, line: Line) -> Request:
    """Put a line below itself once more, without its evidence. Raises as `services.edit`."""
    wanted = []
    for each in one.lines.all():
        wanted.append(Wanted({}, each.pk))
        if each.pk == line.pk:
            wanted.append(Wanted(_alike(each, PROVING)))
    return services.edit(actor, pk=one.pk, version=version, header=services.header_of(one), lines=wanted)


def copy(actor: Actor, one: Request) -> Request:
    """Make a request of what another asked for, without reasons and evidence. Raises as `services.draft`."""
    before = services.header_of(one)
    title = say("site.screening.ask.copy_of", title=before.title)[:200]
    header = Header(title, before.kind, before.department, place=before.place, budget_item=before.budget_item)
    lines = [Wanted(_alike(line, (*PROVING, *SAYING))) for line in one.lines.all()]
    return services.draft(actor, organisation=one.organisation, header=header, lines=lines)


def _alike(line: Line, but: Collection[str]) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ASKED if name not in (*but, "swapped_from")}


def _value(line: Line, name: str) -> Any:
    return line.framework_id if name == "framework" else getattr(line, name)


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return noted values as a line holds them."""
    found = {name: Line._meta.get_field(name).to_python(value) for name, value in values.items() if name != "framework"}  # type: ignore[union-attr]
    return found | {"framework": Framework.objects.filter(pk=values["framework"]).first()}
