"""Organisations within reach, as they stood on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Schema

from chorok.core.organisations import Organisation
from chorok.site.accounts.rights import Actor, AskingRequest
from chorok.site.api.room import Code, Day, PageNumber, PageSize, Room, linked
from chorok.site.api.schemas import Page
from chorok.site.organisations.selectors import called

room = Room(tags=["organisations"])
SEE = "organisations.see"


class OrganisationOut(Schema):
    """An organisation on a day; `valid_until` is the first day on which the row no longer holds."""

    code: str
    name: str
    name_ko: str
    name_en: str
    kind: str
    parent: str | None
    city: str | None
    valid_from: date | None
    valid_until: date | None
    exists: bool


class BranchOut(Schema):
    """An organisation and all below it on a day."""

    code: str
    name: str
    kind: str
    children: list[BranchOut]


@room.answers("GET", "/organisations", SEE, of=Page[OrganisationOut], stays=True)
def organisations(
    request: AskingRequest,
    response: HttpResponse,
    on: Day | None = None,
    below: Code | None = None,
    kind: Code | None = None,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> dict[str, Any]:
    """List organisations by code."""
    actor, day = request.actor, _day(request.actor, on)
    inside = _reach(actor) if below is None else _reach(actor) & actor.tree.subtree(_own(actor, below), day)
    found = [one for code in sorted(inside) if (one := actor.tree.get(code, day)) and kind in (None, one.kind)]
    items = [_shown(actor, one, day) for one in found[(page - 1) * size : page * size]]
    return {**linked(request, response, len(found), page, size), "items": items}


@room.answers("GET", "/organisations/{code}", SEE, of=OrganisationOut, stays=True)
def organisation(request: AskingRequest, code: Code, on: Day | None = None) -> dict[str, Any]:
    """Return one organisation."""
    day = _day(request.actor, on)
    found = request.actor.tree.get(_own(request.actor, code), day)
    if found is None:
        raise Http404
    return _shown(request.actor, found, day)


@room.answers("GET", "/organisations/{code}/tree", SEE, of=BranchOut, stays=True)
def organisation_tree(request: AskingRequest, code: Code, on: Day | None = None) -> dict[str, Any]:
    """Return an organisation with all below it."""
    actor, day = request.actor, _day(request.actor, on)
    return _branch(actor, _own(actor, code), day, actor.tree.children(day), frozenset())


def _day(actor: Actor, on: str | None) -> date:
    return date.fromisoformat(on) if on else actor.today


def _reach(actor: Actor) -> frozenset[str]:
    return actor.reach(SEE) & frozenset(actor.tree.codes())


def _own(actor: Actor, code: str) -> str:
    if code not in _reach(actor):
        raise Http404
    return code


def _shown(actor: Actor, one: Organisation, day: date) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": called(one),
        "name_ko": one.name_ko,
        "name_en": one.name_en,
        "kind": one.kind,
        "parent": one.parent,
        "city": actor.tree.city_of(one.code, day),
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "exists": actor.tree.valid_on(one.code, day),
    }


def _branch(actor: Actor, code: str, day: date, below: dict[str, set[str]], above: frozenset[str]) -> dict[str, Any]:
    row = actor.tree.get(code, day)
    inside = sorted((below.get(code, set()) & _reach(actor)) - above - {code})
    return {
        "code": code,
        "name": called(row) if row else code,
        "kind": row.kind if row else "",
        "children": [_branch(actor, one, day, below, above | {code}) for one in inside],
    }
