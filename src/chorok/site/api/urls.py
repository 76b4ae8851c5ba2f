"""The routes of this app: the interface behind its door, its document, and the page that explains it."""

from __future__ import annotations

from django.urls import URLPattern, path

from chorok.site.api import door, reference
from chorok.site.api.interface import api

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("", reference.page, name="reference"),
    path("v1/openapi.json", reference.openapi, name="openapi"),
    *door.patterns(api, "v1/"),
    path("v1/<path:rest>", door.nothing, name="nothing"),
    path("v1/", door.nothing, name="nothing_at_all"),
]
