"""The inbox of who signs: what waits for their offices, with the evidence, one by one or in bulk."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from chorok.core.errors import ChorokError
from chorok.core.screening.grounds import number_of
from chorok.core.screening.workflow import STAGES
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import say
from chorok.site.screening import adoptions, bulk, selectors
from chorok.site.screening.cases import case_of
from chorok.site.screening.models import Line, Waiting
from chorok.site.screening.turns import SIGN, Turn, same_case, turns
from chorok.site.screening.views import pressing, shown
from chorok.site.screening.views.request import QUICK, turn

A_PAGE = 20
FEW = 5
"""Lines of a request that are shown; the others are on its own page."""
ASKED = ("q", "organisation", "item", "stage", "sort")
SORTS = {"due": ("due_on", "pk"), "newest": ("-since", "-pk"), "amount": ("-request__amount", "pk")}


@needs(SIGN)
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List what waits, overdue first."""
    return _page(request, request.GET)


def _page(request: AskingRequest, query: QueryDict, status: int = 200, **more: Any) -> HttpResponse:
    every = selectors.inbox(request.actor)
    found = _narrowed(every, query)
    page = Paginator(found, A_PAGE).get_page(query.get("page"))
    rows = [row for one in _with_lines(page.object_list) for row in _row(request, one)]
    context: dict[str, Any] = {
        "page": page,
        "rows": rows,
        "count": page.paginator.count,
        "groups": _groups(rows),
        "asked": {name: query.get(name, "") for name in ASKED},
        "narrowed": any(query.get(name) for name in ASKED if name != "sort"),
        "organisations": _organisations(request, every),
        "items": _items(every),
        "stages": STAGES,
        "sorts": SORTS,
        "query": _kept(query),
        "here": f"{reverse('screening:inbox')}?{_kept(query)}",
        "quick": QUICK,
        **more,
    }
    return render(request, "screening/inbox.html", context, status=status)


def _kept(query: QueryDict) -> str:
    return urlencode({name: query.get(name, "") for name in (*ASKED, "page") if query.get(name)})


def _narrowed(every: QuerySet[Waiting], query: QueryDict) -> QuerySet[Waiting]:
    """Return what is asked for; an unknown code finds nothing."""
    found = every
    if query.get("organisation"):
        found = found.filter(request__organisation=query["organisation"])
    if query.get("item"):
        found = found.filter(request__lines__item_group=query["item"])
    if query.get("stage"):
        found = found.filter(stage=query["stage"])
    for word in query.get("q", "").split():
        text = Q(request__title__icontains=word) | Q(request__department__icontains=word)
        found = found.filter(text | Q(request__lines__description__icontains=word))
    return found.order_by(*SORTS.get(query.get("sort", ""), SORTS["due"])).distinct()


def _with_lines(found: Any) -> Any:
    return found.select_related("request__requester", "request__adoption").prefetch_related(
        "request__lines__papers", "request__lines__closed_by", "request__waiting"
    )


def _row(request: AskingRequest, waiting: Waiting) -> list[dict[str, Any]]:
    """Return a stage of a request as the list shows it; nothing where it went on a moment ago."""
    one = waiting.request
    case = case_of(one)
    found = next((each for each in turns(request.actor, one, case) if each.waiting.pk == waiting.pk), None)
    if found is None:
        return []
    owed = [line for line in one.lines.all() if line.number in (*found.numbers, *found.emergencies)]
    policy = adoptions.of_request(one).policy
    lines = shown.lines(owed[:FEW], one, policy, case)
    return [
        {
            "one": one,
            "wait": turn(request, one, found),
            "where": name_of(request.actor, one.organisation),
            "requester": shown.name_of(one.requester),
            "total": shown.total(one) if any(line.amount is not None for line in owed) else "",
            "lines": lines,
            "count": len(owed),
            "hidden": len(owed) - len(lines),
            "opened": len(owed) == 1,
            "same": same_case(one, owed, found.stage),
            "said": _said(owed),
        }
    ]


def _said(owed: list[Line]) -> str:
    """Return what a case is about, in words: item groups and grounds."""
    items = dict.fromkeys(shown.named("item", line.item_group) or say("site.screening.inbox.no_item") for line in owed)
    grounds = {number_of(line.ground) for line in owed} - {None}
    marks = [say(f"ground_mark.{number}") for number in sorted(number for number in grounds if number)]
    return ", ".join([*items, *marks])


def _groups(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cases that several requests of a page share: those can be done at once."""
    by_case = defaultdict[tuple[str, str], list[dict[str, Any]]](list)
    for row in rows:
        found: Turn = row["wait"]["turn"]
        if found.may and found.numbers and not found.emergencies:
            by_case[row["same"], found.office].append(row)
    several = [(same, each) for (same, _), each in by_case.items() if len(each) > 1]
    return [
        {
            "id": f"group-{place}",
            "same": same,
            "rows": each,
            "turn": each[0]["wait"]["turn"],
            "approve": each[0]["wait"]["approve"],
            "said": each[0]["said"],
        }
        for place, (same, each) in enumerate(several)
    ]


def _organisations(request: AskingRequest, every: QuerySet[Waiting]) -> list[tuple[str, str]]:
    codes = set(every.order_by().values_list("request__organisation", flat=True).distinct())
    return sorted(((code, name_of(request.actor, code)) for code in codes), key=lambda pair: pair[1])


def _items(every: QuerySet[Waiting]) -> list[tuple[str, str]]:
    requests = every.order_by().values("request_id")
    codes = set(
        Line.objects.filter(request_id__in=requests).exclude(item_group="").values_list("item_group", flat=True)
    )
    return sorted(((code, shown.named("item", code)) for code in codes), key=lambda pair: pair[1])


@needs(SIGN)
@require_POST
def in_bulk(request: AskingRequest) -> HttpResponse:
    """Do one thing to several requests of one case."""
    query = QueryDict(request.POST.get("query", ""))
    try:
        wish = pressing.pressed(request.POST)
        pairs = pressing.pairs(request.POST)
        result = bulk.act(request.actor, pairs=pairs, same=request.POST.get("same", ""), wish=wish)
    except ChorokError as error:
        return _page(request, query, 409, error=shown.error_of(error), typed=request.POST.get("reason", ""))
    if result.done:
        verb = say(f"site.screening.verb.{wish.verb}")
        messages.success(request, say("site.screening.inbox.done", count=len(result.done), verb=verb))
    if not result.left:
        return redirect(f"{reverse('screening:inbox')}?{_kept(query)}")
    left = [
        {"pk": one.pk, "request": one.request, "why": shown.error_of(one.error), "seen": one.error.params.get("seen")}
        for one in result.left
    ]
    return _page(request, query, 200 if result.done else 409, left=left, typed=request.POST.get("reason", ""))
