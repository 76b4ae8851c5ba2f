"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from chorok.site.performance.views import dashboard

app_name = "performance"
urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("figure/", dashboard.dashboard, name="figure"),
    path("lines/", dashboard.dashboard, name="lines"),
]
