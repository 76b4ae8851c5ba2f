"""The interface itself: version 1, and all of its rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from chorok.site.api.refusals import answer
from chorok.site.api.rooms import (
    audit,
    drivers,
    frameworks,
    goals,
    jobs,
    measures,
    network,
    organisations,
    outlook,
    papers,
    periods,
    purchases,
    registry,
    reviews,
    screenings,
    uploads,
    verdicts,
)

VERSION = "1.0.0"
ROOMS = tuple(
    one.room
    for one in (
        organisations,
        registry,
        uploads,
        purchases,
        measures,
        drivers,
        outlook,
        network,
        goals,
        verdicts,
        screenings,
        frameworks,
        papers,
        reviews,
        periods,
        jobs,
        audit,
    )
)


class _Plain(JSONRenderer):
    """Writes Korean as it is."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


def made() -> NinjaAPI:
    """Return the interface with all rooms."""
    api = NinjaAPI(
        title="Chorok", version=VERSION, urls_namespace="api", openapi_url=None, docs_url=None, renderer=_Plain()
    )
    for room in ROOMS:
        api.add_router("", room)
    for kind in (Exception, *api._exception_handlers):
        api.add_exception_handler(kind, _told)
    return api


def _told(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, error)


api = made()
