"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="index"),
    path("read/", views.mark_all, name="mark_all"),
    path("<int:number>/", views.follow, name="follow"),
]
