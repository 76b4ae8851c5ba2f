"""Where operations are written down: each with its right, what it sends, and how its answer is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from ninja import Router
from pydantic import BeforeValidator, Field

from chorok.site.accounts.roles import GRANTS

Operation = TypeVar("Operation", bound=Callable[..., Any])

MOST = 200
"""Entries of one page of a list."""

Code = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f/]+$")]
Text = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
PageSize = Annotated[int, Field(ge=1, le=MOST)]
Year = Annotated[int, Field(ge=1990, le=2100)]


def _iso(value: object) -> object:
    """Refuse what a day is not: numbers would be read as seconds since 1970."""
    if isinstance(value, str) and (len(value) != 10 or not value[:4].isdecimal()):
        raise ValueError("day")
    return value


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"}), BeforeValidator(_iso)]


@dataclass(frozen=True)
class Said:
    """What an operation says of itself to the door."""

    rights: tuple[str, ...]
    sends: str | None
    stays: bool
    once: bool


class Room(Router):
    """The operations on one kind of thing."""

    def answers(
        self,
        method: str,
        path: str,
        *rights: str,
        of: Any,
        status: int = 200,
        sends: str | None = None,
        stays: bool = False,
        once: bool = False,
        extra: dict[str, Any] | None = None,
    ) -> Callable[[Operation], Operation]:
        """Write an operation down. `of`: the schema of its answer. Raises ValueError for a right that is none."""
        if not rights or not set(rights) <= set(GRANTS):
            raise ValueError(f"no such right: {rights}")

        def write(operation: Operation) -> Operation:
            operation.said = Said(rights, sends, stays, once)  # type: ignore[attr-defined]
            name = operation.__name__
            registered = self.api_operation(
                [method], path, response={status: of}, operation_id=name, url_name=name, openapi_extra=extra
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
