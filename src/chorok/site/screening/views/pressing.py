"""What a form of the signers sends, read: nothing in it is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from chorok.core.errors import UsageError
from chorok.core.screening.policy import ROLES
from chorok.core.screening.workflow import STAGES, Office
from chorok.site.screening.acts import VERBS, Pressed

T = TypeVar("T")
OFFICES: tuple[Office, ...] = (*ROLES, "accounting_officer")
MOST_LETTERS = 2000
"""Characters of a reason."""
BIGGEST = 2**31 - 1


def pressed(sent: QueryDict) -> Pressed:
    """Return what was pressed. Raises UsageError screening_form for what no page of ours sends."""
    return Pressed(
        version=number(sent.get("version")),
        verb=_one_of(VERBS, sent.get("verb")),
        office=_one_of(OFFICES, sent.get("office")),
        stage=_one_of(STAGES, sent.get("stage", "cosign")),
        numbers=tuple(number(one) for one in sent.getlist("numbers")),
        reason=sent.get("reason", "").replace("\x00", "")[:MOST_LETTERS],
        sure=sent.get("sure") == "on",
    )


def _one_of(known: Sequence[T], value: str | None) -> T:
    found = next((one for one in known if one == value), None)
    if found is None:
        raise UsageError("screening_form")
    return found


def number(text: str | None) -> int:
    """Return a whole number as a page sends it. Raises UsageError screening_form."""
    if not text or not (text.isascii() and text.isdigit()) or int(text[:11]) > BIGGEST:
        raise UsageError("screening_form")
    return int(text)


def pairs(sent: QueryDict) -> list[tuple[int, int]]:
    """Return the requests that were ticked, each with the version that was shown."""
    found = (one.partition(":") for one in sent.getlist("pick"))
    return [(number(pk), number(version)) for pk, _, version in found]


def back(request: HttpRequest, default: str) -> str:
    """Return where to go on: where the form says it came from, within this site."""
    wished = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wished, {request.get_host()}, require_https=request.is_secure())
    return wished if safe and wished.startswith("/") else default
