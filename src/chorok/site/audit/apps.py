"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class AuditApp(AppConfig):
    """Every change as one event in a chain of hashes (rules section 5)."""

    name = "chorok.site.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
