"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class ApiApp(AppConfig):
    """REST v1 for other systems: the same services and rights as the pages."""

    name = "chorok.site.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
