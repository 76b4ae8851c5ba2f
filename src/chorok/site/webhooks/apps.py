"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksApp(AppConfig):
    """Messages to other systems when a purchase request moves."""

    name = "chorok.site.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"
