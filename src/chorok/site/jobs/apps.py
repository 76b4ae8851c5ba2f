"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class JobsApp(AppConfig):
    """Long work in the background: steps, progress, and what becomes of it after a restart."""

    name = "chorok.site.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
