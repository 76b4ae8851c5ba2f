"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class FulfilmentApp(AppConfig):
    """What was delivered and bought, against what was screened."""

    name = "chorok.site.fulfilment"
    label = "fulfilment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the app's kinds of long work."""
        from chorok.site.fulfilment import jobs  # noqa: F401
