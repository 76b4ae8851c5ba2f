"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class ScreeningApp(AppConfig):
    """Purchase requests from need to delivery: screened, signed, withdrawn, closed (rules section 6)."""

    name = "chorok.site.screening"
    label = "screening"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the app's kinds of long work."""
        from chorok.site.screening import jobs  # noqa: F401
