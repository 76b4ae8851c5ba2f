"""What all views of this app do: check the question, and say clearly why there is no answer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from chorok.core.errors import ChorokError
from chorok.core.organisations import Tree
from chorok.site.accounts.rights import AskingRequest
from chorok.site.config import ledger
from chorok.site.config.language import say_error
from chorok.site.performance import scope
from chorok.site.performance.scope import Scope

Answering = Callable[..., HttpResponseBase]


def answering(view: Answering) -> Answering:
    """Show what was wrong with a question on a page of its own, and where to begin while nothing is published."""

    @functools.wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if not ledger.is_published():
                return render(request, "performance/nothing.html")
            return view(request, *args, **kwargs)
        except ChorokError as error:
            return render(request, "performance/wrong.html", {"error": say_error(error)}, status=400)

    return told


def asked(request: AskingRequest, right: str = scope.SEE) -> Scope:
    """Return the question of a request."""
    return scope.read(request.actor, request.GET.dict(), right)


def choices(asked_for: Scope, right: str = scope.SEE) -> list[tuple[str, str]]:
    """Return the organisations that who asks may choose: code and name, those above before those below."""
    reach = asked_for.actor.reach(right)
    return [(code, name) for code, name in _in_order(asked_for, asked_for.tree, reach)]


def _in_order(asked_for: Scope, tree: Tree, reach: frozenset[str]) -> list[tuple[str, str]]:
    def way(code: str) -> tuple[str, ...]:
        return tuple(reversed([code, *tree.ancestors(code, asked_for.today)]))

    there = sorted((code for code in reach if code in tree.rows), key=way)
    least = min((len(way(code)) for code in there), default=0)
    return [
        (code, "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}" * (len(way(code)) - least) + asked_for.called(code))
        for code in there
    ]
