"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class PurchasesApp(AppConfig):
    """Purchase files in: what was understood, accepted, rejected, mended, undone, reviewed."""

    name = "chorok.site.purchases"
    label = "purchases"
    default_auto_field = "django.db.models.BigAutoField"
