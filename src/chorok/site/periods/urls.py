"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.periods.views import calendar, closing

app_name = "periods"
urlpatterns = [
    path("", closing.index, name="index"),
    path("calendar/", calendar.index, name="calendar"),
    path("calendar/due.ics", calendar.ics_file, name="ics"),
    path("calendar/done/<str:organisation>/<str:rule>/<str:period>/", calendar.done, name="duty_done"),
    path("calendar/question/<str:organisation>/", calendar.question, name="question"),
    path("find/", closing.find, name="find"),
    path("<str:organisation>/<str:period>/", closing.one, name="one"),
    path("<str:organisation>/<str:period>/<int:version>/<str:name>", closing.download, name="download"),
    path("<str:organisation>/<str:period>/<slug:verb>/", closing.step, name="step"),
]
