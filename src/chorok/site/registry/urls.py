"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from chorok.site.registry.views import search

app_name = "registry"
urlpatterns: list[URLPattern] = [
    path("", search.search, name="search"),
]
