"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:seq>/", views.show, name="event"),
    path("events.<str:form>", views.download, name="download"),
    path("head.txt", views.head, name="head"),
    path("verify/", views.verify, name="verify"),
    path("verified/<uuid:job_id>/", views.verified, name="verified"),
]
