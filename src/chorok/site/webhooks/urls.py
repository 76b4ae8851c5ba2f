"""Routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.index, name="list"),
    path("add/", views.add, name="add"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/secret/", views.rotate, name="rotate"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/test/", views.trial, name="test"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("deliveries/<uuid:key>/again/", views.again, name="again"),
]
