"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.periods.views import closing

app_name = "periods"
urlpatterns = [
    path("", closing.index, name="index"),
    path("find/", closing.find, name="find"),
    path("<str:organisation>/<str:period>/", closing.one, name="one"),
    path("<str:organisation>/<str:period>/<int:version>/<str:name>", closing.download, name="download"),
    path("<str:organisation>/<str:period>/<slug:verb>/", closing.step, name="step"),
]
