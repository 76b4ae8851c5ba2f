"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class PeriodsApp(AppConfig):
    """Periods that are closed, sent, accepted or returned, and what falls due when (rules 1.11)."""

    name = "chorok.site.periods"
    label = "periods"
    default_auto_field = "django.db.models.BigAutoField"
