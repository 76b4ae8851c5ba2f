"""The one door of the interface: who calls, how often, by what right, with which parameters; then the operation.

Every operation says which right it needs. The door reads it from the operation itself; one that says nothing is not
let in (a test holds it).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI
from ninja.operation import PathView

from chorok.site.accounts.rights import Actor, AskingRequest
from chorok.site.api import fresh, idempotency
from chorok.site.api.callers import Pool, counted, recognised
from chorok.site.api.refusals import RefusedError, answer
from chorok.site.api.room import BYTES
from chorok.site.config import language


@dataclass(frozen=True)
class Way:
    """One operation as the door sees it. `sends`: the media type of its body. `stays`: its answer hangs on snapshots.

    `once`: it may name an idempotency key. `pool`: what its calls are counted with.
    """

    name: str
    rights: tuple[str, ...]
    parameters: frozenset[str]
    sends: str | None
    stays: bool
    once: bool
    pool: Pool


def patterns(api: NinjaAPI, prefix: str) -> Iterator[URLPattern]:
    """Return the routes of all operations, each behind the door."""
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    for route, view in _routes(api):
        written = route.replace("{", "<").replace("}", ">")
        door = Door(view, _ways(view, paths[_plain(route)]))
        yield path(f"{prefix}{written.lstrip('/')}", door.view(), name=next(iter(door.ways.values())).name)


def ways_of(api: NinjaAPI) -> dict[str, Way]:
    """Return all operations as the door sees them, by name."""
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    found = [way for route, view in _routes(api) for way in _ways(view, paths[_plain(route)]).values()]
    return {way.name: way for way in found}


def _routes(api: NinjaAPI) -> Iterator[tuple[str, PathView]]:
    """Yield the routes that ninja made of all rooms; it has no public way to ask for them."""
    for bound in api._get_bound_routers():
        yield from bound.path_operations.items()


def _plain(route: str) -> str:
    """Return a route as the document writes it: without the kinds of its parts."""
    parts = [f"{{{part[1:-1].split(':')[-1]}}}" if part.startswith("{") else part for part in route.split("/")]
    return "/" + "/".join(parts).lstrip("/")


def _ways(view: PathView, documented: dict[str, Any]) -> dict[str, Way]:
    found = {}
    for operation in view.operations:
        for method in operation.methods:
            told = documented[method.lower()]
            said = getattr(operation.view_func, "said", None)
            if said is None:
                raise ValueError(f"{operation.operation_id} does not say its right")
            names = frozenset(one["name"] for one in told["parameters"] if one["in"] == "query")
            kept = (said.sends, said.stays, said.once, said.pool)
            found[method] = Way(str(operation.operation_id), said.rights, names, *kept)
    return found


@dataclass(frozen=True)
class Door:
    """Stands before the operations of one route."""

    operations: PathView
    ways: dict[str, Way]

    def view(self) -> Callable[..., HttpResponseBase]:
        """Return the view of the route, with the rights of all its methods on it."""

        def answered(request: HttpRequest, **places: Any) -> HttpResponseBase:
            try:
                response = self._answer(cast("AskingRequest", request), places)
            except Exception as error:  # whatever it is, it is told in the one shape
                response = answer(request, error)
            patch_vary_headers(cast("HttpResponse", response), ("Accept-Language", "Authorization", "Cookie"))
            response.headers.setdefault("Content-Language", language.current())
            response.headers.setdefault("Cache-Control", "private, no-cache")
            return response

        answered.csrf_exempt = True  # type: ignore[attr-defined]  # sessions are checked by `recognised`
        answered.rights = tuple(dict.fromkeys(right for way in self.ways.values() for right in way.rights))  # type: ignore[attr-defined]
        answered.ways = self.ways  # type: ignore[attr-defined]
        answered.answers_itself = True  # type: ignore[attr-defined]  # also who lacks a second factor
        return answered

    def _answer(self, request: AskingRequest, places: dict[str, Any]) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" and "GET" in self.ways else str(request.method)
        if method not in self.ways:
            allowed = sorted({*self.ways, *(["HEAD"] if "GET" in self.ways else [])})
            raise RefusedError("method", {"Allow": ", ".join(allowed)}, method=str(request.method), allowed=allowed)
        way = self.ways[method]
        _fits(request, way)
        actor = recognised(request)
        headers = counted(request, actor, way.pool)
        if not any(actor.may(right) for right in way.rights):
            raise PermissionDenied(way.rights[0])
        response = self._carried_out(request, actor, way, places)
        for name, value in headers.items():
            response[name] = value
        return response

    def _carried_out(self, request: AskingRequest, actor: Actor, way: Way, places: dict[str, Any]) -> HttpResponseBase:
        def carry_out() -> HttpResponseBase:
            return self._run(request, places)

        if way.stays:
            return fresh.unless_known(request, actor, carry_out)
        if way.once and way.sends != BYTES:  # a file is kept before its key: the operation does it
            digest = hashlib.sha256(request.body).hexdigest()
            return idempotency.once(request, actor, digest, carry_out)
        return carry_out()

    def _run(self, request: AskingRequest, places: dict[str, Any]) -> HttpResponseBase:
        operation = next(
            one
            for one in self.operations.operations
            if request.method in one.methods or (request.method == "HEAD" and "GET" in one.methods)
        )
        return operation.run(request, **places)


def _fits(request: HttpRequest, way: Way) -> None:
    """Refuse parameters that are not known or given twice, and bodies of another kind."""
    unknown = sorted(set(request.GET) - way.parameters)
    if unknown:
        raise RefusedError("parameter_unknown", names=unknown, known=sorted(way.parameters))
    twice = sorted(name for name, values in request.GET.lists() if len(values) > 1)
    if twice:
        raise RefusedError("parameter_twice", names=twice)
    if way.sends and (request.content_type or "") != way.sends:
        raise RefusedError("media_type", given=request.content_type or "", wanted=way.sends)


def nothing(request: HttpRequest, **_places: Any) -> HttpResponse:
    """Answer an address that is none."""
    response = answer(request, RefusedError("not_found"))
    patch_vary_headers(response, ("Accept-Language",))
    return response


nothing.rights = ()  # type: ignore[attr-defined]
nothing.csrf_exempt = True  # type: ignore[attr-defined]
