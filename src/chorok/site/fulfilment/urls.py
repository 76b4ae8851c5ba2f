"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.fulfilment.views import inspecting, matches, overview, settling

app_name = "fulfilment"
urlpatterns = [
    path("", overview.index, name="index"),
    path("skipped/", overview.skipped, name="skipped"),
    path("open/", inspecting.index, name="inspections"),
    path("match/", matches.run, name="run"),
    path("matches/", matches.index, name="matches"),
    path("matches/<int:pk>/choose/", matches.choose, name="choose"),
    path("matches/<int:pk>/part/", matches.part, name="part"),
    path("matches/<int:pk>/join/", matches.join, name="join"),
    path("requests/<int:pk>/", overview.request, name="request"),
    path("requests/<int:pk>/<int:number>/inspect/", inspecting.inspect, name="inspect"),
    path("requests/<int:pk>/<int:number>/settle/", settling.settle, name="settle"),
    path("requests/<int:pk>/<int:number>/unsettle/", settling.unsettle, name="unsettle"),
    path("inspections/<int:pk>/undo/", inspecting.undo, name="undo"),
]
