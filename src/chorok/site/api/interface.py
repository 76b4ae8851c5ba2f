"""The interface itself: version 1, and all of its rooms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from chorok.site.api.refusals import answer
from chorok.site.api.rooms import measures, organisations

VERSION = "1.0.0"
ROOMS = (organisations.room, measures.room)


def made() -> NinjaAPI:
    """Return the interface with all rooms."""
    api = NinjaAPI(title="Chorok", version=VERSION, urls_namespace="api", openapi_url=None, docs_url=None)
    for room in ROOMS:
        api.add_router("", room)
    for kind in (Exception, *api._exception_handlers):
        api.add_exception_handler(kind, _told)
    return api


def _told(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, error)


api = made()
