"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class GoalsApp(AppConfig):
    """Targets, core items, action plans, and past purchases under a policy."""

    name = "chorok.site.goals"
    label = "goals"
    default_auto_field = "django.db.models.BigAutoField"
