"""Reads: what is to be inspected, what was matched, what skipped screening; each within the actor's reach."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from chorok.core.screening.workflow import AGREED
from chorok.ledger import followed
from chorok.ledger.followed import Skipped, Stretch
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.fulfilment.conditions import PROVED, condition
from chorok.site.fulfilment.models import HOLDING, Inspection, Match
from chorok.site.fulfilment.parts import Part, left_of, parts
from chorok.site.screening import adoptions
from chorok.site.screening.models import Adoption, Line, Request
from chorok.site.screening.offices import upwards

SEE = "screenings.see"
LINES = "lines.see"


def lines(actor: Actor) -> QuerySet[Line]:
    """Return the lines of requests that were agreed to, or are closed, within reach."""
    reach = actor.reach(SEE)
    found = Line.objects.filter(request__organisation__in=reach, request__state__in=[*AGREED, "closed"])
    return found.select_related("request").order_by("-request_id", "number")


def with_proof(found: QuerySet[Line]) -> QuerySet[Any]:
    """Say of each line whether an inspection that stands has passed it (`proved`), and whether one has not (`seen`)."""
    stands = Inspection.objects.filter(line=OuterRef("pk"), undone_at=None)
    return found.annotate(proved=Exists(stands.filter(passed=True)), seen=Exists(stands))


def open_points(actor: Actor) -> QuerySet[Any]:
    """Return the lines that were inspected and not proved by any inspection that stands."""
    return with_proof(lines(actor)).filter(seen=True, proved=False)


def to_inspect(actor: Actor) -> QuerySet[Any]:
    """Return the lines whose certificate is to be shown and that nobody has inspected."""
    return with_proof(lines(actor)).filter(outcome__in=PROVED, seen=False)


def matches(actor: Actor) -> QuerySet[Match]:
    """Return matches of requests within reach."""
    reach = actor.reach(SEE)
    return Match.objects.filter(line__request__organisation__in=reach).select_related("line__request")


def owed(actor: Actor, organisations: Collection[str]) -> dict[str, int]:
    """Count the lines of some organisations that were not proved, are to be inspected, or have purchases to choose."""
    found = with_proof(lines(actor).filter(request__organisation__in=organisations))
    found = found.annotate(choose=Exists(Match.objects.filter(line=OuterRef("pk"), state="proposed")))
    counts: dict[str, int] = found.order_by().aggregate(
        open_points=Count("pk", filter=Q(seen=True, proved=False)),
        to_inspect=Count("pk", filter=Q(seen=False, outcome__in=PROVED)),
        to_choose=Count("pk", filter=Q(choose=True)),
    )
    return counts


def choices(actor: Actor) -> list[tuple[Line, list[Match]]]:
    """Return the lines that several purchases fit, each with them, the best first."""
    found: dict[int, tuple[Line, list[Match]]] = {}
    for one in matches(actor).filter(state="proposed").order_by("line", "-score", "purchase"):
        found.setdefault(one.line_id, (one.line, []))[1].append(one)
    return list(found.values())


def otherwise(actor: Actor) -> QuerySet[Match]:
    """Return what was bought otherwise than screened."""
    return matches(actor).filter(state__in=HOLDING).exclude(differences=[]).order_by("-bought_on", "pk")


def in_part(actor: Actor) -> list[Part]:
    """Return the lines of which something was bought and something is left."""
    held = Exists(Match.objects.filter(line=OuterRef("pk"), state__in=HOLDING))
    found = lines(actor).filter(held, request__state__in=AGREED, settled=None)
    return parts(found.select_related("request__adoption").prefetch_related("matches"))


@dataclass(frozen=True)
class Covered:
    """Organisations that screened in some stretch of days, under one definition."""

    definition: str
    stretches: tuple[Stretch, ...]


def covered(actor: Actor, organisations: Iterable[str]) -> list[Covered]:
    """Return when some organisations had a policy in force, own or from above, by definition; up to today."""
    every = list(Adoption.objects.filter(since__lte=actor.today).order_by("since", "pk"))
    spans: dict[str, dict[tuple[date, date | None], set[str]]] = {}
    for code in organisations:
        above = set(upwards(actor.tree, code, actor.today))
        own = [one for one in every if one.organisation in above]
        definition = adoptions.in_force(actor.tree, code, actor.today).definition if own else ""
        for span in merged((begin, one.until) for one in own if (begin := _kept_from(one)) is not None):
            spans.setdefault(definition, {}).setdefault(span, set()).add(code)
    return [
        Covered(name, tuple(Stretch(frozenset(codes), *span) for span, codes in sorted(found.items(), key=_begin)))
        for name, found in sorted(spans.items())
    ]


def _kept_from(one: Adoption) -> date | None:
    """Return since when requests under an adoption are kept here; None where there are none yet.

    One that nobody adopted here was entered as history: before its first request the screening went on elsewhere, and
    that nothing is matched then says nothing.
    """
    if one.adopted_by_id is not None:
        return one.since
    first = Request.objects.filter(adoption=one).exclude(submitted_at=None).order_by("screened_on").first()
    begins = first.screened_on if first else None
    return begins if begins is None or one.until is None or begins < one.until else None


def _begin(one: tuple[tuple[date, date | None], set[str]]) -> tuple[date, date]:
    (since, until), _ = one
    return since, until or date.max


def merged(spans: Iterable[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Return stretches of days (until exclusive, None: open) without those that overlap or touch."""
    found: list[tuple[date, date | None]] = []
    for since, until in sorted(spans, key=lambda span: (span[0], span[1] or date.max)):
        if found and (found[-1][1] is None or since <= found[-1][1]):
            before = found[-1][1]
            found[-1] = (found[-1][0], None if before is None or until is None else max(before, until))
        else:
            found.append((since, until))
    return found


def skipped(actor: Actor, organisations: Iterable[str], limit: int | None) -> list[Skipped]:
    """Return the eligible purchases since adoption that no request was matched with, by definition."""
    if not site.is_published():
        return []
    held = list(Match.objects.filter(state__in=HOLDING).values_list("purchase", flat=True))
    return [
        followed.eligible(site.published(), one.stretches, one.definition, held, limit)
        for one in covered(actor, organisations)
    ]


def of_request(actor: Actor, request: Request) -> dict[str, Any]:
    """Return what `fulfilment/_on_request.html` shows of a request: condition, inspections and purchases by line."""
    found = with_proof(request.lines.all()).select_related("request__adoption", "settled__by")
    found = found.prefetch_related("inspections", "matches")
    return {
        "fulfilment": {
            "request": request,
            "condition": condition(request),
            "lines": [_told(line) for line in found],
            "open": request.state in (*AGREED, "closed"),
            "settles": request.state in AGREED and actor.may("screenings.inspect", request.organisation),
            "inspects": actor.may("screenings.inspect", request.organisation),
            "buys": actor.may(LINES, request.organisation),
        }
    }


def _told(line: Any) -> dict[str, Any]:
    own = list(line.matches.all())
    return {
        "line": line,
        "standing": "proved" if line.proved else "not_proved" if line.seen else _wanted(line),
        "inspections": list(line.inspections.all()),
        "matched": [one for one in own if one.state in HOLDING],
        "left": left_of(line),
        "settled": getattr(line, "settled", None),
        "proposed": [one for one in own if one.state == "proposed"],
    }


def _wanted(line: Line) -> str:
    return "wanted" if line.outcome in PROVED else "not_wanted"
