"""All routes: one line an app."""

from __future__ import annotations

from django.urls import include, path

from chorok.site.config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.choose_language, name="language"),
    path("health/", views.health, name="health"),
    path("account/", include("allauth.urls")),
]
