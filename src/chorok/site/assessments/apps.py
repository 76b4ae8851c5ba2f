"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentsApp(AppConfig):
    """Preliminary assessment of projects (domain S21)."""

    name = "chorok.site.assessments"
    label = "assessments"
    default_auto_field = "django.db.models.BigAutoField"
