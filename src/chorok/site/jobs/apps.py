"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsApp(AppConfig):
    """Long work in the background: steps, progress, and what becomes of it after a restart."""

    name = "chorok.site.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let each app register its kinds of jobs."""
        autodiscover_modules("jobs")
