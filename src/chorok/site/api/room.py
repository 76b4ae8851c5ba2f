"""Where operations are written down: each with its right, what it sends, and how its answer is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from ninja import Router
from pydantic import BeforeValidator, Field

from chorok.site.accounts.roles import GRANTS
from chorok.site.api.callers import Pool

Operation = TypeVar("Operation", bound=Callable[..., Any])

JSON, BYTES = "application/json", "application/octet-stream"
MOST = 200
"""Entries of one page of a list."""

Code = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f/]+$")]
Text = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
Key = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
Searched = Annotated[int, Field(ge=1, le=1_000)]
"""A page of a search: who needs more than so many narrows the search."""
PageSize = Annotated[int, Field(ge=1, le=MOST)]
PART = r"[12]\d{3}(-?([Hh][12]|[Qq][1-4]|0[1-9]|1[0-2]))?"
When = Annotated[str, Field(max_length=40, pattern=rf"^({PART}|({PART})?\.\.({PART})?)$")]
"""A period: 2019, 2019H1, 2019Q3, 2019-07, or from one to another: 2015..2019."""
AsOf = Annotated[str, Field(max_length=20, pattern=r"^(\d{1,9}|\d{4}-\d{2}(-\d{2}(T[\d:]+Z?)?)?)$")]
"""A state of the ledger: the number of a snapshot, or a day or month by whose end it was published."""
Year = Annotated[int, Field(ge=1990, le=2100)]


def one_of(*values: str) -> Any:
    """Return what makes a text one of some values."""
    pattern = "|".join(re.escape(value) for value in values)
    return Field(pattern=f"^({pattern})$", json_schema_extra={"enum": list(values)})


def _iso(value: object) -> object:
    """Refuse what a day is not: numbers would be read as seconds since 1970."""
    if isinstance(value, str) and (len(value) != 10 or not value[:4].isdecimal()):
        raise ValueError("day")
    return value


Date = Annotated[date, BeforeValidator(_iso)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"}), BeforeValidator(_iso)]


@dataclass(frozen=True)
class Said:
    """What an operation says of itself to the door."""

    rights: tuple[str, ...]
    sends: str | None
    stays: bool
    once: bool
    pool: Pool = "calls"


class Room(Router):
    """The operations on one kind of thing."""

    def answers(
        self,
        method: str,
        path: str,
        *rights: str,
        of: Any,
        status: int | tuple[int, ...] = 200,
        sends: str | None = None,
        stays: bool = False,
        once: bool = False,
        pool: Pool = "calls",
        extra: dict[str, Any] | None = None,
    ) -> Callable[[Operation], Operation]:
        """Write an operation down. `of`: the schema of its answer; `pool`: what its calls are counted with.

        Raises ValueError for a right that is none.
        """
        if not rights or not set(rights) <= set(GRANTS):
            raise ValueError(f"no such right: {rights}")

        def write(operation: Operation) -> Operation:
            operation.said = Said(rights, sends, stays, once, pool)  # type: ignore[attr-defined]
            name = operation.__name__
            answers = dict.fromkeys((status,) if isinstance(status, int) else status, of)
            registered = self.api_operation(
                [method], path, response=answers, operation_id=name, url_name=name, openapi_extra=extra
            )
            return registered(operation)

        return write


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items()}


def linked(request: HttpRequest, response: HttpResponse, total: int, page: int, size: int) -> dict[str, int]:
    """Say in the header `Link` where the pages around are; return what the answer says of the page."""
    last = max((total + size - 1) // size, 1)
    pages = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    links = [
        f'<{request.path}?{urlencode({**_asked(request), "page": str(number), "size": str(size)})}>; rel="{name}"'
        for name, number in pages.items()
        if 1 <= number <= last
    ]
    response["Link"] = ", ".join(links)
    return {"total": total, "page": page, "size": size}


def listed(
    request: HttpRequest,
    response: HttpResponse,
    found: Sequence[Any] | QuerySet[Any],
    page: int,
    size: int,
    shown: Callable[[Any], Any],
) -> dict[str, Any]:
    """Return one page of what was found, each shown, and link to the pages around."""
    total = len(found) if isinstance(found, Sequence) else found.count()
    around = linked(request, response, total, page, size)
    return {**around, "items": [shown(one) for one in found[(page - 1) * size : page * size]]}
