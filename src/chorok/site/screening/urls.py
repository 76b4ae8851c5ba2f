"""Routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.screening.views import request

app_name = "screening"
urlpatterns = [
    path("<int:pk>/", request.show, name="request"),
]
