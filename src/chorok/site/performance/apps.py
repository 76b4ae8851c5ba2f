"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class PerformanceApp(AppConfig):
    """Figures: shares with their bounds, rankings, drivers, scorecards, closed periods."""

    name = "chorok.site.performance"
    label = "performance"
    default_auto_field = "django.db.models.BigAutoField"
