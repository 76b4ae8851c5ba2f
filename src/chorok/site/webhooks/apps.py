"""The app's name in Django, and where it hears of steps."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksApp(AppConfig):
    """Messages to other systems when a purchase request moves."""

    name = "chorok.site.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of every step, and let the worker send."""
        from chorok.site.screening.cases import AFTER_STEP
        from chorok.site.webhooks import jobs, outbox  # noqa: F401

        if outbox.note not in AFTER_STEP:
            AFTER_STEP.append(outbox.note)
