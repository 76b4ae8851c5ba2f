"""One act on several requests of the same case: each its own step and event; what cannot be done is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import Http404

from chorok.core.errors import ChorokError, UsageError
from chorok.site.accounts.rights import Actor
from chorok.site.screening import selectors
from chorok.site.screening.acts import Pressed, Verb, take
from chorok.site.screening.cases import case_of
from chorok.site.screening.models import Request
from chorok.site.screening.turns import same_case, turns

VERBS: tuple[Verb, ...] = ("check", "cosigned", "send_back", "refused")
"""What can be done in bulk: nothing that cannot be taken back."""


@dataclass(frozen=True)
class Left:
    """A request that was left as it is, and why; without `request` for one that is not there (any more)."""

    pk: int
    request: Request | None
    error: ChorokError


@dataclass(frozen=True)
class Result:
    """What became of an act in bulk."""

    done: tuple[Request, ...]
    left: tuple[Left, ...]


def act(actor: Actor, *, pairs: Sequence[tuple[int, int]], same: str, wish: Pressed) -> Result:
    """Do one thing to several requests, by (pk, version that was shown).

    `same` is the case that was shown (`turns.same_case`): a request that is of another by now is left out. One that
    fails stops no other. Raises UsageError screening_bulk_verb for what is done one by one, screening_bulk_none.
    """
    if wish.verb not in VERBS:
        raise UsageError("screening_bulk_verb", verb=wish.verb)
    if not pairs:
        raise UsageError("screening_bulk_none")
    done: list[Request] = []
    left: list[Left] = []
    for pk, version in dict(pairs).items():
        try:
            done.append(_one(actor, pk, same, replace(wish, version=version)))
        except (ChorokError, Http404) as error:
            left.append(_left(actor, pk, error))
    return Result(tuple(done), tuple(left))


def _one(actor: Actor, pk: int, same: str, wish: Pressed) -> Request:
    request = selectors.request(actor, pk)
    if request.version != wish.version:
        raise UsageError("screening_moved_on", seen=wish.version, now=request.version)
    found = [one for one in turns(actor, request, case_of(request)) if (one.stage, one.office) == _at(wish)]
    if not found:
        raise UsageError("screening_not_waiting")
    lines = [line for line in request.lines.all() if line.number in found[0].numbers]
    if same_case(request, lines, wish.stage) != same:
        raise UsageError("screening_other_case")
    return take(actor, pk, replace(wish, numbers=found[0].numbers))


def _at(wish: Pressed) -> tuple[str, str]:
    return wish.stage, wish.office


def _left(actor: Actor, pk: int, error: Exception) -> Left:
    request = selectors.requests(actor).filter(pk=pk).first()
    return Left(pk, request, error if isinstance(error, ChorokError) else UsageError("screening_gone"))
